"""When a large job may run: NCBI asks for the night and the weekend of its own time zone.

Source: NCBI, A General Introduction to the E-utilities (NBK25497), Usage Guidelines and Requirements: "limit large jobs
to either weekends or between 9:00 PM and 5:00 AM Eastern time during weekdays".
"""

from datetime import datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from clinical.evidence.sync.errors import LargeJobRefused

CLOSES, OPENS = time(5), time(21)
SATURDAY = 5
# NCBI gives no number. Up to 100 requests were a small job in its earlier rules; that is 20,000 records.
LARGE_JOB_REQUESTS = 100


def eastern() -> tzinfo:
    """Return NCBI's time zone; on a machine without time zone data its standard time, an hour late in summer."""
    try:
        return ZoneInfo("America/New_York")
    except ZoneInfoNotFoundError:
        return timezone(timedelta(hours=-5), "EST")


def is_quiet(moment: datetime) -> bool:
    """Whether NCBI welcomes large jobs at this instant (aware)."""
    there = moment.astimezone(eastern())
    return there.weekday() >= SATURDAY or there.time() >= OPENS or there.time() < CLOSES


def check_hour(requests: int, moment: datetime) -> None:
    """Raise LargeJobRefused where a job of so many requests should not run at this instant."""
    if requests > LARGE_JOB_REQUESTS and not is_quiet(moment):
        opens = moment.astimezone(eastern()).replace(hour=OPENS.hour, minute=0, second=0, microsecond=0)
        raise LargeJobRefused(requests=requests, opens=f"{opens:%Y-%m-%d %H:%M %Z}")
