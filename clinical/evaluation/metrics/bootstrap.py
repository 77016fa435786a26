"""How sure a figure is: 95% intervals by resampling with replacement.

Source: Efron, Ann Stat 1979;7:1 (the bootstrap; percentile intervals).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
SEED = 20250115

Interval = tuple[float, float]


def interval(
    units: NDArray[np.float64], statistic: Callable[[NDArray[np.float64]], float | None]
) -> Interval | None:
    """Return the 95% interval of a statistic of column sums; None where it is nowhere defined.

    `units` is `[n, columns]`: what each independent unit (a query, a claim, an article) adds to the sums.
    """
    if not len(units):
        return None
    draws = np.random.default_rng(SEED).multinomial(
        len(units), np.full(len(units), 1 / len(units)), size=RESAMPLES
    )
    found = [value for value in map(statistic, draws @ units) if value is not None]
    if not found:
        return None
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)


def mean_interval(values: list[float]) -> Interval | None:
    """Return the 95% interval of the mean of independent values; None where there are none."""
    units = np.array([[value, 1.0] for value in values])
    return interval(units, lambda sums: float(sums[0] / sums[1]))
