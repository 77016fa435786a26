"""Events are found by tokens that say nothing without the quarter's secret."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from audit.domain import Outcome
from audit.ledger.reading import Query, find, quarters_between, tokens_for
from audit.ledger.tokens import FIELDS, token
from audit.models import Entry, WrappedKey
from audit.services import append
from tests.audit.ledger.acts import an_event

LAST_OF_SEPTEMBER = datetime(2026, 9, 30, 23, 59, 59, tzinfo=UTC)


def query(since: datetime, until: datetime, **values: str) -> Query:
    return Query(since=since, until=until, values=values)


@pytest.mark.django_db
def test_a_search_over_a_quarters_change_finds_both_sides_of_it() -> None:
    with time_machine.travel(LAST_OF_SEPTEMBER, tick=False):
        before = append(an_event())
        append(an_event(patient_id="zebedee"))
    with time_machine.travel(LAST_OF_SEPTEMBER + timedelta(seconds=2), tick=False):
        after = append(an_event())
        whole_year = query(
            datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC), patient="af-ckd"
        )
        assert [entry.event_id for entry in find(whole_year)] == [before, after]
        only_autumn = query(datetime(2026, 10, 1, tzinfo=UTC), whole_year.until, patient="af-ckd")
        assert [entry.event_id for entry in find(only_autumn)] == [after]
        assert len(set(tokens_for("patient", "af-ckd", whole_year))) == 2
    tokens = {
        bytes(entry.patient_token or b"") for entry in Entry.objects.filter(event_id__in=[before, after])
    }
    assert len(tokens) == 2
    assert set(WrappedKey.objects.filter(key_id__startswith="blind/").values_list("key_id", flat=True)) == {
        "blind/2026Q3",
        "blind/2026Q4",
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"patient": "af-ckd"}, 2),
        ({"user": "carla"}, 1),
        ({"action": "read-record"}, 1),
        ({"purpose": "TREAT"}, 3),
        ({"patient": "af-ckd", "user": "carla"}, 1),
        ({"patient": "zebedee", "user": "carla"}, 0),
        ({"patient": "AF-CKD"}, 0),
        ({"patient": "af"}, 0),
    ],
)
def test_what_is_found(value: dict[str, str], found: int) -> None:
    append(an_event())
    append(
        an_event(actor="carla", action="read-record", outcome=Outcome.DENIED, reason="no-care-relationship")
    )
    append(an_event(patient_id="zebedee"))
    now = datetime.now(UTC)
    assert find(query(now - timedelta(hours=1), now + timedelta(hours=1), **value)).count() == found


@pytest.mark.django_db
def test_the_index_columns_say_what_the_sealed_tokens_say() -> None:
    append(an_event())
    entry = Entry.objects.get()
    said = json.loads(bytes(entry.tokens))
    for name in FIELDS:
        column = getattr(entry, f"{name}_token")
        assert said.get(name) == (bytes(column).hex() if column is not None else None)
    assert "patient" in said


def test_a_token_depends_on_field_value_and_secret_and_not_on_spelling(settings: Any) -> None:
    secret, other = b"\1" * 32, b"\2" * 32
    plain = token("user", "Zoë", secret)
    assert plain == token("user", " Zoe\u0308 ", secret)
    assert (
        len(
            {
                plain,
                token("patient", "Zoë", secret),
                token("user", "Zoe", secret),
                token("user", "Zoë", other),
            }
        )
        == 4
    )
    assert len(plain) == 16


def test_the_quarters_of_a_range_are_those_it_touches_and_none_to_come() -> None:
    with time_machine.travel(datetime(2026, 11, 25, tzinfo=UTC)):
        assert quarters_between(datetime(2025, 12, 31, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)) == [
            "2025Q4",
            "2026Q1",
            "2026Q2",
            "2026Q3",
            "2026Q4",
        ]
        assert quarters_between(datetime(2027, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)) == []
