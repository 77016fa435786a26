"""Weights and sizes against numbers worked by hand from the publications."""

import pytest

from clinical.calculators.domain import Sex
from clinical.calculators.errors import InputOutOfRange
from clinical.calculators.formulas.body_and_mind.body import (
    adjusted_body_weight,
    body_mass_index,
    body_surface_area,
    ideal_body_weight,
    lean_body_weight,
    maintenance_fluids,
    target_weight,
)


@pytest.mark.parametrize(
    ("weight", "height", "expected", "meaning"),
    [
        (45, 160, 17.6, "underweight"),
        (74, 200, 18.5, "normal range"),
        (100, 200, 25.0, "overweight"),
        (120, 200, 30.0, "obesity class I"),
        (140, 200, 35.0, "obesity class II"),
        (160, 200, 40.0, "obesity class III"),
    ],
)
def test_body_mass_index_and_its_classes(weight, height, expected, meaning):
    found = body_mass_index(weight_kg=weight, height_cm=height)
    assert found == pytest.approx(expected, abs=0.05)
    assert body_mass_index.meaning(found) == f"in an adult: {meaning}"


@pytest.mark.parametrize(("weight", "height", "expected"), [(60, 150, 2.5**0.5), (80, 180, 2.0)])
def test_body_surface_area_by_hand(weight, height, expected):
    assert body_surface_area(weight_kg=weight, height_cm=height) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("inches", "sex", "expected"),
    [
        (60, Sex.MALE, 50.0),
        (60, Sex.FEMALE, 45.5),
        (70, Sex.MALE, 73.0),
        (65, Sex.FEMALE, 57.0),
        (56, Sex.FEMALE, 36.3),
    ],
)
def test_ideal_body_weight_by_hand(inches, sex, expected):
    assert ideal_body_weight(height_cm=inches * 2.54, sex=sex) == pytest.approx(expected)


def test_ideal_body_weight_is_not_for_who_is_shorter_than_its_line_reaches():
    with pytest.raises(InputOutOfRange, match="height_cm"):
        ideal_body_weight(height_cm=136, sex=Sex.FEMALE)


@pytest.mark.parametrize(
    ("weight", "sex", "expected"), [(123, Sex.MALE, 93.0), (73, Sex.MALE, 73.0), (118.5, Sex.FEMALE, 88.5)]
)
def test_adjusted_body_weight_by_hand(weight, sex, expected):
    assert adjusted_body_weight(weight_kg=weight, height_cm=177.8, sex=sex) == pytest.approx(expected)


@pytest.mark.parametrize(("index", "height", "expected"), [(25, 200, 100.0), (22, 160, 56.32)])
def test_target_weight_turns_the_body_mass_index_round(index, height, expected):
    found = target_weight(target_body_mass_index_kg_m2=index, height_cm=height)
    assert found == pytest.approx(expected)
    assert body_mass_index(weight_kg=found, height_cm=height) == pytest.approx(index)


@pytest.mark.parametrize(
    ("weight", "sex", "expected"),
    # At 2 m, 100 kg make 25 kg/m2 and 160 kg 40 kg/m2.
    [
        (100, Sex.MALE, 927_000 / 12_080),
        (100, Sex.FEMALE, 927_000 / 14_880),
        (160, Sex.MALE, 1_483_200 / 15_320),
    ],
)
def test_lean_body_weight_by_hand(weight, sex, expected):
    assert lean_body_weight(weight_kg=weight, height_cm=200, sex=sex) == pytest.approx(expected)


@pytest.mark.parametrize("weight", [39, 221])
def test_lean_body_weight_is_for_weights_that_were_studied(weight):
    with pytest.raises(InputOutOfRange, match="weight_kg"):
        lean_body_weight(weight_kg=weight, height_cm=180, sex=Sex.MALE)


@pytest.mark.parametrize(
    ("weight", "expected"), [(4, 16), (10, 40), (11, 42), (20, 60), (21, 61), (30, 70), (70, 110)]
)
def test_maintenance_fluids_by_four_two_one(weight, expected):
    assert maintenance_fluids(weight_kg=weight) == pytest.approx(expected)
