"""Scores of critical illness, worked by hand from their publications."""

from typing import Any

import pytest

from clinical.calculators.errors import NotApplicable
from clinical.calculators.formulas.acute.critical_care import (
    Consciousness,
    Eyes,
    Motor,
    Verbal,
    glasgow_coma_scale,
    news2,
    qsofa,
    sirs,
    sofa,
)


@pytest.mark.parametrize(
    ("eyes", "verbal", "motor", "total"),
    [
        ("none", "none", "none", 3),
        ("to pressure", "sounds", "extension", 6),
        ("to pressure", "sounds", "normal flexion", 8),
        ("to sound", "words", "abnormal flexion", 9),
        ("to sound", "confused", "localising", 12),
        ("spontaneous", "orientated", "obeys commands", 15),
    ],
)
def test_the_coma_scale_adds_up(eyes, verbal, motor, total):
    assert glasgow_coma_scale(eyes=Eyes(eyes), verbal=Verbal(verbal), motor=Motor(motor)) == total


@pytest.mark.parametrize("changes", [{"eyes": Eyes.NOT_TESTABLE}, {"verbal": Verbal.NOT_TESTABLE}])
def test_what_cannot_be_tested_has_no_total(changes):
    given = {"eyes": Eyes.SPONTANEOUS, "verbal": Verbal.ORIENTATED, "motor": Motor.OBEYS_COMMANDS, **changes}
    with pytest.raises(NotApplicable):
        glasgow_coma_scale(**given)


@pytest.mark.parametrize(
    ("total", "words"), [(3, "severe"), (8, "severe"), (9, "moderate"), (12, "moderate"), (13, "mild")]
)
def test_the_coma_scale_in_a_head_injury(total, words):
    assert glasgow_coma_scale.meaning(total).startswith(words)


CALM: dict[str, Any] = {
    "temperature_celsius": 38,
    "heart_rate_per_min": 90,
    "respiratory_rate_per_min": 20,
    "white_cells_thousand_per_ul": 12,
}


@pytest.mark.parametrize(
    ("changes", "met"),
    [
        ({}, 0),
        ({"temperature_celsius": 38.1}, 1),
        ({"temperature_celsius": 36}, 0),
        ({"temperature_celsius": 35.9}, 1),
        ({"heart_rate_per_min": 91}, 1),
        ({"respiratory_rate_per_min": 21}, 1),
        ({"paco2_mmhg": 32}, 0),
        ({"paco2_mmhg": 31.9}, 1),
        ({"respiratory_rate_per_min": 21, "paco2_mmhg": 31.9}, 1),
        ({"white_cells_thousand_per_ul": 12.1}, 1),
        ({"white_cells_thousand_per_ul": 4}, 0),
        ({"white_cells_thousand_per_ul": 3.9}, 1),
        ({"band_forms_percent": 10}, 0),
        ({"band_forms_percent": 11}, 1),
        (
            {
                "temperature_celsius": 39,
                "heart_rate_per_min": 120,
                "respiratory_rate_per_min": 30,
                "white_cells_thousand_per_ul": 20,
            },
            4,
        ),
    ],
)
def test_sirs_counts_its_criteria(changes, met):
    assert sirs(**{**CALM, **changes}) == met


@pytest.mark.parametrize(("met", "words"), [(1, "no SIRS"), (2, "SIRS")])
def test_two_criteria_are_sirs(met, words):
    assert sirs.meaning(met) == words


@pytest.mark.parametrize(
    ("breaths", "systolic", "coma", "points"),
    [(21, 101, 15, 0), (22, 101, 15, 1), (21, 100, 15, 1), (21, 101, 14, 1), (30, 80, 10, 3)],
)
def test_qsofa_counts_as_its_table(breaths, systolic, coma, points):
    found = qsofa(respiratory_rate_per_min=breaths, systolic_mmhg=systolic, glasgow_coma_score=coma)
    assert found == points
    assert qsofa.meaning(found).startswith("high" if points >= 2 else "not high")


