"""Where dots and bars lie, and what the words beside them say."""

import pytest

from config.evaluate_command.plots import (
    LABEL_CHARACTERS,
    LEFT,
    RIGHT,
    Point,
    dot_plot,
    signed_axis,
)
from config.evaluate_command.wording import percent, percents, verdict_lines


def test_shares_lie_between_the_ends_of_the_axis() -> None:
    plot = dot_plot(
        "x", "Right", "About", [Point("A", 0.0, (0.0, 0.5)), Point("B", 1.0, None)], lines=[("guess", 0.75)]
    )
    first, second = plot.points
    assert (first.x, first.low, first.high) == (LEFT, LEFT, (LEFT + RIGHT) / 2)
    assert (second.x, second.low) == (RIGHT, None)
    assert plot.lines[0].is_at_end
    assert plot.top < first.y < second.y < plot.base < plot.height
    assert plot.table == [("A", "0.0%", "0.0% to 50.0%"), ("B", "100.0%", "–"), ("guess", "75.0%", "")]


@pytest.mark.parametrize("value", [-0.04, 0.04, -1.7, 0.0])
def test_a_signed_axis_has_zero_in_its_middle_and_holds_every_bar(value: float) -> None:
    points = [Point("A less B", value, (value - 0.02, value + 0.02)), Point("none", None, None)]
    plot = dot_plot("x", "Difference", "About", points, axis=signed_axis(points))
    assert plot.ticks[2].label == "0%"
    assert plot.ticks[2].x == (LEFT + RIGHT) / 2
    drawn, missing = plot.points
    assert drawn.x is not None
    assert drawn.low is not None
    assert drawn.high is not None
    assert LEFT <= drawn.low <= drawn.x <= drawn.high <= RIGHT
    assert missing.x is None


def test_a_long_name_is_shortened_in_the_plot_and_whole_in_the_table() -> None:
    plot = dot_plot("x", "Right", "About", [Point("m" * 60, 0.5, None)])
    assert len(plot.points[0].label) == LABEL_CHARACTERS
    assert plot.table[0][0] == "m" * 60


def test_words_of_figures() -> None:
    assert (percent(None), percent(-0.125), percents(None)) == ("–", "−12.5%", "–")
    comparison = {
        "difference": -0.1,
        "difference_ci": (-0.2, 0.0),
        "mcnemar_p": 0.0001,
        "wins": 1,
        "losses": 11,
        "ties": 88,
        "error_reduction": -0.5,
        "error_reduction_ci": (-0.9, -0.1),
    }
    first, second, third = verdict_lines(comparison)
    assert "10.0 percentage points below B's" in first
    assert "p below 0.001" in first
    assert second == "Questions that only A got right: 1; only B: 11; both or neither: 88."
    assert third.startswith("A makes 50.0% more errors than B")
    assert "B makes no error" in verdict_lines({**comparison, "error_reduction": None})[2]
