"""The record can be added to, and nothing else."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction
from hypothesis import given
from hypothesis import strategies as st

from audit.domain import Event, Outcome, new_event_id
from audit.errors import AuditUnavailable
from audit.ledger.inserting import insert
from audit.models import Entry, PurgeDeclaration, SubjectKey, Tile, Writer
from audit.services import append, append_all, recorded_since
from tests.audit.ledger.sealed import sealed

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
FIXED = ("entry", "seal", "tile", "checkpoint", "writer", "wrappedkey", "subjectkey", "purgedeclaration")
# Every table has a column that can be set to itself.
A_COLUMN = {
    "seal": "event_id",
    "tile": "data",
    "checkpoint": "note",
    "writer": "officer_box",
    "wrappedkey": "wrapped",
    "subjectkey": "wrapped",
    "purgedeclaration": "event_id",
    "entry": "header",
}


def event(**changes: Any) -> Event:
    return Event(
        **{"action": "ask", "outcome": Outcome.SUCCESS, "actor": "alma", "role": "clinician"} | changes
    )


def fill_every_table() -> None:
    append(event(outcome=Outcome.DENIED, patient_id="af-ckd", purpose="TREAT"))
    sealed()
    Tile.objects.create(level=0, index=0, data=b"\0" * 8192)
    long_ago = datetime(2015, 1, 1, tzinfo=UTC)
    PurgeDeclaration.objects.create(before=long_ago, declared_at=long_ago, event_id=new_event_id())


@pytest.mark.django_db
@pytest.mark.parametrize("table", FIXED)
def test_the_database_refuses_to_change_a_row(table: str) -> None:
    fill_every_table()
    column = A_COLUMN[table]
    refused(f"UPDATE audit_{table} SET {column} = {column}")  # noqa: S608 - names of our own


@pytest.mark.django_db
@pytest.mark.parametrize("table", [table for table in FIXED if table != "subjectkey"])
def test_the_database_refuses_to_delete_a_row(table: str) -> None:
    fill_every_table()
    refused(f"DELETE FROM audit_{table}")  # noqa: S608 - names of our own
    assert [row.event.outcome for row in recorded_since(EPOCH)] == [Outcome.DENIED]


@pytest.mark.django_db
@pytest.mark.parametrize("table", FIXED)
def test_postgresql_refuses_to_empty_a_table(table: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    refused(f"TRUNCATE audit_{table} CASCADE")


@pytest.mark.django_db
def test_no_purge_reaches_into_the_last_six_years() -> None:
    now = datetime.now(UTC)
    with pytest.raises(DatabaseError, match="six years"), transaction.atomic():
        PurgeDeclaration.objects.create(before=now, declared_at=now, event_id=new_event_id())


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Entry, Writer, SubjectKey])
def test_the_orm_cannot_change_a_row_either(model: type[models.Model]) -> None:
    append(event(patient_id="af-ckd"))
    row = model._default_manager.get()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        row.save(force_update=True)


@pytest.mark.django_db
def test_the_orm_cannot_delete_an_event() -> None:
    append(event())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.get().delete()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement", ["UPDATE audit_auditevent SET actor = 'carla'", "DELETE FROM audit_auditevent"]
)
def test_what_an_earlier_version_recorded_stays_as_it_was(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_auditevent (id, recorded_at, action, outcome, actor, role, patient_id, purpose, reason, "
            "detail) VALUES (%s, %s, 'ask', 'success', 'alma', 'clinician', '', '', '', '{}')",
            [str(new_event_id()), "2026-01-01 00:00:00+00:00"],
        )
    refused(statement)


def refused(statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db
def test_an_event_shares_the_fate_of_its_transaction() -> None:
    def audited_act_that_fails() -> None:
        with transaction.atomic():
            append(event())
            raise RuntimeError("the audited act failed")

    with pytest.raises(RuntimeError):
        audited_act_that_fails()
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_an_event_that_cannot_be_written_is_a_typed_error(without_entries: None) -> None:
    with pytest.raises(AuditUnavailable) as caught:
        append(event(patient_id="zebedee-quarrington"))
    assert "quarrington" not in str(caught.value)


@pytest.mark.django_db
def test_several_events_are_written_all_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def failing(connection: Any, entry: Entry, key: Any) -> bool:
        calls.append(entry.event_id)
        if len(calls) > 1:
            raise DatabaseError("the disk is full")
        return insert(connection, entry, key)

    monkeypatch.setattr("audit.ledger.append.insert", failing)
    with pytest.raises(AuditUnavailable):
        append_all([event(), event()])
    assert len(calls) == 2
    assert not Entry.objects.exists()


def test_a_detail_that_is_not_listed_is_refused() -> None:
    with pytest.raises(ValueError, match="question"):
        event(detail={"question": "anything"})


@given(st.integers(min_value=2, max_value=50))
def test_event_ids_are_version_7_and_distinct(count: int) -> None:
    ids = [new_event_id() for _ in range(count)]
    assert len(set(ids)) == count
    assert {(each.version, each.variant) for each in ids} == {(7, "specified in RFC 4122")}
    assert [each.int >> 80 for each in ids] == sorted(each.int >> 80 for each in ids)
