"""Days that a note tells: of the last period, and of the visit.

A day in figures is read as the month first, as in the United States, where both orders are possible.
"""

import re
from collections.abc import Iterator
from datetime import date

from clinical.calculators.domain import Input, Known
from clinical.calculators.notes.domain import Mention

MONTHS = "january february march april may june july august september october november december".split()
NAMED = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in MONTHS)
DAY = re.compile(
    r"(?<![\d/-])(?:(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"|(?P<first>\d{1,2})[/.](?P<second>\d{1,2})[/.](?P<last>\d{4})"
    rf"|(?P<name>{NAMED})\.? (?P<nth>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<of>\d{{4}})"
    rf"|(?P<before>\d{{1,2}})(?:st|nd|rd|th)? (?P<called>{NAMED})\.?,? (?P<in>\d{{4}}))(?![\d/-])",
    re.I,
)
LAST_PERIOD = re.compile(r"\b(?:last (?:normal )?menstrual (?:period|cycle|date)|last menses|last period|LMP)\b", re.I)
VISIT = re.compile(
    r"\b(?:today(?:'s|’s)?(?: date)?|current date|date of (?:the )?(?:visit|examination|assessment|consultation))\b",
    re.I,
)
REACH = 50


def told_day(asked: Input, note: str) -> Mention | None:
    """Return the day that stands behind its name; None where there is none that the calendar has."""
    named = VISIT if asked.asked.known is Known.TODAY else LAST_PERIOD
    for name in named.finditer(note):
        reach = re.split(r"[;\n]|\.\s", note[name.end() : name.end() + REACH])[0]
        end, day = next(_days(note, name.end(), name.end() + len(reach)), (0, None))
        if day is not None:
            return Mention(
                name=asked.name, value=day, quote=note[name.start() : end], start=name.start(), end=end
            )
    return None


def _days(note: str, start: int, end: int) -> Iterator[tuple[int, date]]:
    """Yield where each day of a stretch of text ends, and the day."""
    for match in DAY.finditer(note, start, end):
        try:
            yield match.end(), _day(match)
        except ValueError:
            continue


def _day(match: re.Match[str]) -> date:
    """Return the day. Raises: ValueError for one that the calendar lacks."""
    if match["year"]:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    if match["last"]:
        month, day = int(match["first"]), int(match["second"])
        return date(int(match["last"]), *((day, month) if month > len(MONTHS) else (month, day)))
    name, day, year = (
        (match["name"], match["nth"], match["of"])
        if match["name"]
        else (match["called"], match["before"], match["in"])
    )
    month = next(place for place, each in enumerate(MONTHS, 1) if each.startswith(name[:3].lower()))
    return date(int(year), month, int(day))
