"""Figures and verdicts in words."""

from collections.abc import Mapping, Sequence
from typing import Any

NONE = "–"


def percent(share: float | None, *, digits: int = 1) -> str:
    """Return the share as a percentage; a dash where there is none."""
    return NONE if share is None else f"{share * 100:.{digits}f}%".replace("-", "−")


def percents(interval: Sequence[float] | None) -> str:
    """Return the interval in percent; a dash where there is none."""
    return " to ".join(map(percent, interval)) if interval else NONE


def number(value: float | None, *, digits: int = 0) -> str:
    """Return the number with its thousands apart; a dash where there is none."""
    return NONE if value is None else f"{value:,.{digits}f}"


def verdict_lines(comparison: Mapping[str, Any]) -> list[str]:
    """Return what the comparison says, a sentence each."""
    p = comparison["mcnemar_p"]
    return [
        f"A's accuracy is {points(comparison['difference'])} (95% interval {percents(comparison['difference_ci'])}; "
        f"McNemar's exact p {'below 0.001' if p < 0.001 else f'{p:.3f}'}).",
        f"Questions that only A got right: {comparison['wins']}; only B: {comparison['losses']}; "
        f"both or neither: {comparison['ties']}.",
        saved(comparison),
    ]


def points(difference: float) -> str:
    """Return a difference of shares, A less B, in words."""
    way = "above" if difference >= 0 else "below"
    return f"{abs(difference) * 100:.1f} percentage points {way} B's"


def saved(comparison: Mapping[str, Any]) -> str:
    """Return how many of B's errors A saves, in words."""
    reduction = comparison["error_reduction"]
    if reduction is None:
        return "B makes no error, so there is none that A could save."
    way = "fewer" if reduction >= 0 else "more"
    return (
        f"A makes {percent(abs(reduction))} {way} errors than B "
        f"(error reduction: 95% interval {percents(comparison['error_reduction_ci'])})."
    )
