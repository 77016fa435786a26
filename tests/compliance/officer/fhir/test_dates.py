"""FHIR's dates: prefixes, precisions, and what is none."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.services import BEGINNING_OF_TIME, END_OF_TIME
from compliance.officer.fhir.dates import period_of
from compliance.officer.fhir.errors import SearchInvalid


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]  # year, month, day, ...


@pytest.mark.parametrize(
    ("value", "since", "until"),
    [
        ("2026", at(2026, 1, 1), at(2027, 1, 1)),
        ("2026-12", at(2026, 12, 1), at(2027, 1, 1)),
        ("2026-02", at(2026, 2, 1), at(2026, 3, 1)),
        ("eq2026-02-28", at(2026, 2, 28), at(2026, 3, 1)),
        ("ge2026-02-28", at(2026, 2, 28), END_OF_TIME),
        ("gt2026-02-28", at(2026, 3, 1), END_OF_TIME),
        ("le2026-02-28", BEGINNING_OF_TIME, at(2026, 3, 1)),
        ("lt2026-02-28", BEGINNING_OF_TIME, at(2026, 2, 28)),
        ("2026-02-28T10:30", at(2026, 2, 28, 10, 30), at(2026, 2, 28, 10, 31)),
        ("2026-02-28T10:30:05Z", at(2026, 2, 28, 10, 30, 5), at(2026, 2, 28, 10, 30, 6)),
        ("ge2026-02-28T10:30:05+02:00", at(2026, 2, 28, 8, 30, 5), END_OF_TIME),
        ("2026-02-28T10:30:05.5Z", at(2026, 2, 28, 10, 30, 5, 500000), at(2026, 2, 28, 10, 30, 5, 600000)),
        ("ge0001", BEGINNING_OF_TIME, END_OF_TIME),
    ],
)
def test_a_date_is_a_period(value: str, since: datetime, until: datetime) -> None:
    period = period_of([value])
    assert (period.since, period.until) == (since, until)


def test_two_dates_bound_a_period() -> None:
    period = period_of(["ge2026-02-01", "lt2026-03-01"])
    assert (period.since, period.until) == (at(2026, 2, 1), at(2026, 3, 1))


def test_dates_that_contradict_each_other_allow_nothing() -> None:
    period = period_of(["ge2026-03-01", "lt2026-02-01"])
    assert period.since == period.until


@pytest.mark.parametrize(
    "value",
    [
        *("", "yesterday", "2026-13", "2026-02-30", "ne2026", "sa2026", "ap2026", "0000", "2026-1-1", "9999"),
        *(
            "2026-01-01T25:00",
            "2026-01-01T",
            "2026-01-01T10:00:00+99:99",
            "2026-01-01 10:00",
            "\u0662\u0660\u0662\u0666",
        ),
    ],
)
def test_what_is_no_date_is_refused(value: str) -> None:
    with pytest.raises(SearchInvalid, match="written like"):
        period_of([value])


@given(
    st.datetimes(
        min_value=datetime(2021, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
        max_value=datetime(2090, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    )
)
def test_every_moment_is_in_its_own_second_and_in_no_other(moment: datetime) -> None:
    text = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    own = period_of([text])
    assert own.since <= moment < own.until
    assert own.until - own.since == timedelta(seconds=1)
    assert period_of([f"gt{text}"]).since == own.until
    assert period_of([f"lt{text}"]).until == own.since
