"""Clots in the veins and the lungs, worked by hand from their publications."""

from typing import Any

import pytest

from clinical.calculators.domain import Sex
from clinical.calculators.errors import InputOutOfRange
from clinical.calculators.formulas.circulation.clots import (
    FallTiming,
    HitThrombosis,
    OtherCause,
    four_ts_hit,
    perc,
    pesi,
    simplified_pesi,
    wells_dvt,
    wells_pe,
)

NO_EMBOLISM: dict[str, Any] = {
    "has_signs_of_deep_vein_thrombosis": False,
    "is_pulmonary_embolism_likeliest": False,
    "heart_rate_per_min": 100,
    "was_immobilised_or_had_surgery": False,
    "had_venous_thromboembolism": False,
    "has_hemoptysis": False,
    "has_active_cancer": False,
}


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 0),
        ({"has_signs_of_deep_vein_thrombosis": True}, 3),
        ({"is_pulmonary_embolism_likeliest": True}, 3),
        ({"heart_rate_per_min": 101}, 1.5),
        ({"was_immobilised_or_had_surgery": True}, 1.5),
        ({"had_venous_thromboembolism": True}, 1.5),
        ({"has_hemoptysis": True}, 1),
        ({"has_active_cancer": True}, 1),
        ({name: True for name in NO_EMBOLISM} | {"heart_rate_per_min": 120}, 12.5),
    ],
)
def test_wells_of_an_embolism_counts_as_its_table(changes, points):
    assert wells_pe(**{**NO_EMBOLISM, **changes}) == points


@pytest.mark.parametrize(("points", "words"), [(0, "unlikely"), (4, "unlikely"), (4.5, "embolism likely")])
def test_what_wells_of_an_embolism_means(points, words):
    assert words in wells_pe.meaning(points)


NO_THROMBOSIS: dict[str, Any] = dict.fromkeys(wells_dvt.inputs, False)


@pytest.mark.parametrize("name", [each for each in wells_dvt.inputs if not each.startswith("is_other")])
def test_each_sign_of_a_thrombosis_is_a_point(name):
    assert wells_dvt(**{**NO_THROMBOSIS, name: True}) == 1


def test_a_diagnosis_as_likely_takes_two_points():
    assert wells_dvt(**NO_THROMBOSIS) == 0
    assert wells_dvt(**{**NO_THROMBOSIS, "is_other_diagnosis_as_likely": True}) == -2
    everything = dict.fromkeys(wells_dvt.inputs, True)
    assert wells_dvt(**everything) == 7


@pytest.mark.parametrize(("points", "words"), [(-2, "unlikely"), (1, "unlikely"), (2, "thrombosis likely")])
def test_what_wells_of_a_thrombosis_means(points, words):
    assert words in wells_dvt.meaning(points)


NO_CRITERION: dict[str, Any] = {
    "age_years": 49,
    "heart_rate_per_min": 99,
    "oxygen_saturation_percent": 95,
    "has_unilateral_leg_swelling": False,
    "has_hemoptysis": False,
    "had_surgery_or_trauma": False,
    "had_venous_thromboembolism": False,
    "takes_oestrogen": False,
}


@pytest.mark.parametrize(
    "changes",
    [
        {"age_years": 50},
        {"heart_rate_per_min": 100},
        {"oxygen_saturation_percent": 94.9},
        {"has_unilateral_leg_swelling": True},
        {"has_hemoptysis": True},
        {"had_surgery_or_trauma": True},
        {"had_venous_thromboembolism": True},
        {"takes_oestrogen": True},
    ],
)
def test_any_criterion_of_perc_keeps_an_embolism_in_play(changes):
    found = perc(**{**NO_CRITERION, **changes})
    assert found == 1
    assert "not ruled out" in perc.meaning(found)


def test_without_a_criterion_perc_needs_a_low_estimate():
    assert perc.meaning(perc(**NO_CRITERION)).startswith("no criterion")
    assert "own estimate" in perc.note


