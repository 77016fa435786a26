"""APACHE II, row by row of the table of its publication."""

from typing import Any

import pytest

from clinical.calculators.errors import InputMissing
from clinical.calculators.formulas.acute.apache import Admission, apache_ii

WELL: dict[str, Any] = {
    "temperature_celsius": 37,
    "mean_arterial_mmhg": 90,
    "heart_rate_per_min": 80,
    "respiratory_rate_per_min": 16,
    "fio2_percent": 21,
    "pao2_mmhg": 90,
    "arterial_ph": 7.4,
    "sodium_mmol_l": 140,
    "potassium_mmol_l": 4,
    "creatinine_mg_dl": 1,
    "has_acute_renal_failure": False,
    "hematocrit_percent": 40,
    "white_cells_thousand_per_ul": 8,
    "glasgow_coma_score": 15,
    "age_years": 40,
    "has_severe_chronic_disease": False,
    "admission": Admission.NONOPERATIVE,
}
ROWS: dict[str, dict[float, int]] = {
    "temperature_celsius": {
        41: 4,
        40.9: 3,
        39: 3,
        38.9: 1,
        38.5: 1,
        38.4: 0,
        36: 0,
        35.9: 1,
        34: 1,
        33.9: 2,
        32: 2,
        31.9: 3,
        30: 3,
        29.9: 4,
    },
    "mean_arterial_mmhg": {160: 4, 159: 3, 130: 3, 129: 2, 110: 2, 109: 0, 70: 0, 69: 2, 50: 2, 49: 4},
    "heart_rate_per_min": {
        180: 4,
        179: 3,
        140: 3,
        139: 2,
        110: 2,
        109: 0,
        70: 0,
        69: 2,
        55: 2,
        54: 3,
        40: 3,
        39: 4,
    },
    "respiratory_rate_per_min": {
        50: 4,
        49: 3,
        35: 3,
        34: 1,
        25: 1,
        24: 0,
        12: 0,
        11: 1,
        10: 1,
        9: 2,
        6: 2,
        5: 4,
    },
    "pao2_mmhg": {71: 0, 70: 1, 61: 1, 60: 3, 55: 3, 54: 4},
    "arterial_ph": {
        7.7: 4,
        7.69: 3,
        7.6: 3,
        7.59: 1,
        7.5: 1,
        7.49: 0,
        7.33: 0,
        7.32: 2,
        7.25: 2,
        7.24: 3,
        7.14: 4,
    },
    "sodium_mmol_l": {
        180: 4,
        179: 3,
        160: 3,
        159: 2,
        155: 2,
        154: 1,
        150: 1,
        149: 0,
        130: 0,
        129: 2,
        120: 2,
        119: 3,
        111: 3,
        110: 4,
    },
    "potassium_mmol_l": {
        7: 4,
        6.9: 3,
        6: 3,
        5.9: 1,
        5.5: 1,
        5.4: 0,
        3.5: 0,
        3.4: 1,
        3: 1,
        2.9: 2,
        2.5: 2,
        2.4: 4,
    },
    "creatinine_mg_dl": {3.5: 4, 3.4: 3, 2: 3, 1.9: 2, 1.5: 2, 1.4: 0, 0.6: 0, 0.5: 2},
    "hematocrit_percent": {60: 4, 59.9: 2, 50: 2, 49.9: 1, 46: 1, 45.9: 0, 30: 0, 29.9: 2, 20: 2, 19.9: 4},
    "white_cells_thousand_per_ul": {
        40: 4,
        39.9: 2,
        20: 2,
        19.9: 1,
        15: 1,
        14.9: 0,
        3: 0,
        2.9: 2,
        1: 2,
        0.9: 4,
    },
    "glasgow_coma_score": {15: 0, 14: 1, 3: 12},
    "age_years": {44: 0, 45: 2, 54: 2, 55: 3, 64: 3, 65: 5, 74: 5, 75: 6},
}


@pytest.mark.parametrize("name", ROWS)
def test_it_counts_as_its_table(name):
    assert {value: apache_ii(**{**WELL, name: value}) for value in ROWS[name]} == ROWS[name]


@pytest.mark.parametrize(("gradient", "points"), [(199, 0), (200, 2), (349, 2), (350, 3), (499, 3), (500, 4)])
def test_from_half_oxygen_on_the_gradient_counts(gradient, points):
    assert apache_ii(**{**WELL, "fio2_percent": 50, "pao2_mmhg": 50, "gradient_mmhg": gradient}) == points


def test_a_gradient_that_was_not_told_is_computed():
    # 0.6 x 713 - 32 / 0.8 - 80 is 307.8.
    given = {**WELL, "fio2_percent": 60, "pao2_mmhg": 80, "paco2_mmhg": 32}
    assert apache_ii(**given) == 2


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"pao2_mmhg": None}, "pao2_mmhg"),
        ({"fio2_percent": 60}, "gradient_mmhg"),
        ({"fio2_percent": 60, "pao2_mmhg": None, "paco2_mmhg": 40}, "gradient_mmhg"),
    ],
)
def test_what_the_oxygenation_lacks_is_named(changes, name):
    with pytest.raises(InputMissing) as error:
        apache_ii(**{**WELL, **changes})
    assert error.value.names == (name,)


@pytest.mark.parametrize(("creatinine", "points"), [(1, 0), (1.5, 4), (2, 6), (3.5, 8)])
def test_creatinine_counts_double_in_acute_renal_failure(creatinine, points):
    given = {**WELL, "creatinine_mg_dl": creatinine, "has_acute_renal_failure": True}
    assert apache_ii(**given) == points


@pytest.mark.parametrize(
    ("admission", "points"),
    [(Admission.NONOPERATIVE, 5), (Admission.EMERGENCY_SURGERY, 5), (Admission.ELECTIVE_SURGERY, 2)],
)
def test_chronic_disease_counts_by_how_the_patient_came(admission, points):
    assert apache_ii(**{**WELL, "admission": admission}) == 0
    assert apache_ii(**{**WELL, "admission": admission, "has_severe_chronic_disease": True}) == points


def test_it_is_71_at_most():
    worst: dict[str, Any] = {name: max(row, key=row.__getitem__) for name, row in ROWS.items()}
    worst |= {"has_acute_renal_failure": True, "has_severe_chronic_disease": True}
    assert apache_ii(**{**WELL, **worst}) == apache_ii.out_of == 71
