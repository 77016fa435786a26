"""Writes entries in the transaction of the act that they record."""

import functools
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from audit.balp.documents import audit_event, search_values
from audit.domain import Event, new_event_id
from audit.errors import AuditError, AuditUnavailable
from audit.ledger.durability import flush
from audit.ledger.encoding import Leaf, canonical
from audit.ledger.envelope import Envelope, sealed
from audit.ledger.header import event_header
from audit.ledger.header import header as mark_header
from audit.ledger.inserting import insert
from audit.ledger.keys import key_ring, quarter_of
from audit.ledger.models import Entry
from audit.ledger.subjects import PatientKey, forget_patient_keys, patient_key
from audit.ledger.tokens import tokens_of
from audit.ledger.writer import ConnectionWriter, writer_of

Document = tuple[UUID, dict[str, Any]]
NO_ENVELOPE = Envelope(commitment=b"", nonce=b"", ciphertext=b"", subject=b"")


def documents_of(events: Sequence[Event], now: datetime) -> list[Document]:
    """Return the events as AuditEvents, each under a new id."""
    return [_document(event, now) for event in events]


def write_documents(documents: Sequence[Document], now: datetime) -> list[UUID]:
    """Write AuditEvents under their ids. Raises: DatabaseError, OSError; AuditUnavailable after the commit."""

    def prepared() -> list[_Prepared]:
        return [_prepared(event_id, document, now) for event_id, document in documents]

    try:
        return _write(prepared, now)
    except _PatientKeyGone:  # shredded in between: the patient gets a new key
        forget_patient_keys()
        return _write(prepared, now)


def write_mark(kind: str, **more: str | int) -> UUID:
    """Write an entry that is no event (a heartbeat, a restore, a purge) and return its id. Raises: as above."""
    now = timezone.now()
    mark = _Prepared(event_id=new_event_id(), header=mark_header(kind, now, **more))
    return _write(lambda: [mark], now)[0]


class _PatientKeyGone(AuditError):
    """The key that an entry was prepared under is no longer there."""


@dataclass(frozen=True, kw_only=True)
class _Prepared:
    """All of an entry but its place among its writer's."""

    event_id: UUID
    header: Mapping[str, object]
    tokens: Mapping[str, bytes] = field(default_factory=dict)
    key_id: str = ""
    envelope: Envelope = NO_ENVELOPE
    patient_key: PatientKey | None = None


def _prepared(event_id: UUID, document: dict[str, Any], now: datetime) -> _Prepared:
    ring, values = key_ring(), search_values(document)
    tokens = tokens_of(values, ring.blind_secret(quarter_of(now)))
    header = event_header(values, now)
    data_key = ring.data_key(now)
    of_patient = patient_key(tokens["patient"]) if "patient" in tokens else None
    envelope = sealed(
        document,
        event_id=event_id,
        header=canonical(header),
        data_key=data_key,
        subject_key=of_patient.key if of_patient else None,
    )
    return _Prepared(
        event_id=event_id,
        header=header,
        tokens=tokens,
        key_id=data_key[0],
        envelope=envelope,
        patient_key=of_patient,
    )


def _write(prepare: Callable[[], list[_Prepared]], now: datetime) -> list[UUID]:
    connection = connections[DEFAULT_DB_ALIAS]
    # A failure leaves a transaction of the caller's as it was.
    with transaction.atomic() if connection.in_atomic_block else nullcontext():
        writer = writer_of(connection)
        writer.begin()
        prepared = prepare()
        entries = [_signed(each, writer, now) for each in prepared]
        with _transaction(connection, len(entries)):
            for each, entry in zip(prepared, entries, strict=True):
                if not insert(connection, entry, each.patient_key):
                    raise _PatientKeyGone("The key over the patient was destroyed meanwhile: try again")
            transaction.on_commit(functools.partial(_committed, writer, entries[-1].writer_seq))
    return [entry.event_id for entry in entries]


def _transaction(connection: BaseDatabaseWrapper, statements: int) -> AbstractContextManager[None]:
    """Return the transaction for the rows alone: SQLite has one write lock, so nothing else happens under it.

    A single statement of PostgreSQL is a transaction by itself.
    """
    if connection.in_atomic_block or (connection.vendor == "postgresql" and statements == 1):
        return nullcontext()
    return transaction.atomic()


def _signed(prepared: _Prepared, writer: ConnectionWriter, now: datetime) -> Entry:
    """Return the entry with its number and MAC."""
    head, outcome = canonical(prepared.header), prepared.header.get("outcome")
    search = canonical({field: value.hex() for field, value in prepared.tokens.items()})
    columns = {"event_id": prepared.event_id, "key_id": prepared.key_id, **vars(prepared.envelope)}

    def leaf(seq: int) -> bytes:
        return Leaf(writer_id=writer.id, writer_seq=seq, header=head, tokens=search, **columns).preimage()

    signed = writer.sign(leaf)
    return Entry(
        writer_id=writer.id,
        writer_seq=signed.seq,
        mac=signed.mac,
        header=head,
        tokens=search,
        recorded_at=now,
        outcome=int(str(outcome)) if outcome is not None else None,
        emergency=bool(prepared.header.get("emergency", False)),
        **columns,
        **{f"{field}_token": value for field, value in prepared.tokens.items()},
    )


def _document(event: Event, now: datetime) -> Document:
    event_id = new_event_id()
    return event_id, audit_event(
        event, event_id=event_id, recorded_at=now, observer=settings.TACIT_AUDIT_ORIGIN, client=event.client
    )


def _committed(writer: ConnectionWriter, seq: int) -> None:
    writer.committed(seq)
    try:
        flush(connections[DEFAULT_DB_ALIAS])
    except OSError as error:
        raise AuditUnavailable("The audit record cannot be flushed to the disk: check it") from error
