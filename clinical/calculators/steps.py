"""Points by steps, as the tables of scores give them."""

import math
from collections.abc import Sequence


def points_from(value: float, steps: Sequence[tuple[float, int]], *, below: int = 0) -> int:
    """Return the points of the highest step that the value reaches; steps are (from, points), lowest first."""
    return next((points for start, points in reversed(steps) if value >= start), below)


def more_than(value: float) -> float:
    """Return the next number up: a step from it begins above the value, as ">" in a table says."""
    return math.nextafter(value, math.inf)
