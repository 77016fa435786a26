"""FHIR dates as half-open intervals of time, compared with the search prefixes."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

Interval: TypeAlias = tuple[datetime, datetime]

_SHAPE = re.compile(
    r"\d{4}(?P<month>-\d\d(?P<day>-\d\d(?P<time>T\d\d:\d\d(?P<seconds>:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?)?)?)?"
)
_EARLIEST = datetime.min.replace(tzinfo=UTC)
_LATEST = datetime.max.replace(tzinfo=UTC)

# The first interval is the resource's, the second the one asked for (FHIR R4 Search, "Prefixes").
PREFIXES: dict[str, Callable[[Interval, Interval], bool]] = {
    "eq": lambda have, want: want[0] <= have[0] and have[1] <= want[1],
    "gt": lambda have, want: have[1] > want[1],
    "lt": lambda have, want: have[0] < want[0],
    "ge": lambda have, want: have[1] > want[1] or have[0] >= want[0],
    "le": lambda have, want: have[0] < want[0] or have[1] <= want[1],
}


def interval(text: str) -> Interval:
    """Return the time that a FHIR date or dateTime spans; UTC where it names no zone.

    Raises: ValueError or OverflowError where it is no date.
    """
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        raise ValueError("not a FHIR date")
    moment = datetime.fromisoformat(text + "0000-01-01"[len(text) :])
    start = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not shape["month"]:
        return start, start.replace(year=start.year + 1)
    if not shape["day"]:
        return start, (start + timedelta(days=31)).replace(day=1)
    return start, start + _width(shape)


def _width(shape: re.Match[str]) -> timedelta:
    if not shape["time"]:
        return timedelta(days=1)
    return timedelta(seconds=1) if shape["seconds"] else timedelta(minutes=1)


def element_interval(element: Any) -> Interval | None:  # noqa: ANN401 - FHIR: a string or a Period
    """Return the time of a resource's date or Period, open where the Period is; None where it cannot be read."""
    period = element if isinstance(element, dict) else {"start": element, "end": element}
    try:
        start = interval(period["start"])[0] if "start" in period else _EARLIEST
        return start, interval(period["end"])[1] if "end" in period else _LATEST
    except (ValueError, OverflowError):
        return None
