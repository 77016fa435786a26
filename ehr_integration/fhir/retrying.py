"""A request is asked again where that may help, later each time, and never beyond the deadline.

Source: RFC 9110, 10.2.3 (Retry-After); the spread keeps many clients from coming back at once.
"""

import random
import time
from email.utils import parsedate_to_datetime

from ehr_integration.errors import EhrUnavailable
from ehr_integration.fhir.deadline import Deadline

ATTEMPTS = 3
FIRST_PAUSE_SECONDS = 0.1
# What passes by itself. A plain 500 is a fault that comes again.
PASSING = frozenset({429, 502, 503, 504})


def pause(retry_after: str, *, attempt: int, request: str, deadline: Deadline) -> None:
    """Wait before the next attempt, as long as the EHR asks, else longer each time.

    Raises: EhrUnavailable, where that would be beyond the deadline.
    """
    seconds = _asked_for(retry_after)
    if seconds is None:
        seconds = FIRST_PAUSE_SECONDS * 2 ** (attempt - 1) * random.uniform(0.5, 1.5)  # noqa: S311 - not a secret
    if seconds >= deadline.remaining():
        raise EhrUnavailable(f"{request}: the EHR is busy beyond our deadline: retry later")
    time.sleep(seconds)


def _asked_for(retry_after: str) -> float | None:
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        return max(parsedate_to_datetime(retry_after).timestamp() - time.time(), FIRST_PAUSE_SECONDS)
    except (ValueError, OverflowError):
        return None
