"""Gold against predicted classes, and the figures that follow."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]


def f1(correct: int, predicted: int, relevant: int) -> float:
    """Return the harmonic mean of correct/predicted and correct/relevant; 0 where nothing is correct."""
    return 2 * correct / (predicted + relevant) if correct else 0.0


@dataclass(frozen=True)
class Confusion:
    """Counts of rows, `[gold, predicted]`, both in the order of `labels`."""

    labels: tuple[str, ...]
    counts: Counts

    @property
    def macro_f1(self) -> float | None:
        """The mean F1 of the classes that occur in the gold; None where there is no row."""
        present = [self.f1(label) for label in self.labels if self.gold(label)]
        return sum(present) / len(present) if present else None

    @property
    def accuracy(self) -> float | None:
        """The share of rows whose class was predicted; None where there is no row."""
        return _share(int(self.counts.trace()), int(self.counts.sum()))

    def gold(self, label: str) -> int:
        """Return how many rows are of that class."""
        return int(self.counts[self.labels.index(label)].sum())

    def predicted(self, label: str) -> int:
        """Return how many rows were said to be of that class."""
        return int(self.counts[:, self.labels.index(label)].sum())

    def precision(self, label: str) -> float | None:
        """Return which share of what was said to be of that class is; None where nothing was."""
        return _share(self._correct(label), self.predicted(label))

    def recall(self, label: str) -> float | None:
        """Return which share of that class was found; None where there is no such row."""
        return _share(self._correct(label), self.gold(label))

    def f1(self, label: str) -> float:
        """Return the F1 of one class."""
        return f1(self._correct(label), self.predicted(label), self.gold(label))

    def by_class(self) -> dict[str, dict[str, float | int | None]]:
        """Return precision, recall, F1 and rows of each class that occurs in the gold."""
        return {
            label: {
                "precision": self.precision(label),
                "recall": self.recall(label),
                "f1": self.f1(label),
                "rows": self.gold(label),
            }
            for label in self.labels
            if self.gold(label)
        }

    def document(self) -> dict[str, dict[str, int]]:
        """Return the counts by name: gold, then predicted."""
        rows = zip(self.labels, self.counts.tolist(), strict=True)
        return {gold: dict(zip(self.labels, row, strict=True)) for gold, row in rows}

    def _correct(self, label: str) -> int:
        at = self.labels.index(label)
        return int(self.counts[at, at])


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
