"""Scores of acute pancreatitis, worked by hand from their publications."""

from typing import Any

import pytest

from clinical.calculators.formulas.chemistry.pancreas import bisap, ranson

NO_SIGN: dict[str, Any] = {
    "age_years": 55,
    "white_cells_thousand_per_ul": 16,
    "glucose_mg_dl": 200,
    "lactate_dehydrogenase_u_l": 350,
    "ast_u_l": 250,
    "hematocrit_fall_percent": 10,
    "urea_nitrogen_rise_mg_dl": 5,
    "calcium_mg_dl": 8,
    "pao2_mmhg": 60,
    "base_deficit_mmol_l": 4,
    "fluid_sequestration_l": 6,
}
BEYOND: dict[str, Any] = {
    "age_years": 56,
    "white_cells_thousand_per_ul": 16.1,
    "glucose_mg_dl": 201,
    "lactate_dehydrogenase_u_l": 351,
    "ast_u_l": 251,
    "hematocrit_fall_percent": 10.1,
    "urea_nitrogen_rise_mg_dl": 5.1,
    "calcium_mg_dl": 7.9,
    "pao2_mmhg": 59,
    "base_deficit_mmol_l": 4.1,
    "fluid_sequestration_l": 6.1,
}


def test_none_of_ranson_s_signs_is_met_at_its_limit():
    assert ranson(**NO_SIGN) == 0


@pytest.mark.parametrize("name", BEYOND)
def test_each_of_ranson_s_signs_counts_beyond_its_limit(name):
    assert ranson(**{**NO_SIGN, name: BEYOND[name]}) == 1


def test_all_of_ranson_s_signs_are_eleven():
    assert ranson(**BEYOND) == 11


@pytest.mark.parametrize(("signs", "words"), [(2, "unlikely"), (3, "likely")])
def test_three_of_ranson_s_signs_make_it_severe(signs, words):
    assert ranson.meaning(signs) == f"severe pancreatitis {words}"


CALM: dict[str, Any] = {
    "urea_nitrogen_mg_dl": 25,
    "glasgow_coma_score": 15,
    "temperature_celsius": 37,
    "heart_rate_per_min": 80,
    "respiratory_rate_per_min": 16,
    "white_cells_thousand_per_ul": 8,
    "age_years": 60,
    "has_pleural_effusion": False,
}


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 0),
        ({"urea_nitrogen_mg_dl": 25.1}, 1),
        ({"glasgow_coma_score": 14}, 1),
        ({"heart_rate_per_min": 91}, 0),
        ({"heart_rate_per_min": 91, "temperature_celsius": 38.1}, 1),
        ({"heart_rate_per_min": 91, "paco2_mmhg": 31}, 1),
        ({"age_years": 61}, 1),
        ({"has_pleural_effusion": True}, 1),
        (
            {
                "urea_nitrogen_mg_dl": 40,
                "glasgow_coma_score": 10,
                "heart_rate_per_min": 120,
                "respiratory_rate_per_min": 30,
                "age_years": 80,
                "has_pleural_effusion": True,
            },
            5,
        ),
    ],
)
def test_bisap_counts_as_its_table(changes, points):
    assert bisap(**{**CALM, **changes}) == points


@pytest.mark.parametrize(("points", "words"), [(2, "low"), (3, "raised")])
def test_bisap_is_raised_from_three(points, words):
    assert bisap.meaning(points).startswith(words)
