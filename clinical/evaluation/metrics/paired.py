"""Two systems on the same questions: which is right more often, how sure that is, and how many errors it saves.

Source: McNemar, Psychometrika 1947;12:153 (the exact form is the sign test of the discordant pairs).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from clinical.evaluation.metrics.bootstrap import Interval, interval


@dataclass(frozen=True)
class Paired:
    """Whether A and B were right, question by question."""

    a_right: Sequence[bool]
    b_right: Sequence[bool]

    def __post_init__(self) -> None:
        if len(self.a_right) != len(self.b_right):
            raise ValueError("A and B were not asked the same questions")

    @property
    def wins(self) -> int:
        """How many only A got right."""
        return sum(a and not b for a, b in zip(self.a_right, self.b_right, strict=True))

    @property
    def losses(self) -> int:
        """How many only B got right."""
        return sum(b and not a for a, b in zip(self.a_right, self.b_right, strict=True))

    @property
    def ties(self) -> int:
        """How many both got right, or neither."""
        return len(self.a_right) - self.wins - self.losses

    @property
    def difference(self) -> float | None:
        """A's accuracy less B's, from -1 to 1; None where there is no question."""
        return _difference(self._units().sum(axis=0))

    @property
    def difference_interval(self) -> Interval | None:
        """The 95% interval of the difference, questions drawn in pairs."""
        return interval(self._units(), _difference)

    @property
    def error_reduction(self) -> float | None:
        """The share of B's errors that A does not make, net of those that only A makes; None where B makes none."""
        return _error_reduction(self._units().sum(axis=0))

    @property
    def error_reduction_interval(self) -> Interval | None:
        """The 95% interval of the error reduction, questions drawn in pairs."""
        return interval(self._units(), _error_reduction)

    def _units(self) -> NDArray[np.float64]:
        pairs = zip(self.a_right, self.b_right, strict=True)
        return np.array([[a, b, 1] for a, b in pairs], dtype=np.float64).reshape(-1, 3)


def mcnemar_p(wins: int, losses: int) -> float:
    """Return the exact two-sided p of McNemar's test: how likely so uneven a split is where neither is better."""
    pairs = wins + losses
    tail = sum(comb(pairs, few) for few in range(min(wins, losses) + 1))
    return float(min(1.0, 2 * tail / 2**pairs))


def _difference(sums: NDArray[np.float64]) -> float | None:
    a_right, b_right, asked = sums
    return float((a_right - b_right) / asked) if asked else None


def _error_reduction(sums: NDArray[np.float64]) -> float | None:
    a_right, b_right, asked = sums
    errors = asked - b_right
    return float((a_right - b_right) / errors) if errors else None
