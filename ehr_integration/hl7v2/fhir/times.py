"""HL7 date and time values as FHIR dates: a time without a zone takes the sender's, else only its day is kept."""

import re
from datetime import date, datetime

STAMP = re.compile(
    r"(?P<year>\d{4})(?:(?P<month>\d\d)(?:(?P<day>\d\d)"
    r"(?:(?P<hour>\d\d)(?P<minute>\d\d)?(?P<second>\d\d)?(?:\.\d{1,6})?)?)?)?(?P<zone>[+-]\d{4})?"
)


def zone_of(stamp: str) -> str:
    """Return the zone of a time as "+0100", "" where it gives none."""
    match = STAMP.fullmatch(stamp)
    return (match["zone"] or "") if match else ""


def as_date(stamp: str) -> str | None:
    """Return the FHIR date, as precise as given, or None."""
    match = STAMP.fullmatch(stamp.strip())
    if match is None:
        return None
    parts = [part for part in (match["year"], match["month"], match["day"]) if part]
    try:
        date(*(int(part) for part in [*parts, "1", "1"][:3]))
    except ValueError:
        return None
    return "-".join(parts)


def as_date_time(stamp: str, *, zone: str = "") -> str | None:
    """Return the FHIR dateTime, as precise as given, or None; `zone` is the sender's, "+0100"."""
    day, match = as_date(stamp), STAMP.fullmatch(stamp.strip())
    if day is None or match is None or not match["hour"]:
        return day
    offset = match["zone"] or zone
    text = (
        f"{day}T{match['hour']}:{match['minute'] or '00'}:{match['second'] or '00'}{offset[:3]}:{offset[3:]}"
    )
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return day
    return text
