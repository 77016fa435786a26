"""Events of the tests, and what an independent reader makes of an entry."""

import hashlib
import hmac
from typing import Any

from audit.domain import Event, Outcome
from audit.keys.officer import open_with_officer_key, read_officer_private_key
from audit.ledger.setup import officer_passphrase_file, officer_private_file
from audit.models import Entry, Writer


def an_event(**changes: Any) -> Event:
    values: dict[str, Any] = {
        "action": "ask",
        "outcome": Outcome.SUCCESS,
        "actor": "alma",
        "role": "clinician",
        "patient_id": "af-ckd",
        "purpose": "TREAT",
    }
    return Event(**values | changes)


def prefixed(part: bytes) -> bytes:
    return len(part).to_bytes(4, "big") + part


def preimage(entry: Entry) -> bytes:
    """Return an entry's leaf as the format says, written a second time."""
    leaf = b"tacit/leaf/1" + prefixed(entry.event_id.bytes) + prefixed(entry.writer_id.bytes)
    leaf += entry.writer_seq.to_bytes(8, "big")
    for part in (entry.header, entry.tokens, entry.commitment, entry.key_id.encode(), entry.nonce):
        leaf += prefixed(bytes(part))
    for part in (entry.ciphertext, entry.subject):
        leaf += prefixed(hashlib.sha256(bytes(part)).digest())
    return leaf


def assert_macs_hold(entries: list[Entry]) -> None:
    """Check one writer's entries, all of them in order, as the officer does: from the key in the officer's box."""
    passphrase = officer_passphrase_file().read_text().strip()
    private = read_officer_private_key(officer_private_file(), passphrase)
    writer = Writer.objects.get(writer_id=entries[0].writer_id)
    key = open_with_officer_key(private, bytes(writer.officer_box), writer.writer_id.bytes)
    for place, entry in enumerate(entries):
        assert (entry.writer_id, entry.writer_seq) == (writer.writer_id, place)
        assert hmac.new(key, preimage(entry), "sha256").digest() == bytes(entry.mac)
        key = hashlib.sha256(b"tacit/ratchet/1" + key).digest()
