"""The risk of stroke after a transient ischaemic attack, worked by hand from its publication."""

from typing import Any

import pytest

from clinical.calculators.errors import InputOutOfRange
from clinical.calculators.formulas.circulation.stroke import Attack, abcd2

SHORT: dict[str, Any] = {
    "age_years": 59,
    "systolic_mmhg": 139,
    "diastolic_mmhg": 89,
    "attack": Attack.OTHER,
    "duration_minutes": 9,
    "has_diabetes": False,
}


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 0),
        ({"age_years": 60}, 1),
        ({"systolic_mmhg": 140}, 1),
        ({"diastolic_mmhg": 90}, 1),
        ({"systolic_mmhg": 150, "diastolic_mmhg": 95}, 1),
        ({"attack": Attack.SPEECH}, 1),
        ({"attack": Attack.WEAKNESS}, 2),
        ({"duration_minutes": 10}, 1),
        ({"duration_minutes": 59}, 1),
        ({"duration_minutes": 60}, 2),
        ({"has_diabetes": True}, 1),
        ({"age_years": 75, "systolic_mmhg": 160, "attack": Attack.WEAKNESS, "duration_minutes": 90}, 6),
    ],
)
def test_abcd2_counts_as_its_table(changes, points):
    assert abcd2(**{**SHORT, **changes}) == points


@pytest.mark.parametrize(
    ("points", "words"), [(3, "low"), (4, "moderate"), (5, "moderate"), (6, "high"), (7, "high")]
)
def test_what_abcd2_means(points, words):
    assert abcd2.meaning(points).startswith(words)


def test_what_lasts_longer_than_a_day_is_no_attack():
    with pytest.raises(InputOutOfRange):
        abcd2(**{**SHORT, "duration_minutes": 1_441})
