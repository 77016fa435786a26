"""What every side-by-side report has: its sides, what it was measured on, and A against B as a plot."""

from collections.abc import Mapping
from typing import Any

from clinical.evaluation.suites.figures import Figures
from config.evaluate_command.plots import Plot, Point, dot_plot, signed_axis

Side = Mapping[str, Any]


def sides(figures: Figures) -> list[tuple[str, Side]]:
    """Return the first side as A, and the one that it is compared with as B."""
    return [("A", figures), *([("B", figures["against"])] if "against" in figures else [])]


def measured_on(figures: Figures) -> list[tuple[str, object]]:
    """Return the day and the data, as `suite.described` has them."""
    return [
        ("Day", figures["on"]),
        ("Data", f"{figures['data']}, {figures['questions']} questions"),
        ("SHA-256 of the data", figures["data_sha256"]),
    ]


def differences(comparison: Mapping[str, Any], *, of: str) -> Plot:
    """Return how much more A has `of` something than B, and which share of B's errors it saves."""
    points = [
        Point(f"{of}, A less B", comparison["difference"], comparison["difference_ci"]),
        Point("Errors of B that A saves", comparison["error_reduction"], comparison["error_reduction_ci"]),
    ]
    about = (
        "Right of zero A does better. Where a bar crosses zero, these questions do not show which is better."
    )
    return dot_plot("difference", "A against B", about, points, axis=signed_axis(points))
