"""Chest pain and acute coronary syndromes, worked by hand from their publications."""

from typing import Any

import pytest

from clinical.calculators.errors import InputOutOfRange
from clinical.calculators.formulas.circulation.heart import (
    Electrocardiogram,
    Killip,
    Suspicion,
    Troponin,
    grace_in_hospital,
    heart_score,
    timi_stemi,
    timi_ua_nstemi,
)

CALM: dict[str, Any] = {
    "suspicion": Suspicion.SLIGHT,
    "electrocardiogram": Electrocardiogram.NORMAL,
    "age_years": 44,
    "has_hypertension": False,
    "has_hypercholesterolaemia": False,
    "has_diabetes": False,
    "has_obesity": False,
    "is_smoker": False,
    "has_family_history": False,
    "has_atherosclerotic_disease": False,
    "troponin": Troponin.NORMAL,
}
FACTORS = [name for name in CALM if CALM[name] is False and name != "has_atherosclerotic_disease"]


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 0),
        ({"suspicion": Suspicion.MODERATE}, 1),
        ({"suspicion": Suspicion.HIGH}, 2),
        ({"electrocardiogram": Electrocardiogram.NON_SPECIFIC}, 1),
        ({"electrocardiogram": Electrocardiogram.ST_DEVIATION}, 2),
        ({"age_years": 45}, 1),
        ({"age_years": 64}, 1),
        ({"age_years": 65}, 2),
        *(({name: True}, 1) for name in FACTORS),
        (dict.fromkeys(FACTORS[:2], True), 1),
        (dict.fromkeys(FACTORS[:3], True), 2),
        (dict.fromkeys(FACTORS, True), 2),
        ({"has_atherosclerotic_disease": True}, 2),
        ({"has_atherosclerotic_disease": True, "is_smoker": True}, 2),
        ({"troponin": Troponin.RAISED}, 1),
        ({"troponin": Troponin.HIGH}, 2),
    ],
)
def test_heart_counts_as_its_table(changes, points):
    assert heart_score(**{**CALM, **changes}) == points


@pytest.mark.parametrize(
    ("points", "words"), [(3, "low"), (4, "moderate"), (6, "moderate"), (7, "high"), (10, "high")]
)
def test_what_heart_means(points, words):
    assert heart_score.meaning(points).startswith(words)


NO_ANGINA: dict[str, Any] = {**dict.fromkeys(timi_ua_nstemi.inputs, False), "age_years": 64}


@pytest.mark.parametrize(
    "changes", [{"age_years": 65}, *({name: True} for name in NO_ANGINA if name != "age_years")]
)
def test_each_of_timi_for_unstable_angina_is_a_point(changes):
    assert timi_ua_nstemi(**NO_ANGINA) == 0
    assert timi_ua_nstemi(**{**NO_ANGINA, **changes}) == 1


@pytest.mark.parametrize(
    ("points", "rate"),
    [
        (0, "4.7%"),
        (1, "4.7%"),
        (2, "8.3%"),
        (3, "13.2%"),
        (4, "19.9%"),
        (5, "26.2%"),
        (6, "40.9%"),
        (7, "40.9%"),
    ],
)
def test_what_timi_for_unstable_angina_means(points, rate):
    assert timi_ua_nstemi.meaning(points).startswith(rate)


SMALL: dict[str, Any] = {
    "age_years": 64,
    "has_diabetes_hypertension_or_angina": False,
    "systolic_mmhg": 100,
    "heart_rate_per_min": 100,
    "killip": Killip.NO_FAILURE,
    "weight_kg": 67,
    "has_anterior_elevation_or_left_bundle_block": False,
    "is_treated_after_4_hours": False,
}


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 0),
        ({"age_years": 65}, 2),
        ({"age_years": 74}, 2),
        ({"age_years": 75}, 3),
        ({"has_diabetes_hypertension_or_angina": True}, 1),
        ({"systolic_mmhg": 99}, 3),
        ({"heart_rate_per_min": 101}, 2),
        ({"killip": Killip.RALES}, 2),
        ({"killip": Killip.SHOCK}, 2),
        ({"weight_kg": 66.9}, 1),
        ({"has_anterior_elevation_or_left_bundle_block": True}, 1),
        ({"is_treated_after_4_hours": True}, 1),
    ],
)
def test_timi_for_stemi_counts_as_its_table(changes, points):
    assert timi_stemi(**{**SMALL, **changes}) == points


@pytest.mark.parametrize(
    ("points", "rate"),
    [
        (0, "0.8%"),
        (1, "1.6%"),
        (2, "2.2%"),
        (3, "4.4%"),
        (4, "7.3%"),
        (5, "12.4%"),
        (6, "16.1%"),
        (7, "23.4%"),
        (8, "26.8%"),
        (9, "35.9%"),
        (14, "35.9%"),
    ],
)
def test_what_timi_for_stemi_means(points, rate):
    assert timi_stemi.meaning(points).startswith(rate)


LOWEST: dict[str, Any] = {
    "age_years": 29,
    "heart_rate_per_min": 49,
    "systolic_mmhg": 200,
    "creatinine_mg_dl": 0.39,
    "killip": Killip.NO_FAILURE,
    "had_cardiac_arrest": False,
    "has_st_deviation": False,
    "has_raised_markers": False,
}


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("age_years", {29: 0, 30: 8, 39: 8, 40: 25, 50: 41, 60: 58, 70: 75, 80: 91, 89: 91, 90: 100}),
        ("heart_rate_per_min", {49: 0, 50: 3, 70: 9, 90: 15, 110: 24, 149: 24, 150: 38, 200: 46}),
        ("systolic_mmhg", {79: 58, 80: 53, 100: 43, 120: 34, 140: 24, 160: 10, 199: 10, 200: 0}),
        ("creatinine_mg_dl", {0.39: 0, 0.4: 3, 0.8: 6, 1.2: 9, 1.6: 12, 2: 20, 3.9: 20, 4: 27}),
        ("killip", {Killip.NO_FAILURE: 0, Killip.RALES: 20, Killip.OEDEMA: 39, Killip.SHOCK: 59}),
        ("had_cardiac_arrest", {True: 39}),
        ("has_st_deviation", {True: 28}),
        ("has_raised_markers", {True: 14}),
    ],
)
def test_grace_counts_as_its_nomogram(name, steps):
    # The lowest creatinine is a point.
    for value, points in steps.items():
        assert grace_in_hospital(**{**LOWEST, name: value}) == 1 + points


@pytest.mark.parametrize(
    ("points", "words"), [(108, "low"), (109, "intermediate"), (140, "intermediate"), (141, "high")]
)
def test_what_grace_means(points, words):
    assert grace_in_hospital.meaning(points).startswith(words)


@pytest.mark.parametrize("changes", [{"age_years": 17}, {"creatinine_mg_dl": 90}])
def test_a_child_and_a_creatinine_in_micromoles_are_refused(changes):
    with pytest.raises(InputOutOfRange):
        grace_in_hospital(**{**LOWEST, **changes})
