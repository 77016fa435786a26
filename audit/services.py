"""Append to the record, and read it back for the officer."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils import timezone

from audit.domain import Event, Outcome, RecordedEvent
from audit.errors import AuditUnavailable
from audit.models import AuditEvent


def append(event: Event) -> UUID:
    """Write the event in the caller's transaction and return its id.

    Raises: AuditUnavailable where it cannot be written; the audited act must then not happen.
    """
    return append_all([event])[0]


def append_all(events: Sequence[Event]) -> list[UUID]:
    """Write several events at once, all or none, and return their ids in order.

    Raises: AuditUnavailable.
    """
    now = timezone.now()
    rows = [_row(event, recorded_at=now) for event in events]
    try:
        with transaction.atomic():
            AuditEvent.objects.bulk_create(rows)
    except DatabaseError as error:
        raise AuditUnavailable(
            "The audit record cannot be written: check the database and its disk"
        ) from error
    return [row.id for row in rows]


def recorded_since(since: datetime, until: datetime | None = None) -> Iterator[RecordedEvent]:
    """Stream the events recorded at or after `since` (and before `until`), oldest first."""
    rows = AuditEvent.objects.filter(recorded_at__gte=since).order_by("recorded_at", "id")
    if until is not None:
        rows = rows.filter(recorded_at__lt=until)
    for row in rows.iterator(chunk_size=2_000):
        yield _recorded(row)


def newest_recorded(since: datetime, until: datetime, *, limit: int) -> list[RecordedEvent]:
    """Return at most `limit` events recorded at or after `since` and before `until`, newest first."""
    rows = AuditEvent.objects.filter(recorded_at__gte=since, recorded_at__lt=until)
    return [_recorded(row) for row in rows.order_by("-recorded_at", "-id")[:limit]]


def _row(event: Event, *, recorded_at: datetime) -> AuditEvent:
    return AuditEvent(
        recorded_at=recorded_at,
        action=event.action,
        outcome=event.outcome,
        actor=event.actor,
        role=event.role,
        patient_id=event.patient_id,
        purpose=event.purpose,
        reason=event.reason,
        detail=dict(event.detail),
    )


def _recorded(row: AuditEvent) -> RecordedEvent:
    event = Event(
        action=row.action,
        outcome=Outcome(row.outcome),
        actor=row.actor,
        role=row.role,
        patient_id=row.patient_id,
        purpose=row.purpose,
        reason=row.reason,
        detail=row.detail,
    )
    return RecordedEvent(id=row.id, recorded_at=row.recorded_at, event=event)
