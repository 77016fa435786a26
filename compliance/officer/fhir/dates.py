"""FHIR's `date` parameter: a prefix and a date of any precision, as bounds. Source: FHIR R4, 3.1.1.4.4 and 3.1.1.4.7."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from audit.services import BEGINNING_OF_TIME, END_OF_TIME
from compliance.officer.fhir.errors import SearchInvalid

PREFIXED = re.compile(
    r"(?P<prefix>eq|ge|le|gt|lt)?(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d)"
    r"(T(?P<time>\d\d:\d\d(:\d\d(\.\d{1,6})?)?)(?P<zone>Z|[+-]\d\d:\d\d)?)?)?)?",
    re.ASCII,
)
HELP = "date is written like ge2026-01-31 or lt2026-01-31T12:00:00Z; prefixes: eq, ge, le, gt, lt"


@dataclass(frozen=True)
class Period:
    """Moments from `since` on and before `until`."""

    since: datetime = BEGINNING_OF_TIME
    until: datetime = END_OF_TIME


def period_of(values: Sequence[str]) -> Period:
    """Return what all the values together allow. Raises: SearchInvalid."""
    bounds = [_bounds(value) for value in values]
    since = max([each.since for each in bounds] + [BEGINNING_OF_TIME])
    until = min([each.until for each in bounds] + [END_OF_TIME])
    return Period(since, max(since, until))


def _bounds(value: str) -> Period:
    match = PREFIXED.fullmatch(value.replace(" ", "+"))  # a plus that a form did not escape
    if match is None:
        raise SearchInvalid(HELP)
    try:
        first, after = _named(match)
    except (ValueError, OverflowError):
        raise SearchInvalid(HELP) from None
    return {
        "eq": Period(since=first, until=after),
        "ge": Period(since=first),
        "le": Period(until=after),
        "gt": Period(since=after),
        "lt": Period(until=first),
    }[match["prefix"] or "eq"]


def _named(match: re.Match[str]) -> tuple[datetime, datetime]:
    """Return the first moment that the text names, and the first one after those it names."""
    year, month, day = int(match["year"]), int(match["month"] or 1), int(match["day"] or 1)
    if match["time"]:
        zone = match["zone"] or "Z"
        moment = datetime.fromisoformat(f"{year:04}-{month:02}-{day:02}T{match['time']}{zone}").astimezone(
            UTC
        )
        return moment, moment + _precision(match["time"])
    first = datetime(year, month, day, tzinfo=UTC)
    if match["day"]:
        return first, first + timedelta(days=1)
    if match["month"]:
        return first, datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return first, datetime(year + 1, 1, 1, tzinfo=UTC)


def _precision(time: str) -> timedelta:
    if "." in time:
        return timedelta(seconds=10.0 ** -len(time.partition(".")[2]))
    return timedelta(seconds=1) if time.count(":") == 2 else timedelta(minutes=1)
