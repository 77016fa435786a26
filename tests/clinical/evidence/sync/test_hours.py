"""When NCBI welcomes large jobs."""

from datetime import UTC, datetime

import pytest

from clinical.evidence.sync.errors import LargeJobRefused
from clinical.evidence.sync.hours import LARGE_JOB_REQUESTS, check_hour, is_quiet


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        (datetime(2026, 11, 24, 9, 59, tzinfo=UTC), True),  # Tuesday 04:59 EST
        (datetime(2026, 11, 24, 10, 0, tzinfo=UTC), False),  # 05:00
        (datetime(2026, 11, 25, 1, 59, tzinfo=UTC), False),  # 20:59
        (datetime(2026, 11, 25, 2, 0, tzinfo=UTC), True),  # 21:00
        (datetime(2026, 7, 15, 1, 0, tzinfo=UTC), True),  # 21:00 EDT
        (datetime(2026, 11, 28, 17, 0, tzinfo=UTC), True),  # Saturday noon
        (datetime(2026, 11, 30, 4, 0, tzinfo=UTC), True),  # Sunday 23:00
    ],
)
def test_nights_and_weekends_of_eastern_time_are_quiet(moment: datetime, quiet: bool) -> None:
    assert is_quiet(moment) is quiet


def test_a_small_job_may_run_at_any_hour() -> None:
    noon = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
    check_hour(LARGE_JOB_REQUESTS, noon)
    with pytest.raises(LargeJobRefused, match=r"101 requests.*2026-11-24 21:00 EST"):
        check_hour(LARGE_JOB_REQUESTS + 1, noon)
