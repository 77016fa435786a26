"""The figures that every suite of classes reports."""

from collections.abc import Iterable
from typing import Any

from clinical.evaluation.metrics.confusion import Confusion
from clinical.evaluation.metrics.latency import Latency
from clinical.evaluation.metrics.tally import Tally

Figures = dict[str, Any]


def class_figures(tally: Tally) -> Figures:
    """Return macro F1 and accuracy with their 95% intervals, each class, and the confusion."""
    found = tally.confusion
    return {
        "macro_f1": found.macro_f1,
        "macro_f1_ci": tally.interval(lambda confusion: confusion.macro_f1),
        "accuracy": found.accuracy,
        "accuracy_ci": tally.interval(lambda confusion: confusion.accuracy),
        "by_class": found.by_class(),
        "confusion": found.document(),
    }


def majority(confusion: Confusion) -> float | None:
    """Return the accuracy of always saying the most frequent class; None where there is no row."""
    rows = int(confusion.counts.sum())
    return max(map(confusion.gold, confusion.labels)) / rows if rows else None


def latency_figures(latency: Latency) -> Figures:
    """Return the median and the 95th percentile of the calls, in milliseconds."""
    return {"p50_ms": latency.percentile(50), "p95_ms": latency.percentile(95)}


def share(holds: Iterable[bool]) -> float | None:
    """Return which share of them holds; None where there are none."""
    found = list(holds)
    return sum(found) / len(found) if found else None
