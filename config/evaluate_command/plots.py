"""Dot-and-interval plots as coordinates, in units of their SVG; a table beside each says the same in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from config.evaluate_command.wording import percent, percents

LEFT, RIGHT = 230, 610
ROW, LINE_LABEL, AXIS = 32, 15, 34
LABEL_CHARACTERS = 33
# Beyond it the longest label of a line finds no room to its right.
LAST_LABEL = 440
# A signed axis reaches as far on both sides, in steps of a tenth.
STEP = 0.1


class Point(NamedTuple):
    """A share with its interval, which may be missing."""

    label: str
    value: float | None
    interval: Sequence[float] | None


class Drawn(NamedTuple):
    """A point where it is drawn: `x`, `low` and `high` are None where there is no figure."""

    label: str
    y: float
    x: float | None
    low: float | None
    high: float | None


class Line(NamedTuple):
    """A share to compare with, drawn across all rows; or a tick of the axis, where it stands below."""

    label: str
    x: float
    y: float
    is_at_end: bool = False


@dataclass(frozen=True, kw_only=True)
class Plot:
    """What is drawn: dots, lines across them, ticks below; and the rows of the table: name, figure, interval."""

    id: str
    title: str
    about: str
    points: list[Drawn]
    lines: list[Line]
    ticks: list[Line]
    table: list[tuple[str, str, str]]
    top: int
    base: int

    @property
    def height(self) -> int:
        """The whole height."""
        return self.base + AXIS


@dataclass(frozen=True)
class Axis:
    """From which share to which the plot reaches."""

    low: float
    high: float

    def x(self, share: float) -> float:
        """Return where the share lies."""
        return round(LEFT + (share - self.low) / (self.high - self.low) * (RIGHT - LEFT), 1)

    def ticks(self, y: float) -> list[Line]:
        """Return five ticks, ends and middle among them."""
        shares = [self.low + (self.high - self.low) * quarter / 4 for quarter in range(5)]
        return [Line(percent(share, digits=0), self.x(share), y) for share in shares]


SHARES = Axis(0.0, 1.0)


def signed_axis(points: Sequence[Point]) -> Axis:
    """Return the axis around zero that holds the points and their intervals."""
    values = [abs(each) for point in points for each in [point.value or 0.0, *(point.interval or ())]]
    reach = max(STEP, ceil(max(values, default=0) / STEP) * STEP)
    return Axis(-reach, reach)


def dot_plot(
    name: str,
    title: str,
    about: str,
    points: Sequence[Point],
    *,
    axis: Axis = SHARES,
    lines: Sequence[tuple[str, float]] = (),
) -> Plot:
    """Return the plot; each of the `lines` is a name and a share."""
    lines = sorted(lines, key=lambda line: line[1])
    top = LINE_LABEL * len(lines) + 8
    base = top + ROW * len(points)
    return Plot(
        id=name,
        title=title,
        about=about,
        points=[_drawn(point, axis, top + ROW * (at + 0.5)) for at, point in enumerate(points)],
        lines=[_line(label, share, axis, at) for at, (label, share) in enumerate(lines)],
        ticks=axis.ticks(base + 18),
        table=[
            *((label, percent(value), percents(interval)) for label, value, interval in points),
            *((label, percent(share), "") for label, share in lines),
        ],
        top=top,
        base=base,
    )


def _drawn(point: Point, axis: Axis, y: float) -> Drawn:
    label = point.label
    if len(label) > LABEL_CHARACTERS:
        label = f"{label[: LABEL_CHARACTERS - 1]}…"
    low, high = map(axis.x, point.interval) if point.interval else (None, None)
    return Drawn(label, y, None if point.value is None else axis.x(point.value), low, high)


def _line(label: str, share: float, axis: Axis, at: int) -> Line:
    x = axis.x(share)
    return Line(label, x, LINE_LABEL * (at + 1), is_at_end=x > LAST_LABEL)