WELL: dict[str, Any] = {
    "pao2_mmhg": 84,
    "fio2_percent": 21,
    "is_on_respiratory_support": False,
    "platelets_thousand_per_ul": 150,
    "bilirubin_mg_dl": 1.1,
    "mean_arterial_mmhg": 70,
    "glasgow_coma_score": 15,
    "creatinine_mg_dl": 1.1,
}
VENTILATED: dict[str, Any] = {"fio2_percent": 100, "is_on_respiratory_support": True}


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 0),
        ({"pao2_mmhg": 83}, 1),
        ({"pao2_mmhg": 62}, 2),
        ({"pao2_mmhg": 200, **VENTILATED}, 2),
        ({"pao2_mmhg": 199, **VENTILATED}, 3),
        ({"pao2_mmhg": 100, **VENTILATED}, 3),
        ({"pao2_mmhg": 99, **VENTILATED}, 4),
        # Without support the lungs count two at most.
        ({"pao2_mmhg": 60, "fio2_percent": 80}, 2),
        ({"platelets_thousand_per_ul": 149}, 1),
        ({"platelets_thousand_per_ul": 99}, 2),
        ({"platelets_thousand_per_ul": 49}, 3),
        ({"platelets_thousand_per_ul": 19}, 4),
        ({"bilirubin_mg_dl": 1.2}, 1),
        ({"bilirubin_mg_dl": 2.0}, 2),
        ({"bilirubin_mg_dl": 6.0}, 3),
        ({"bilirubin_mg_dl": 12.0}, 4),
        ({"mean_arterial_mmhg": 69}, 1),
        ({"dopamine_ug_kg_min": 0}, 0),
        ({"dopamine_ug_kg_min": 5}, 2),
        ({"dopamine_ug_kg_min": 5.1}, 3),
        ({"dopamine_ug_kg_min": 15}, 3),
        ({"dopamine_ug_kg_min": 15.1}, 4),
        ({"dobutamine_ug_kg_min": 20}, 2),
        ({"adrenaline_ug_kg_min": 0.1}, 3),
        ({"adrenaline_ug_kg_min": 0.11}, 4),
        ({"noradrenaline_ug_kg_min": 0.1}, 3),
        ({"noradrenaline_ug_kg_min": 0.11}, 4),
        ({"mean_arterial_mmhg": 60, "noradrenaline_ug_kg_min": 0.05}, 3),
        ({"glasgow_coma_score": 14}, 1),
        ({"glasgow_coma_score": 12}, 2),
        ({"glasgow_coma_score": 9}, 3),
        ({"glasgow_coma_score": 5}, 4),
        ({"creatinine_mg_dl": 1.2}, 1),
        ({"creatinine_mg_dl": 2.0}, 2),
        ({"creatinine_mg_dl": 3.5}, 3),
        ({"creatinine_mg_dl": 5.0}, 4),
        ({"urine_output_ml_day": 500}, 0),
        ({"urine_output_ml_day": 499}, 3),
        ({"urine_output_ml_day": 199}, 4),
        # The worse of creatinine and urine counts.
        ({"creatinine_mg_dl": 5.0, "urine_output_ml_day": 499}, 4),
    ],
)
def test_sofa_counts_as_its_table(changes, points):
    assert sofa(**{**WELL, **changes}) == points


def test_sofa_is_24_at_most():
    worst: dict[str, Any] = {
        "pao2_mmhg": 50,
        **VENTILATED,
        "platelets_thousand_per_ul": 5,
        "bilirubin_mg_dl": 20,
        "mean_arterial_mmhg": 50,
        "noradrenaline_ug_kg_min": 1,
        "glasgow_coma_score": 3,
        "creatinine_mg_dl": 6,
    }
    assert sofa(**worst) == sofa.out_of == 24


OBSERVED: dict[str, Any] = {
    "respiratory_rate_per_min": 12,
    "oxygen_saturation_percent": 96,
    "is_on_saturation_scale_2": False,
    "is_on_oxygen": False,
    "systolic_mmhg": 111,
    "heart_rate_per_min": 51,
    "consciousness": Consciousness.ALERT,
    "temperature_celsius": 36.1,
}


@pytest.mark.parametrize(
    ("name", "points"),
    [
        ("respiratory_rate_per_min", {8: 3, 9: 1, 11: 1, 12: 0, 20: 0, 21: 2, 24: 2, 25: 3}),
        ("oxygen_saturation_percent", {91: 3, 92: 2, 93: 2, 94: 1, 95: 1, 96: 0}),
        ("systolic_mmhg", {90: 3, 91: 2, 100: 2, 101: 1, 110: 1, 111: 0, 219: 0, 220: 3}),
        ("heart_rate_per_min", {40: 3, 41: 1, 50: 1, 51: 0, 90: 0, 91: 1, 110: 1, 111: 2, 130: 2, 131: 3}),
        ("temperature_celsius", {35: 3, 35.1: 1, 36: 1, 36.1: 0, 38: 0, 38.1: 1, 39: 1, 39.1: 2}),
        ("consciousness", {each: 0 if each == "alert" else 3 for each in Consciousness}),
        ("is_on_oxygen", {False: 0, True: 2}),
    ],
)
def test_news2_counts_as_its_chart(name, points):
    assert {value: news2(**{**OBSERVED, name: value}) for value in points} == points


@pytest.mark.parametrize(
    ("is_on_oxygen", "points"),
    [
        (False, {83: 3, 84: 2, 85: 2, 86: 1, 87: 1, 88: 0, 92: 0, 93: 0, 100: 0}),
        (True, {83: 5, 84: 4, 86: 3, 88: 2, 92: 2, 93: 3, 94: 3, 95: 4, 96: 4, 97: 5}),
    ],
)
def test_news2_on_scale_2(is_on_oxygen, points):
    given = {**OBSERVED, "is_on_saturation_scale_2": True, "is_on_oxygen": is_on_oxygen}
    found = {value: news2(**{**given, "oxygen_saturation_percent": value}) for value in points}
    assert found == points


@pytest.mark.parametrize(("points", "risk"), [(4, "low"), (5, "medium"), (6, "medium"), (7, "high")])
def test_the_risk_of_news2(points, risk):
    assert news2.meaning(points).startswith(f"{risk} risk")
