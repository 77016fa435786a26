"""Scores of pneumonia and oxygen, worked by hand from their publications."""

from typing import Any

import pytest

from clinical.calculators.domain import Sex
from clinical.calculators.errors import InputOutOfRange
from clinical.calculators.formulas.acute.lungs import (
    alveolar_arterial_gradient,
    crb_65,
    curb_65,
    pf_ratio,
    psi_port,
)

BEDSIDE: dict[str, Any] = {
    "has_new_confusion": False,
    "respiratory_rate_per_min": 29,
    "systolic_mmhg": 90,
    "diastolic_mmhg": 61,
    "age_years": 64,
}
ONE_POINT = [
    {"has_new_confusion": True},
    {"respiratory_rate_per_min": 30},
    {"systolic_mmhg": 89},
    {"diastolic_mmhg": 60},
    {"systolic_mmhg": 89, "diastolic_mmhg": 60},
    {"age_years": 65},
]


@pytest.mark.parametrize(("changes", "points"), [({}, 0), *((each, 1) for each in ONE_POINT)])
def test_crb_65_counts_as_its_table(changes, points):
    assert crb_65(**{**BEDSIDE, **changes}) == points
    assert curb_65(**{**BEDSIDE, **changes}, urea_nitrogen_mg_dl=10) == points


@pytest.mark.parametrize(("urea", "points"), [(19.6, 0), (19.7, 1), (20, 1)])
def test_curb_65_counts_urea_above_7_mmol_l(urea, points):
    assert curb_65(**BEDSIDE, urea_nitrogen_mg_dl=urea) == points


def test_curb_65_is_five_at_most():
    worst: dict[str, Any] = {
        "has_new_confusion": True,
        "respiratory_rate_per_min": 40,
        "systolic_mmhg": 80,
        "diastolic_mmhg": 40,
        "age_years": 80,
    }
    assert (crb_65(**worst), curb_65(**worst, urea_nitrogen_mg_dl=60)) == (4, 5)


@pytest.mark.parametrize(
    ("points", "curb", "crb"),
    [(0, "low", "low"), (1, "low", "intermediate"), (2, "intermediate", "intermediate"), (3, "high", "high")],
)
def test_the_risk_of_curb_65_and_crb_65(points, curb, crb):
    assert curb_65.meaning(points).startswith(curb)
    assert crb_65.meaning(points).startswith(crb)


WELL: dict[str, Any] = {
    "age_years": 60,
    "sex": Sex.MALE,
    "lives_in_nursing_home": False,
    "has_active_cancer": False,
    "has_liver_disease": False,
    "has_heart_failure": False,
    "has_cerebrovascular_disease": False,
    "has_kidney_disease": False,
    "has_altered_mental_status": False,
    "respiratory_rate_per_min": 29,
    "systolic_mmhg": 90,
    "temperature_celsius": 35,
    "heart_rate_per_min": 124,
    "has_pleural_effusion": False,
}


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 60),
        ({"sex": Sex.FEMALE}, 50),
        ({"lives_in_nursing_home": True}, 70),
        ({"has_active_cancer": True}, 90),
        ({"has_liver_disease": True}, 80),
        ({"has_heart_failure": True}, 70),
        ({"has_cerebrovascular_disease": True}, 70),
        ({"has_kidney_disease": True}, 70),
        ({"has_altered_mental_status": True}, 80),
        ({"respiratory_rate_per_min": 30}, 80),
        ({"systolic_mmhg": 89}, 80),
        ({"temperature_celsius": 34.9}, 75),
        ({"temperature_celsius": 39.9}, 60),
        ({"temperature_celsius": 40}, 75),
        ({"heart_rate_per_min": 125}, 70),
        ({"arterial_ph": 7.35}, 60),
        ({"arterial_ph": 7.34}, 90),
        ({"urea_nitrogen_mg_dl": 29.9}, 60),
        ({"urea_nitrogen_mg_dl": 30}, 80),
        ({"sodium_mmol_l": 130}, 60),
        ({"sodium_mmol_l": 129}, 80),
        ({"glucose_mg_dl": 249}, 60),
        ({"glucose_mg_dl": 250}, 70),
        ({"hematocrit_percent": 30}, 60),
        ({"hematocrit_percent": 29.9}, 70),
        ({"pao2_mmhg": 60}, 60),
        ({"pao2_mmhg": 59}, 70),
        ({"has_pleural_effusion": True}, 70),
    ],
)
def test_psi_port_counts_as_its_table(changes, points):
    assert psi_port(**{**WELL, **changes}) == points


@pytest.mark.parametrize(
    ("points", "number"),
    [(70, "II"), (71, "III"), (90, "III"), (91, "IV"), (130, "IV"), (131, "V")],
)
def test_psi_port_has_classes(points, number):
    assert psi_port.meaning(points).split()[1].strip(":") == number


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # 0.21 x 713 - 40 / 0.8 - 90.
        ({"fio2_percent": 21, "pao2_mmhg": 90, "paco2_mmhg": 40}, 9.73),
        # 0.6 x 713 - 32 / 0.8 - 80.
        ({"fio2_percent": 60, "pao2_mmhg": 80, "paco2_mmhg": 32}, 307.8),
        # At 630 mmHg: 0.21 x 583 - 30 / 0.8 - 60.
        ({"fio2_percent": 21, "pao2_mmhg": 60, "paco2_mmhg": 30, "barometric_mmhg": 630}, 24.93),
    ],
)
def test_the_gradient_by_hand(given, expected):
    assert alveolar_arterial_gradient(**given) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("pao2", "fio2", "ratio", "words"),
    [
        (60, 60, 100, "severe"),
        (80, 50, 160, "moderate"),
        (100, 50, 200, "moderate"),
        (120, 40, 300, "mild"),
        (95, 21, 452.4, "not as low"),
    ],
)
def test_the_ratio_by_hand(pao2, fio2, ratio, words):
    found = pf_ratio(pao2_mmhg=pao2, fio2_percent=fio2)
    assert found == pytest.approx(ratio, abs=0.05)
    assert words in pf_ratio.meaning(found)


@pytest.mark.parametrize("fio2", [0.6, 20, 101])
def test_oxygen_given_as_a_fraction_is_refused(fio2):
    with pytest.raises(InputOutOfRange):
        pf_ratio(pao2_mmhg=80, fio2_percent=fio2)
