"""Reads entries back: found by blind tokens, opened one page at a time."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from audit.balp.placeholder import with_patient
from audit.errors import EntryUnreadable
from audit.ledger.encoding import associated_data
from audit.ledger.envelope import Envelope, opened_body, opened_subject
from audit.ledger.keys import key_ring, quarter_of
from audit.ledger.models import Entry, Seal
from audit.ledger.sealer import leaf_of
from audit.ledger.subjects import subject_keys
from audit.ledger.tokens import token
from audit.tlog.merkle import leaf_hash

PAGE = 500


@dataclass(frozen=True, kw_only=True)
class Query:
    """Which entries: everything that is said must hold, of several actions or outcomes one.

    Times: `since` <= recorded < `until`.
    """

    since: datetime
    until: datetime
    values: Mapping[str, str] = field(default_factory=dict)
    actions: frozenset[str] = frozenset()
    outcomes: frozenset[int] = frozenset()
    emergency: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Opened:
    """An entry and its AuditEvent. Where the patient was taken out of the record, `is_shredded` says so."""

    entry: Entry
    document: dict[str, Any]
    salt: bytes
    is_shredded: bool = False


def find(query: Query) -> QuerySet[Entry]:
    """Return the events that match, oldest first."""
    entries = Entry.objects.filter(recorded_at__gte=query.since, recorded_at__lt=query.until)
    entries = entries.filter(outcome__isnull=False)
    for name, value in query.values.items():
        entries = entries.filter(_token_is(name, value, query))
    if query.actions:
        tokens = [token for action in query.actions for token in tokens_for("action", action, query)]
        entries = entries.filter(action_token__in=tokens)
    if query.outcomes:
        entries = entries.filter(outcome__in=query.outcomes)
    if query.emergency is not None:
        entries = entries.filter(emergency=query.emergency)
    return entries.order_by("recorded_at", "id")


def tokens_for(name: str, value: str, query: Query) -> list[bytes]:
    """Return the tokens that a value has in the quarters of the query."""
    secrets = key_ring().blind_secrets(quarters_between(query.since, query.until))
    return [token(name, value, secret) for secret in secrets]


def opened(entries: Iterable[Entry]) -> Iterator[Opened]:
    """Yield the entries' documents. Raises: EntryUnreadable, KeyMissing."""
    page: list[Entry] = []
    for entry in entries:
        page.append(entry)
        if len(page) == PAGE:
            yield from _opened_page(page)
            page = []
    yield from _opened_page(page)


def quarters_between(since: datetime, until: datetime) -> list[str]:
    """Return the quarters from one moment to the other, none that is still to come."""
    last = quarter_of(min(until, timezone.now()))
    quarters, year, quarter = [], since.year, (since.month + 2) // 3
    while (label := f"{year}Q{quarter}") <= last:
        quarters.append(label)
        year, quarter = (year, quarter + 1) if quarter < 4 else (year + 1, 1)
    return quarters


def _token_is(name: str, value: str, query: Query) -> Q:
    return Q(**{f"{name}_token__in": tokens_for(name, value, query)})


def _opened_page(page: list[Entry]) -> Iterator[Opened]:
    subjects = subject_keys(bytes(entry.patient_token) for entry in page if entry.patient_token is not None)
    for entry in page:
        yield _opened(entry, subjects)


def _opened(entry: Entry, subjects: Mapping[bytes, bytes]) -> Opened:
    header = bytes(entry.header)
    data = associated_data(
        entry.event_id, tenant=settings.TACIT_AUDIT_TENANT, key_id=entry.key_id, header=header
    )
    envelope = Envelope(
        commitment=bytes(entry.commitment),
        nonce=bytes(entry.nonce),
        ciphertext=bytes(entry.ciphertext),
        subject=bytes(entry.subject),
    )
    salt, body = opened_body(envelope, key=key_ring().open(entry.key_id), data=data)
    document = json.loads(body)
    if not envelope.subject:
        return Opened(entry=entry, document=document, salt=salt)
    key = subjects.get(bytes(entry.patient_token or b""))
    if key is None:
        return Opened(entry=entry, document=document, salt=salt, is_shredded=True)
    try:
        patient_id = opened_subject(envelope.subject, key=key, data=data)
    except EntryUnreadable:
        # A patient who came back after they were shredded has a new key. Whoever changed the entry must not pass so.
        if not _is_as_sealed(entry):
            raise
        return Opened(entry=entry, document=document, salt=salt, is_shredded=True)
    return Opened(entry=entry, document=with_patient(document, patient_id), salt=salt)


def _is_as_sealed(entry: Entry) -> bool:
    seal = Seal.objects.filter(event_id=entry.event_id).first()
    return seal is not None and bytes(seal.leaf_hash) == leaf_hash(leaf_of(entry).preimage())
