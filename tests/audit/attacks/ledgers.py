"""A small ledger, and what whoever owns its database can do to it."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.db import connection, models

from audit.domain import Event, Outcome
from audit.keys.officer import read_officer_private_key
from audit.ledger.keys import forget_keys
from audit.ledger.models import APPEND_ONLY, Checkpoint, Entry, Seal, SubjectKey, Tile, Unsealed, Writer
from audit.ledger.sealer import Sealer
from audit.ledger.setup import checkpoint_verifier, officer_passphrase_file, officer_private_file
from audit.ledger.writer import forget_writers
from audit.services import append

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
LATER = datetime(2100, 1, 1, tzinfo=UTC)


def event(**changes: Any) -> Event:
    fields = {
        "action": "read-record",
        "outcome": Outcome.SUCCESS,
        "actor": "alma",
        "role": "clinician",
        "patient_id": "pat-1",
        "purpose": "TREAT",
    }
    return Event(**fields | changes)


class Clock:
    """The time that entries are recorded at, which their ids and their writers' say too."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def set(self, moment: datetime) -> None:
        clock = SimpleNamespace(time_ns=lambda: int(moment.timestamp()) * 10**9)
        self._monkeypatch.setattr("audit.domain.time", clock)
        self._monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


def new_process() -> None:
    """Go on as another process would: with writers and keys of its own."""
    forget_writers()
    forget_keys()


def seal() -> None:
    sealer = Sealer()
    while sealer.seal():
        pass
    sealer.release()


def record(count: int, **changes: Any) -> list[UUID]:
    """Append events about three patients by turns, and seal them."""
    ids = [append(event(**{"patient_id": f"pat-{number % 3}"} | changes)) for number in range(count)]
    seal()
    return ids


def take_the_guards_away() -> None:
    """Drop the triggers, as the owner of the database can."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit_%'"
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
            return
        guarded: list[type[models.Model]] = [Entry, SubjectKey, *APPEND_ONLY]
        for model in guarded:
            cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER USER")


def officer() -> X25519PrivateKey:
    passphrase = officer_passphrase_file().read_text().strip()
    return read_officer_private_key(officer_private_file(), passphrase)


def pinned() -> str:
    return str(checkpoint_verifier())


def newest_note() -> bytes:
    newest = Checkpoint.objects.order_by("-size").first()
    assert newest is not None
    return newest.note.encode()


def entry_at(seq: int) -> Entry:
    return Entry.objects.get(event_id=Seal.objects.get(seq=seq).event_id)


def edit(entry: Entry, **columns: Any) -> None:
    assert Entry.objects.filter(pk=entry.pk).update(**columns) == 1


def flipped(data: bytes, place: int = 0) -> bytes:
    changed = bytearray(data)
    changed[place] ^= 1
    return bytes(changed)


def sign_again() -> None:
    """Build the whole tree anew over what lies there now, with the live key that was stolen."""
    order = list(Seal.objects.order_by("seq").values_list("event_id", flat=True))
    alive = set(Entry.objects.filter(event_id__in=order).values_list("event_id", flat=True))
    for model in (Seal, Tile, Checkpoint, Unsealed):
        model.objects.all().delete()
    for event_id in order:
        if event_id in alive:
            Unsealed.objects.create(event_id=event_id)
    seal()


def roll_back(size: int) -> None:
    """Take the ledger back to what it was at a size that it had."""
    gone = Seal.objects.filter(seq__gte=size)
    Entry.objects.filter(event_id__in=gone.values("event_id")).delete()
    gone.delete()
    Tile.objects.filter(level=0, index__gte=size // 256).delete()
    Checkpoint.objects.filter(size__gt=size).delete()
    Writer.objects.exclude(writer_id__in=Entry.objects.values("writer_id")).delete()
