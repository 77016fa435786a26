"""The record can be added to, and nothing else."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from audit.domain import Event, Outcome, new_event_id
from audit.errors import AuditUnavailable
from audit.models import AuditEvent
from audit.services import append, append_all, recorded_since

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


def event(**changes: Any) -> Event:
    return Event(
        **{"action": "ask", "outcome": Outcome.SUCCESS, "actor": "alma", "role": "clinician"} | changes
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditevent SET actor = 'carla'",
        "UPDATE audit_auditevent SET outcome = 'success'",
        "DELETE FROM audit_auditevent",
    ],
)
def test_the_database_refuses_to_change_or_delete_an_event(statement: str) -> None:
    append(event(outcome=Outcome.DENIED))
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert [row.event.outcome for row in recorded_since(EPOCH)] == [Outcome.DENIED]


@pytest.mark.django_db
def test_the_orm_cannot_change_an_event_either() -> None:
    append(event())
    row = AuditEvent.objects.get()
    row.actor = "carla"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        row.save()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        row.delete()


@pytest.mark.django_db
def test_an_event_shares_the_fate_of_its_transaction() -> None:
    def audited_act_that_fails() -> None:
        with transaction.atomic():
            append(event())
            raise RuntimeError("the audited act failed")

    with pytest.raises(RuntimeError):
        audited_act_that_fails()
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db
def test_an_event_that_cannot_be_written_is_a_typed_error() -> None:
    too_long = event(actor="a" * 200) if connection.vendor == "postgresql" else event(outcome="unknown")
    with pytest.raises(AuditUnavailable):
        append(too_long)


@pytest.mark.django_db
def test_several_events_are_written_all_or_none() -> None:
    bad = event(outcome="neither")
    with pytest.raises(AuditUnavailable):
        append_all([event(), bad])
    assert not AuditEvent.objects.exists()


def test_a_detail_that_is_not_listed_is_refused() -> None:
    with pytest.raises(ValueError, match="question"):
        event(detail={"question": "anything"})


@given(st.integers(min_value=2, max_value=50))
def test_event_ids_are_version_7_and_distinct(count: int) -> None:
    ids = [new_event_id() for _ in range(count)]
    assert len(set(ids)) == count
    assert {(each.version, each.variant) for each in ids} == {(7, "specified in RFC 4122")}
    assert [each.int >> 80 for each in ids] == sorted(each.int >> 80 for each in ids)
