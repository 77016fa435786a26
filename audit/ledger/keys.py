"""The keys that entries are written under: wrapped in the database, open only in this process.

data/DAY/...    one for each process and day (NIST SP 800-38D, section 8.3, bounds what one key may encrypt)
blind/QUARTER   the secret behind the search tokens of a quarter
subjects        the secret over the keys of single patients
"""

import os
import secrets
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from django.db import transaction
from django.utils import timezone

from audit.errors import KeyMissing
from audit.keys.configured import key_encryptor
from audit.keys.data_key_use import DataKeyUse
from audit.keys.errors import DataKeySpent
from audit.keys.wrapping import Wrapped
from audit.ledger.models import WrappedKey

KEY_BYTES = 32
SUBJECTS = "subjects"
# Far below what AES-GCM with random nonces allows (NIST SP 800-38D, section 8.3: 2^32).
USES_AT_MOST = 2**31


class KeyRing:
    """The opened keys of this process. Nothing here survives it."""

    def __init__(self) -> None:
        self._opened: dict[str, bytes] = {}
        self._data_key: tuple[str, DataKeyUse] | None = None

    def data_key(self, now: datetime) -> tuple[str, bytes]:
        """Return id and key for what is written now by this process; the caller's transaction holds its row."""
        day = f"{now:%Y-%m-%d}"
        if self._data_key is None or self._data_key[0] != day:
            self._data_key = day, _new_data_key(day)
        try:
            self._data_key[1].count()
        except DataKeySpent:
            self._data_key = day, _new_data_key(day)
            self._data_key[1].count()
        key_id = self._data_key[1].key_id
        return key_id, self.make_or_open(key_id)

    def blind_secret(self, quarter: str) -> bytes:
        """Return the secret of a quarter like "2026Q4", made where it is the first time."""
        return self.make_or_open(f"blind/{quarter}")

    def blind_secrets(self, quarters: list[str]) -> list[bytes]:
        """Return the secrets of those quarters that have one."""
        known = set(
            WrappedKey.objects.filter(key_id__in=[f"blind/{each}" for each in quarters]).values_list(
                "key_id", flat=True
            )
        )
        return [self.open(f"blind/{each}") for each in quarters if f"blind/{each}" in known]

    def make_or_open(self, key_id: str) -> bytes:
        """Return a key; make it where there is none.

        A new row shares the fate of the caller's transaction, so the key is remembered only once that has ended well.
        Two processes may make a shared key at once: the database lets one row in, and both read that.
        """
        if key_id in self._opened:
            return self._opened[key_id]
        if not WrappedKey.objects.filter(key_id=key_id).exists():
            wrapped = key_encryptor().wrap(secrets.token_bytes(KEY_BYTES), key_id.encode())
            row = WrappedKey(
                key_id=key_id, kek_id=wrapped.kek_id, wrapped=wrapped.blob, created_at=timezone.now()
            )
            WrappedKey.objects.bulk_create([row], ignore_conflicts=True)
        key = self._unwrapped(key_id)
        transaction.on_commit(lambda: self._opened.setdefault(key_id, key))
        return key

    def open(self, key_id: str) -> bytes:
        """Return a key that must be there. Raises: KeyMissing."""
        if key_id in self._opened:
            return self._opened[key_id]
        key = self._unwrapped(key_id)
        # Its row may be of the caller's own transaction, which may yet be rolled back.
        transaction.on_commit(lambda: self._opened.setdefault(key_id, key))
        return key

    def _unwrapped(self, key_id: str) -> bytes:
        row = WrappedKey.objects.filter(key_id=key_id).order_by("-id").first()
        if row is None:
            raise KeyMissing(f"The audit key {key_id} is not in the database: restore it from a backup")
        return key_encryptor().unwrap(Wrapped(row.kek_id, bytes(row.wrapped)), key_id.encode())


def _new_data_key(day: str) -> DataKeyUse:
    return DataKeyUse(f"data/{day}/{os.getpid()}-{secrets.token_hex(6)}", limit=USES_AT_MOST)


def derived(secret: bytes, purpose: str) -> bytes:
    """Return a key for one purpose. Source: RFC 5869, the expand step over a secret that is uniform already."""
    return HKDFExpand(algorithm=SHA256(), length=KEY_BYTES, info=purpose.encode()).derive(secret)


def quarter_of(moment: datetime) -> str:
    """Return the quarter, like "2026Q4"."""
    return f"{moment.year}Q{(moment.month + 2) // 3}"


_ring: tuple[int, KeyRing] | None = None


def key_ring() -> KeyRing:
    """Return this process's ring; a forked process gets one of its own, with data keys of its own."""
    global _ring
    if _ring is None or _ring[0] != os.getpid():
        _ring = os.getpid(), KeyRing()
    return _ring[1]


def forget_keys() -> None:
    """Close all keys: the next use opens them again."""
    global _ring
    _ring = None
