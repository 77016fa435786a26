"""What the other rooms do with the record: append to it, and read it back for the officer."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.db import Error
from django.db.models import Min
from django.utils import timezone

from audit.balp.documents import event_of, search_values
from audit.domain import Event, LedgerPlace, RecordedEvent
from audit.errors import AuditError, AuditUnavailable
from audit.keys.errors import KeysError
from audit.ledger.append import documents_of, write_documents
from audit.ledger.lease import lease_state
from audit.ledger.models import Entry
from audit.ledger.paging import Page, Place, read_page
from audit.ledger.places import place_of
from audit.ledger.reading import Opened, Query, find, opened
from audit.ledger.spool import spool
from audit.ledger.store import DatabaseTiles, newest_checkpoint
from audit.tlog.serving import serve_path

__all__ = [
    "BEGINNING_OF_TIME",
    "END_OF_TIME",
    "Page",
    "Place",
    "Query",
    "append",
    "append_all",
    "count_entries",
    "count_patients",
    "is_in_record",
    "is_sealed",
    "ledger_place",
    "log_checkpoint",
    "log_tile",
    "newest_recorded",
    "read_page",
    "recorded_matching",
    "recorded_since",
]

# No record is older.
BEGINNING_OF_TIME = datetime(2020, 1, 1, tzinfo=UTC)
END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)


def append(event: Event) -> UUID:
    """Write the event in the caller's transaction and return its id.

    Raises: AuditUnavailable where it cannot be written; the audited act must then not happen.
    """
    return append_all([event])[0]


def append_all(events: Sequence[Event]) -> list[UUID]:
    """Write several events at once, all or none, and return their ids in order.

    Events of an emergency that the database does not take go to the spool, and the act may go on.
    Raises: AuditUnavailable.
    """
    if not events:
        return []
    now = timezone.now()
    documents = documents_of(events, now)
    try:
        return write_documents(documents, now)
    except (Error, OSError, KeysError, AuditError) as error:
        if not all(search_values(document)["emergency"] for _, document in documents):
            raise _unavailable(error) from error
    try:
        return spool(documents)
    except KeysError as error:
        raise _unavailable(error) from error


def _unavailable(error: Exception) -> AuditUnavailable:
    if isinstance(error, (KeysError, AuditError)):  # our own words, which hold neither key nor patient
        return AuditUnavailable(f"The audit record cannot be written: {error}")
    return AuditUnavailable("The audit record cannot be written: check the database and its disk")


def recorded_since(since: datetime, until: datetime | None = None) -> Iterator[RecordedEvent]:
    """Stream the events recorded at or after `since` (and before `until`), oldest first."""
    yield from recorded_matching(Query(since=since, until=until or END_OF_TIME))


def recorded_matching(query: Query) -> Iterator[RecordedEvent]:
    """Stream the events that match, oldest first."""
    yield from map(_recorded, opened(find(query).iterator(chunk_size=500)))


def newest_recorded(since: datetime, until: datetime, *, limit: int) -> list[RecordedEvent]:
    """Return at most `limit` events recorded at or after `since` and before `until`, newest first."""
    entries = find(Query(since=since, until=until)).order_by("-recorded_at", "-id")[:limit]
    return list(map(_recorded, opened(entries)))


def is_in_record(patient_id: str) -> bool:
    """Whether the record holds an event about this patient."""
    first = Entry.objects.order_by("recorded_at").values_list("recorded_at", flat=True).first()
    if first is None:
        return False
    query = Query(since=first, until=END_OF_TIME, values={"patient": patient_id})
    return find(query).exists()


def count_entries(since: datetime, until: datetime) -> int:
    """Return how many entries were recorded at or after `since` and before `until`."""
    return Entry.objects.filter(recorded_at__gte=since, recorded_at__lt=until).count()


def count_patients(query: Query) -> int:
    """Return how many patients the events are about. Who was taken out of the record counts once a quarter."""
    tokens = find(query).filter(patient_token__isnull=False).order_by().values("patient_token")
    one_each = tokens.annotate(number=Min("id")).values("number")
    patients = set()
    for each in opened(Entry.objects.filter(id__in=one_each).iterator(chunk_size=500)):
        shredded = each.entry.event_id
        patients.add(shredded if each.is_shredded else event_of(each.document).patient_id)
    return len(patients)


def log_checkpoint() -> str | None:
    """Return the newest checkpoint, a signed note without PHI; None before the first seal."""
    newest = newest_checkpoint()
    return newest.note if newest else None


def log_tile(path: str) -> bytes:
    """Return a tile of the newest checkpoint's tree. Source: C2SP tlog-tiles. Raises: TileInvalid, TileMissing."""
    newest = newest_checkpoint()
    return serve_path(DatabaseTiles(), path, newest.size if newest else 0)


def ledger_place(event_id: UUID) -> LedgerPlace | None:
    """Return where an event stands in the ledger, None before it is sealed. Raises: InclusionInvalid."""
    return place_of(event_id)


def is_sealed() -> bool:
    """Whether a sealer is at work."""
    lease = lease_state()
    return lease is not None and lease.is_held


def _recorded(each: Opened) -> RecordedEvent:
    return RecordedEvent(
        id=each.entry.event_id, recorded_at=each.entry.recorded_at, event=event_of(each.document)
    )
