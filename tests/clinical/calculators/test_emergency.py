"""Scores of emergencies, worked by hand from their publications."""

from typing import Any

import pytest

from clinical.calculators.errors import InputOutOfRange
from clinical.calculators.formulas.acute.emergency import (
    alvarado,
    canadian_ct_head,
    parkland,
    revised_trauma_score,
)

NO_APPENDICITIS: dict[str, Any] = {
    "has_migration_of_pain": False,
    "has_anorexia": False,
    "has_nausea_or_vomiting": False,
    "has_right_lower_tenderness": False,
    "has_rebound_pain": False,
    "temperature_celsius": 37.2,
    "white_cells_thousand_per_ul": 10,
    "neutrophils_percent": 75,
}


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 0),
        ({"has_migration_of_pain": True}, 1),
        ({"has_anorexia": True}, 1),
        ({"has_nausea_or_vomiting": True}, 1),
        ({"has_right_lower_tenderness": True}, 2),
        ({"has_rebound_pain": True}, 1),
        ({"temperature_celsius": 37.3}, 1),
        ({"white_cells_thousand_per_ul": 10.1}, 2),
        ({"neutrophils_percent": 76}, 1),
    ],
)
def test_alvarado_counts_as_its_table(changes, points):
    assert alvarado(**{**NO_APPENDICITIS, **changes}) == points


@pytest.mark.parametrize(
    ("points", "words"),
    [(4, "unlikely"), (5, "compatible"), (6, "compatible"), (7, "probable"), (9, "very probable")],
)
def test_what_alvarado_means(points, words):
    assert words in alvarado.meaning(points)


@pytest.mark.parametrize(("weight", "burned", "expected"), [(70, 30, 8_400), (80, 50, 16_000)])
def test_parkland_by_hand(weight, burned, expected):
    assert parkland(weight_kg=weight, burned_percent=burned) == expected


@pytest.mark.parametrize("burned", [0, 101])
def test_parkland_needs_a_burn(burned):
    with pytest.raises(InputOutOfRange):
        parkland(weight_kg=70, burned_percent=burned)


@pytest.mark.parametrize(
    ("coma", "systolic", "breaths", "expected"),
    [
        (15, 120, 16, 7.8408),
        (3, 0, 0, 0),
        # 3 x 0.9368 + 3 x 0.7326 + 3 x 0.2908; the second row of each, then the third and the fourth.
        (12, 89, 30, 5.8806),
        (8, 75, 9, 3.9204),
        (5, 49, 5, 1.9602),
        (13, 90, 29, 7.8408),
        (9, 76, 10, 6.1714),
        (6, 50, 6, 3.9204),
        (4, 1, 1, 1.9602),
    ],
)
def test_the_revised_trauma_score_by_hand(coma, systolic, breaths, expected):
    found = revised_trauma_score(
        glasgow_coma_score=coma, systolic_mmhg=systolic, respiratory_rate_per_min=breaths
    )
    assert found == pytest.approx(expected)


NO_CT: dict[str, Any] = {
    "glasgow_coma_score_at_2_hours": 15,
    "has_suspected_open_or_depressed_fracture": False,
    "has_sign_of_basal_fracture": False,
    "vomited_twice": False,
    "age_years": 64,
    "has_amnesia_before_impact": False,
    "had_dangerous_mechanism": False,
}


def test_without_a_criterion_no_ct_is_needed():
    assert canadian_ct_head.meaning(canadian_ct_head(**NO_CT)).startswith("no CT")


@pytest.mark.parametrize(
    "changes",
    [
        {"glasgow_coma_score_at_2_hours": 14},
        {"has_suspected_open_or_depressed_fracture": True},
        {"has_sign_of_basal_fracture": True},
        {"vomited_twice": True},
        {"age_years": 65},
        {"has_amnesia_before_impact": True},
        {"had_dangerous_mechanism": True},
    ],
)
def test_any_criterion_asks_for_a_ct(changes):
    found = canadian_ct_head(**{**NO_CT, **changes})
    assert found == 1
    assert canadian_ct_head.meaning(found).startswith("CT of the head")


@pytest.mark.parametrize("changes", [{"glasgow_coma_score_at_2_hours": 12}, {"age_years": 15}])
def test_the_head_rule_is_for_minor_injuries_from_16_years(changes):
    with pytest.raises(InputOutOfRange):
        canadian_ct_head(**{**NO_CT, **changes})