MILD: dict[str, Any] = {
    "age_years": 60,
    "sex": Sex.FEMALE,
    "has_cancer_history": False,
    "has_heart_failure": False,
    "has_chronic_lung_disease": False,
    "heart_rate_per_min": 109,
    "systolic_mmhg": 100,
    "respiratory_rate_per_min": 29,
    "temperature_celsius": 36,
    "has_altered_mental_status": False,
    "oxygen_saturation_percent": 90,
}


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 60),
        ({"age_years": 85}, 85),
        ({"sex": Sex.MALE}, 70),
        ({"has_cancer_history": True}, 90),
        ({"has_heart_failure": True}, 70),
        ({"has_chronic_lung_disease": True}, 70),
        ({"heart_rate_per_min": 110}, 80),
        ({"systolic_mmhg": 99}, 90),
        ({"respiratory_rate_per_min": 30}, 80),
        ({"temperature_celsius": 35.9}, 80),
        ({"has_altered_mental_status": True}, 120),
        ({"oxygen_saturation_percent": 89}, 80),
    ],
)
def test_pesi_counts_as_its_table(changes, points):
    assert pesi(**{**MILD, **changes}) == points


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (65, "class I,"),
        (66, "class II,"),
        (85, "class II,"),
        (86, "class III"),
        (105, "class III"),
        (106, "class IV"),
        (125, "class IV"),
        (126, "class V,"),
    ],
)
def test_pesi_has_five_classes(points, words):
    assert pesi.meaning(points).startswith(words)


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 0),
        ({"age_years": 81}, 1),
        ({"has_cancer_history": True}, 1),
        ({"has_chronic_cardiopulmonary_disease": True}, 1),
        ({"heart_rate_per_min": 110}, 1),
        ({"systolic_mmhg": 99}, 1),
        ({"oxygen_saturation_percent": 89}, 1),
    ],
)
def test_the_simplified_pesi_counts_as_its_table(changes, points):
    mild = {
        "age_years": 80,
        "has_cancer_history": False,
        "has_chronic_cardiopulmonary_disease": False,
        "heart_rate_per_min": 109,
        "systolic_mmhg": 100,
        "oxygen_saturation_percent": 90,
    }
    found = simplified_pesi(**{**mild, **changes})
    assert found == points
    assert simplified_pesi.meaning(found).startswith("high risk" if points else "low risk")


UNLIKELY: dict[str, Any] = {
    "platelet_fall_percent": 29,
    "platelet_nadir_thousand_per_ul": 90,
    "timing": FallTiming.TOO_EARLY,
    "thrombosis": HitThrombosis.NONE,
    "other_cause": OtherCause.DEFINITE,
}


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 0),
        ({"platelet_fall_percent": 30}, 1),
        ({"platelet_fall_percent": 50}, 1),
        ({"platelet_fall_percent": 51}, 2),
        ({"platelet_fall_percent": 80, "platelet_nadir_thousand_per_ul": 20}, 2),
        ({"platelet_fall_percent": 80, "platelet_nadir_thousand_per_ul": 19}, 1),
        ({"platelet_fall_percent": 80, "platelet_nadir_thousand_per_ul": 10}, 1),
        ({"platelet_fall_percent": 95, "platelet_nadir_thousand_per_ul": 9}, 0),
        ({"timing": FallTiming.POSSIBLE}, 1),
        ({"timing": FallTiming.TYPICAL}, 2),
        ({"thrombosis": HitThrombosis.POSSIBLE}, 1),
        ({"thrombosis": HitThrombosis.CERTAIN}, 2),
        ({"other_cause": OtherCause.POSSIBLE}, 1),
        ({"other_cause": OtherCause.NONE_APPARENT}, 2),
    ],
)
def test_the_4ts_count_as_their_table(changes, points):
    assert four_ts_hit(**{**UNLIKELY, **changes}) == points


@pytest.mark.parametrize(
    ("points", "words"), [(3, "low"), (4, "intermediate"), (5, "intermediate"), (6, "high"), (8, "high")]
)
def test_what_the_4ts_mean(points, words):
    assert four_ts_hit.meaning(points).startswith(words)


def test_a_fall_of_more_than_all_platelets_is_refused():
    with pytest.raises(InputOutOfRange):
        four_ts_hit(**{**UNLIKELY, "platelet_fall_percent": 101})


def test_the_embolism_rules_are_for_adults():
    with pytest.raises(InputOutOfRange):
        perc(**{**NO_CRITERION, "age_years": 17})
