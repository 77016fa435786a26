import pytest

from clinical.calculators.steps import more_than, points_from

STEPS = ((2, 1), (more_than(3), 2))


@pytest.mark.parametrize(("value", "points"), [(1.999, 0), (2, 1), (3, 1), (3.0001, 2), (100, 2)])
def test_a_step_begins_at_its_value_or_above_it(value, points):
    assert points_from(value, STEPS) == points


def test_below_the_first_step_are_points_of_their_own():
    assert points_from(1, STEPS, below=4) == 4
