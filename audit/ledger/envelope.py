"""One event, encrypted: the body under a data key, the patient's id under a key of the patient's own.

AES-256-GCM with random nonces (NIST SP 800-38D). Whoever destroys the patient's key takes the patient out of the
record and leaves every proof standing, because proofs are about ciphertexts.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from audit.balp.placeholder import patient_placeholder
from audit.errors import EntryUnreadable
from audit.ledger.encoding import associated_data, canonical, commitment_of

NONCE_BYTES = 12
SALT_BYTES = 32


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What of an event is secret, as its entry holds it."""

    commitment: bytes
    nonce: bytes
    ciphertext: bytes
    subject: bytes


def sealed(
    document: Mapping[str, Any],
    *,
    event_id: UUID,
    header: bytes,
    data_key: tuple[str, bytes],
    subject_key: bytes | None,
) -> Envelope:
    """Return the AuditEvent encrypted. `subject_key` is the patient's, where it names one."""
    key_id, key = data_key
    data = associated_data(event_id, tenant=settings.TACIT_AUDIT_TENANT, key_id=key_id, header=header)
    body, patient_id = patient_placeholder(document)
    subject = b""
    if patient_id is not None and subject_key is not None:
        subject_nonce = os.urandom(NONCE_BYTES)
        subject = subject_nonce + AESGCM(subject_key).encrypt(subject_nonce, patient_id.encode(), data)
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    return Envelope(
        commitment=commitment_of(salt, canonical(document)),
        nonce=nonce,
        ciphertext=AESGCM(key).encrypt(nonce, salt + canonical(body), data),
        subject=subject,
    )


def opened_body(envelope: Envelope, *, key: bytes, data: bytes) -> tuple[bytes, bytes]:
    """Return salt and body. Raises: EntryUnreadable where anything was changed."""
    try:
        plain = AESGCM(key).decrypt(envelope.nonce, envelope.ciphertext, data)
    except InvalidTag:
        raise EntryUnreadable("An audit entry does not open: it, or its key, was changed") from None
    return plain[:SALT_BYTES], plain[SALT_BYTES:]


def opened_subject(subject: bytes, *, key: bytes, data: bytes) -> str:
    """Return the patient's id. Raises: EntryUnreadable."""
    try:
        return AESGCM(key).decrypt(subject[:NONCE_BYTES], subject[NONCE_BYTES:], data).decode()
    except InvalidTag:
        raise EntryUnreadable("An audit entry's patient does not open: it, or its key, was changed") from None
