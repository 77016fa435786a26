"""The keys over patients' identifiers: one for each patient and quarter, so that one patient can be taken out.

A key's place is the patient's blind token of the quarter, which every entry about the patient names.
"""

import secrets
import time
from collections.abc import Iterable
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import transaction

from audit.errors import EntryUnreadable
from audit.ledger.keys import KEY_BYTES, SUBJECTS, derived, key_ring
from audit.ledger.models import SubjectKey

NONCE_BYTES = 12
REMEMBERED_SECONDS = 60
REMEMBERED_AT_MOST = 5_000


class PatientKey(NamedTuple):
    """A patient's key, and the row that it lies in."""

    place: bytes
    wrapped: bytes
    key: bytes


class _Remembered:
    """Keys that were in use lately; all are forgotten together, so that one that is shredded is soon gone here."""

    def __init__(self) -> None:
        self._keys: dict[bytes, PatientKey] = {}
        self._until = 0.0

    def get(self, place: bytes) -> PatientKey | None:
        if time.monotonic() > self._until or len(self._keys) > REMEMBERED_AT_MOST:
            self.forget()
        return self._keys.get(place)

    def add(self, key: PatientKey) -> None:
        self._keys[key.place] = key

    def forget(self) -> None:
        self._keys.clear()
        self._until = time.monotonic() + REMEMBERED_SECONDS


_remembered = _Remembered()


def patient_key(patient_token: bytes) -> PatientKey:
    """Return the patient's key, made in the caller's transaction where there is none.

    It may have been shredded a moment ago: whoever writes under it looks whether its row is still there.
    """
    if known := _remembered.get(patient_token):
        return known
    wrapped = _wrapped(patient_token) or _made(patient_token)
    found = PatientKey(patient_token, wrapped, _unwrapped(patient_token, wrapped))
    transaction.on_commit(lambda: _remembered.add(found))
    return found


def forget_patient_keys() -> None:
    """Read the keys anew at the next use."""
    _remembered.forget()


def subject_keys(patient_tokens: Iterable[bytes]) -> dict[bytes, bytes]:
    """Return the keys that are still there, by token; those that are missing were shredded."""
    rows = SubjectKey.objects.filter(subject_token__in=set(patient_tokens))
    return {
        bytes(row.subject_token): _unwrapped(bytes(row.subject_token), bytes(row.wrapped)) for row in rows
    }


def shred(patient_tokens: Iterable[bytes]) -> int:
    """Destroy the patient's keys; return how many there were."""
    forget_patient_keys()
    return SubjectKey.objects.filter(subject_token__in=set(patient_tokens)).delete()[0]


def _wrapper() -> AESGCM:
    secret = key_ring().make_or_open(SUBJECTS)
    return AESGCM(derived(secret, f"tacit/subjects/{settings.TACIT_AUDIT_TENANT}"))


def _made(patient_token: bytes) -> bytes:
    nonce, key = secrets.token_bytes(NONCE_BYTES), secrets.token_bytes(KEY_BYTES)
    row = SubjectKey(
        subject_token=patient_token, wrapped=nonce + _wrapper().encrypt(nonce, key, patient_token)
    )
    # Another process may be first: then its row counts.
    SubjectKey.objects.bulk_create([row], ignore_conflicts=True)
    return _wrapped(patient_token) or b""


def _wrapped(patient_token: bytes) -> bytes | None:
    row = SubjectKey.objects.filter(subject_token=patient_token).first()
    return bytes(row.wrapped) if row else None


def _unwrapped(place: bytes, wrapped: bytes) -> bytes:
    try:
        return _wrapper().decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], place)
    except InvalidTag:
        raise EntryUnreadable("A patient's audit key does not open: it was changed") from None
