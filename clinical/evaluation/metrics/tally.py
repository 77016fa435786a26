"""Counting gold against predicted while a suite runs, for figures with their intervals."""

from collections.abc import Callable, Hashable

import numpy as np

from clinical.evaluation.metrics.bootstrap import Interval, interval
from clinical.evaluation.metrics.confusion import Confusion, Counts


class Tally:
    """Rows as they come. Rows of one `unit` (an article) are not independent: they are resampled together."""

    def __init__(self, labels: tuple[str, ...]) -> None:
        self._labels = labels
        self._units: dict[Hashable, Counts] = {}

    def add(self, gold: str, predicted: str, *, unit: Hashable) -> None:
        """Count one row. Raises: ValueError where a class is not among the labels."""
        at = self._labels.index(gold), self._labels.index(predicted)
        size = len(self._labels)
        self._units.setdefault(unit, np.zeros((size, size), dtype=np.int64))[at] += 1

    @property
    def confusion(self) -> Confusion:
        """All rows."""
        size = len(self._labels)
        return Confusion(self._labels, sum(self._units.values(), np.zeros((size, size), dtype=np.int64)))

    def interval(self, figure: Callable[[Confusion], float | None]) -> Interval | None:
        """Return the 95% interval of a figure of the confusion; None where there is no row."""
        size = len(self._labels)
        units = np.array([counts.ravel() for counts in self._units.values()], dtype=np.float64)
        return interval(
            units, lambda sums: figure(Confusion(self._labels, sums.astype(np.int64).reshape(size, size)))
        )
