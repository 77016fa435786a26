"""The bytes that are hashed and authenticated. `audit/verifier.py` implements them a second time, on its own."""

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import orjson

LEAF_MAGIC = b"tacit/leaf/1"


def canonical(document: Mapping[str, object]) -> bytes:
    """Return a JSON object in the one form that is hashed. Source: RFC 8785, for documents without fractions."""
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)


def length_prefixed(*parts: bytes) -> bytes:
    """Return the parts, each after its length in four bytes, so that no two lists of parts look alike."""
    return b"".join(struct.pack(">I", len(part)) + part for part in parts)


def commitment_of(salt: bytes, plaintext: bytes) -> bytes:
    """Return what binds an entry to its plaintext without telling it: AES-GCM alone does not commit to its key."""
    return hashlib.sha256(salt + plaintext).digest()


def associated_data(event_id: UUID, *, tenant: str, key_id: str, header: bytes) -> bytes:
    """Return what a ciphertext is bound to: moved to another row, tenant, key or header it does not open."""
    return length_prefixed(event_id.bytes, tenant.encode(), key_id.encode()) + hashlib.sha256(header).digest()


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """Everything that an entry says, as it stands in the tree."""

    event_id: UUID
    writer_id: UUID
    writer_seq: int
    header: bytes
    tokens: bytes
    commitment: bytes
    key_id: str
    nonce: bytes
    ciphertext: bytes
    subject: bytes

    def preimage(self) -> bytes:
        """Return the bytes of the leaf."""
        return (
            LEAF_MAGIC
            + length_prefixed(self.event_id.bytes, self.writer_id.bytes)
            + struct.pack(">Q", self.writer_seq)
            + length_prefixed(
                self.header,
                self.tokens,
                self.commitment,
                self.key_id.encode(),
                self.nonce,
                hashlib.sha256(self.ciphertext).digest(),
                hashlib.sha256(self.subject).digest(),
            )
        )
