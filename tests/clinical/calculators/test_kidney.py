"""Kidney formulas against numbers worked by hand from the publications."""

from typing import Any

import pytest

from clinical.calculators.domain import Sex
from clinical.calculators.errors import InputOutOfRange
from clinical.calculators.formulas.chemistry.kidney import (
    bedside_schwartz,
    creatinine_clearance_adjusted_weight,
    fractional_excretion_of_sodium,
    fractional_excretion_of_urea,
    gfr_mdrd,
)

MAN_OF_60: dict[str, Any] = {"creatinine_mg_dl": 1.0, "age_years": 60, "sex": Sex.MALE}


@pytest.mark.parametrize(
    ("creatinine", "sex", "others", "expected"),
    # 175 x 50^-0.203 is 79.1; 2^-1.154 is 0.4494.
    [
        (1.0, Sex.MALE, {}, 79.1),
        (2.0, Sex.MALE, {}, 35.5),
        (1.0, Sex.FEMALE, {}, 58.7),
        (1.0, Sex.MALE, {"is_black": True}, 95.9),
        (1.0, Sex.MALE, {"is_black": False}, 79.1),
    ],
)
def test_mdrd_by_hand_counts_race_only_where_it_is_given(creatinine, sex, others, expected):
    found = gfr_mdrd(creatinine_mg_dl=creatinine, age_years=50, sex=sex, **others)
    assert found == pytest.approx(expected, abs=0.05)


def test_mdrd_is_for_adults():
    with pytest.raises(InputOutOfRange, match="age_years"):
        gfr_mdrd(creatinine_mg_dl=1.0, age_years=17, sex=Sex.MALE)


@pytest.mark.parametrize(
    ("height", "creatinine", "expected"), [(120, 0.6, 82.6), (100, 1.0, 41.3), (150, 3.0, 20.65)]
)
def test_bedside_schwartz_by_hand(height, creatinine, expected):
    found = bedside_schwartz(height_cm=height, creatinine_mg_dl=creatinine, age_years=8)
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("rate", "category"),
    [
        (0, "G5"),
        (14.9, "G5"),
        (15, "G4"),
        (29.9, "G4"),
        (30, "G3b"),
        (44.9, "G3b"),
        (45, "G3a"),
        (59.9, "G3a"),
        (60, "G2"),
        (89.9, "G2"),
        (90, "G1"),
    ],
)
def test_a_rate_has_its_kdigo_category(rate, category):
    assert gfr_mdrd.meaning(rate).startswith(f"{category}:")


@pytest.mark.parametrize("age", [0, 18])
def test_bedside_schwartz_is_for_children(age):
    with pytest.raises(InputOutOfRange, match="age_years"):
        bedside_schwartz(height_cm=120, creatinine_mg_dl=0.6, age_years=age)


@pytest.mark.parametrize(
    ("height", "weight", "expected"),
    [
        pytest.param(180, 55, 80 * 55 / 72, id="underweight: actual"),
        pytest.param(180, 70, 80 * 70 / 72, id="normal, below ideal: actual"),
        pytest.param(180, 78, 80 * 74.99 / 72, id="normal, above ideal: ideal"),
        pytest.param(180, 100, 80 * 84.99 / 72, id="overweight: adjusted"),
        pytest.param(200, 100, 80 * 95.86 / 72, id="25.0 kg/m2 is overweight"),
        pytest.param(200, 99.9, 80 * 93.10 / 72, id="24.98 kg/m2 is not"),
        # At 140 cm a man's ideal weight is 38.77 kg, 19.8 kg/m2; a woman's would be lighter.
        pytest.param(140, 39.1, 80 * 38.77 / 72, id="19.9 kg/m2 is normal"),
    ],
)
def test_the_body_mass_index_chooses_the_weight_for_the_clearance(height, weight, expected):
    found = creatinine_clearance_adjusted_weight(**MAN_OF_60, weight_kg=weight, height_cm=height)
    assert found == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize(
    ("weight", "used"), [(36.2, 36.2), (36.3, 34.27)], ids=["18.47 kg/m2: actual", "18.52 kg/m2: ideal"]
)
def test_underweight_is_below_18_5_also_where_the_ideal_weight_is_less(weight, used):
    woman = {**MAN_OF_60, "sex": Sex.FEMALE}
    found = creatinine_clearance_adjusted_weight(**woman, weight_kg=weight, height_cm=140)
    assert found == pytest.approx(0.85 * 80 * used / 72, abs=0.02)


def test_a_woman_s_clearance_is_85_percent_of_a_man_s_of_her_weight():
    found = creatinine_clearance_adjusted_weight(
        **{**MAN_OF_60, "sex": Sex.FEMALE}, weight_kg=45, height_cm=165
    )
    assert found == pytest.approx(0.85 * 80 * 45 / 72)


@pytest.mark.parametrize(
    ("urine_sodium", "creatinine", "urine_creatinine", "expected", "meaning"),
    [
        (30, 2.0, 50, 0.857, "prerenal"),
        (28, 2.0, 20, 2.0, "does not tell"),
        (14, 2.0, 20, 1.0, "does not tell"),
        (60, 3.0, 40, 3.214, "acute tubular necrosis"),
        (42, 2.0, 20, 3.0, "acute tubular necrosis"),
    ],
)
def test_fractional_excretion_of_sodium_by_hand(
    urine_sodium, creatinine, urine_creatinine, expected, meaning
):
    found = fractional_excretion_of_sodium(
        urine_sodium_mmol_l=urine_sodium,
        sodium_mmol_l=140,
        urine_creatinine_mg_dl=urine_creatinine,
        creatinine_mg_dl=creatinine,
    )
    assert found == pytest.approx(expected, abs=0.001)
    assert meaning in fractional_excretion_of_sodium.meaning(found)


@pytest.mark.parametrize(
    ("urine_urea_nitrogen", "expected", "meaning"),
    [(300, 25.0, "prerenal"), (420, 35.0, "prerenal"), (600, 50.0, "acute tubular necrosis")],
)
def test_fractional_excretion_of_urea_by_hand(urine_urea_nitrogen, expected, meaning):
    found = fractional_excretion_of_urea(
        urine_urea_nitrogen_mg_dl=urine_urea_nitrogen,
        urea_nitrogen_mg_dl=40,
        urine_creatinine_mg_dl=60,
        creatinine_mg_dl=2.0,
    )
    assert found == pytest.approx(expected)
    assert meaning in fractional_excretion_of_urea.meaning(found)


def test_a_urine_that_cannot_be_is_refused():
    with pytest.raises(InputOutOfRange, match="urine_sodium_mmol_l"):
        fractional_excretion_of_sodium(
            urine_sodium_mmol_l=500, sodium_mmol_l=140, urine_creatinine_mg_dl=50, creatinine_mg_dl=1
        )
