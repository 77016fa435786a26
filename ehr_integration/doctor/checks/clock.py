"""The EHR's clock against ours: tokens are good for minutes. Source: RFC 9110, 6.6.1 (Date)."""

import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from functools import partial

from ehr_integration.doctor.domain import Area, DoctorFinding, Severity
from ehr_integration.doctor.probe import Probe

_finding = partial(DoctorFinding, area=Area.CLOCK)

SECONDS_TO_WARN, SECONDS_TO_FAIL = 30, 120


def check(probe: Probe) -> Iterator[DoctorFinding]:
    """Yield how far apart the clocks are."""
    reply = probe.get("metadata")
    skew = _skew(reply.headers.get("Date", ""), taken_seconds=reply.milliseconds / 1000)
    if skew is None:
        yield _finding("clock-unknown", Severity.NOTE, "The answer says no time.")
    elif abs(skew) > SECONDS_TO_WARN:
        fails = abs(skew) > SECONDS_TO_FAIL
        yield _finding(
            "clock-skew",
            Severity.ERROR if fails else Severity.WARNING,
            f"The EHR's clock is {abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} ours.",
            f"The clock of your FHIR server (Date header) is {abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} "
            "ours, which follows NTP. Signed tokens are refused beyond a minute or two: please synchronise it.",
        )
    else:
        yield _finding("clock", Severity.OK, f"The clocks agree within {SECONDS_TO_WARN} s.")


def _skew(date: str, *, taken_seconds: float) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp() - (time.time() - taken_seconds / 2)
    except (ValueError, TypeError):
        return None
