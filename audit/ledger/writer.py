"""Who writes: one database connection of one process, with a sequence and a MAC key that only goes forward.

Each MAC key is the hash of the one before, which is erased (B. Schneier, J. Kelsey, "Secure audit logs to support
computer forensics", ACM TISSEC 2(2), 1999). Whoever takes over the process cannot rewrite what it wrote before.
A number that was rolled back was never seen by anyone and is used again, so a gap always means a deletion.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Max
from django.utils import timezone

from audit.domain import new_event_id
from audit.keys.officer import seal_to_officer
from audit.ledger.models import Entry, Writer
from audit.ledger.setup import officer_key

RATCHET_MAGIC = b"tacit/ratchet/1"


def next_key(key: bytes) -> bytes:
    """Return the MAC key after this one."""
    return hashlib.sha256(RATCHET_MAGIC + key).digest()


@dataclass(frozen=True)
class Signed:
    """A leaf's place among its writer's, and its MAC."""

    seq: int
    mac: bytes


class ConnectionWriter:
    """The writer of one connection. `keys` holds the MAC keys from the first number whose commit is not known."""

    def __init__(self) -> None:
        self.id = new_event_id()
        self.pid = os.getpid()
        self._first = 0
        self._keys = [secrets.token_bytes(32)]
        self._is_registered = False

    def begin(self) -> None:
        """Get ready within the caller's transaction: register, and go back over numbers that were rolled back."""
        if not self._is_registered:
            self._register()
        if len(self._keys) > 1:
            last = Entry.objects.filter(writer_id=self.id).aggregate(last=Max("writer_seq"))["last"]
            written = self._first if last is None else last + 1
            del self._keys[written - self._first + 1 :]

    def sign(self, preimage: Callable[[int], bytes]) -> Signed:
        """Return the next number and the MAC over the leaf that bears it."""
        seq, key = self._first + len(self._keys) - 1, self._keys[-1]
        self._keys.append(next_key(key))
        return Signed(seq, hmac.digest(key, preimage(seq), "sha256"))

    def committed(self, seq: int) -> None:
        """Erase the keys up to a number that is in the database for good."""
        if seq >= self._first:
            del self._keys[: seq + 1 - self._first]
            self._first = seq + 1

    def _register(self) -> None:
        if Writer.objects.filter(writer_id=self.id).exists():
            return
        box = seal_to_officer(officer_key(), self._keys[0], self.id.bytes)
        Writer.objects.create(writer_id=self.id, officer_box=box, started_at=timezone.now())
        transaction.on_commit(self._registered)

    def _registered(self) -> None:
        self._is_registered = True


_writers: WeakKeyDictionary[BaseDatabaseWrapper, ConnectionWriter] = WeakKeyDictionary()


def writer_of(connection: BaseDatabaseWrapper) -> ConnectionWriter:
    """Return the connection's writer; a forked process gets new ones."""
    writer = _writers.get(connection)
    if writer is None or writer.pid != os.getpid():
        writer = _writers[connection] = ConnectionWriter()
    return writer


def forget_writers() -> None:
    """Begin with new writers: the old ones write nothing more."""
    _writers.clear()
