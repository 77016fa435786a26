"""Salts and water against numbers worked by hand from the publications."""

import pytest

from clinical.calculators.domain import Sex
from clinical.calculators.errors import NotApplicable
from clinical.calculators.formulas.chemistry.salts import (
    corrected_calcium,
    corrected_sodium,
    corrected_sodium_hillier,
    free_water_deficit,
    osmolal_gap,
    serum_osmolality,
    transtubular_potassium_gradient,
)

PLASMA = {"sodium_mmol_l": 140, "glucose_mg_dl": 180, "urea_nitrogen_mg_dl": 28}
GRADIENT = {
    "urine_potassium_mmol_l": 40,
    "potassium_mmol_l": 4,
    "urine_osmolality_mosm_kg": 600,
    "measured_osmolality_mosm_kg": 300,
}


@pytest.mark.parametrize(
    ("changes", "expected"), [({}, 300), ({"glucose_mg_dl": 900}, 340), ({"urea_nitrogen_mg_dl": 84}, 320)]
)
def test_serum_osmolality_by_hand(changes, expected):
    assert serum_osmolality(**{**PLASMA, **changes}) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("measured", "others", "expected", "meaning"),
    [
        (300, {}, 0, "does not rule out"),
        (310, {}, 10, "does not rule out"),
        (311, {}, 11, "above 10"),
        (350, {"ethanol_mg_dl": 184}, 10, "does not rule out"),
        (350, {}, 50, "above 10"),
    ],
)
def test_osmolal_gap_by_hand_with_ethanol_where_it_was_measured(measured, others, expected, meaning):
    found = osmolal_gap(measured_osmolality_mosm_kg=measured, **PLASMA, **others)
    assert found == pytest.approx(expected)
    assert meaning in osmolal_gap.meaning(found)


@pytest.mark.parametrize(
    ("calcium", "albumin", "expected"), [(8.0, 2.0, 9.6), (8.6, 3.1, 9.32), (10.0, 5.0, 9.2)]
)
def test_corrected_calcium_by_hand(calcium, albumin, expected):
    assert corrected_calcium(calcium_mg_dl=calcium, albumin_g_dl=albumin) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("glucose", "katz", "hillier"), [(100, 130, 130), (200, 131.6, 132.4), (600, 138, 142), (60, 130, 130)]
)
def test_corrected_sodium_by_hand_has_nothing_to_correct_without_hyperglycaemia(glucose, katz, hillier):
    assert corrected_sodium(sodium_mmol_l=130, glucose_mg_dl=glucose) == pytest.approx(katz)
    assert corrected_sodium_hillier(sodium_mmol_l=130, glucose_mg_dl=glucose) == pytest.approx(hillier)


@pytest.mark.parametrize(
    ("age", "sex", "expected"),
    # 70 kg and 160 mmol/L: a seventh of the body's water is missing.
    [
        (10, Sex.FEMALE, 6.0),
        (17, Sex.FEMALE, 6.0),
        (18, Sex.FEMALE, 5.0),
        (64, Sex.FEMALE, 5.0),
        (65, Sex.FEMALE, 4.5),
        (64, Sex.MALE, 6.0),
        (65, Sex.MALE, 5.0),
    ],
)
def test_free_water_deficit_by_age_and_sex(age, sex, expected):
    found = free_water_deficit(sodium_mmol_l=160, weight_kg=70, age_years=age, sex=sex)
    assert found == pytest.approx(expected)


def test_a_low_sodium_is_no_deficit_of_water():
    found = free_water_deficit(sodium_mmol_l=126, weight_kg=70, age_years=50, sex=Sex.MALE)
    assert found == pytest.approx(-4.2)
    assert free_water_deficit.meaning(found) == "no deficit: the sodium is below 140 mmol/L"
    assert free_water_deficit.meaning(0.5) == "a deficit"


@pytest.mark.parametrize(
    ("changes", "expected"), [({}, 5.0), ({"potassium_mmol_l": 2}, 10.0), ({"urine_sodium_mmol_l": 25}, 5.0)]
)
def test_transtubular_potassium_gradient_by_hand(changes, expected):
    assert transtubular_potassium_gradient(**{**GRADIENT, **changes}) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"urine_osmolality_mosm_kg": 300}, "concentrated"), ({"urine_sodium_mmol_l": 24}, "urine sodium")],
)
def test_the_gradient_is_not_given_where_it_is_not_valid(changes, reason):
    with pytest.raises(NotApplicable, match=reason):
        transtubular_potassium_gradient(**{**GRADIENT, **changes})
