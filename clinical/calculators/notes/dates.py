"""Dates that a note tells: of the last menstrual period, and of the day on which it was written.

With slashes the month comes first, as notes in the United States have it.
"""

import re
from contextlib import suppress
from datetime import date, datetime

from clinical.calculators.domain import Input, Known
from clinical.calculators.notes.domain import Mention

DATE = (
    r"(?P<date>\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4}|\d{1,2}(?:st|nd|rd|th)? (?:of )?[A-Z][a-z]{2,8},? \d{4}"
    r"|[A-Z][a-z]{2,8} \d{1,2}(?:st|nd|rd|th)?,? \d{4})"
)
LAST_PERIOD = re.compile(rf"\b(?:last (?:menstrual )?period|LMP|last menses)\b[^.;\n]{{0,40}}?{DATE}", re.I)
TODAY = re.compile(
    rf"\b(?:today(?:'s|’s)?(?: date)?|current date|date of (?:visit|admission|presentation)|seen on|admitted on)\b[^.;\n]{{0,25}}?{DATE}",
    re.I,
)
FORMS = ("%Y-%m-%d", "%m/%d/%Y", "%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y")


def told_date(asked: Input, note: str) -> Mention | None:
    """Return the date that a note tells; None where it tells none."""
    words = TODAY if asked.asked.known is Known.TODAY else LAST_PERIOD
    for match in words.finditer(note):
        value = _read(match["date"])
        if value is not None:
            return Mention(name=asked.name, value=value, quote=match[0], start=match.start(), end=match.end())
    return None


def _read(text: str) -> date | None:
    plain = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b|,|\bof ", "", text)
    for form in FORMS:
        with suppress(ValueError):
            return datetime.strptime(plain, form).date()  # noqa: DTZ007 - a day, without a time
    return None
