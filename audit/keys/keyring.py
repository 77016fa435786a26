"""A keyring: versioned 256-bit keys of our own that wrap others with AES-256-GCM.

Source: NIST SP 800-38D. Nonces are 96 random bits from the operating system, so a forked process repeats none.
A KEK wraps some keys a day, far from the 2^32 that section 8.3 allows under random nonces.
"""

import base64
import hashlib
import json
import os
import secrets
import struct
from dataclasses import dataclass, field
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from audit.keys.errors import KeyFileInvalid, UnknownKek, UnwrapFailed
from audit.keys.wrapping import Wrapped

FORMAT = "tacit-keyring/1"
KEY_BYTES = 32
NONCE_BYTES = 12
_MAGIC = b"tacit/wrap/1"


@dataclass(frozen=True)
class Keyring:
    """The keys, oldest first: version 1, 2, ... The last one wraps, all of them unwrap."""

    keys: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def generate(cls) -> Self:
        """Return a new keyring with one version."""
        return cls((secrets.token_bytes(KEY_BYTES),))

    def with_new_version(self) -> Self:
        """Return the keyring with one version more."""
        return type(self)((*self.keys, secrets.token_bytes(KEY_BYTES)))

    @property
    def id(self) -> str:
        """Sixteen hex digits that tell keyrings apart; they follow from the first key, so shares need not say them."""
        return hashlib.sha256(b"tacit/keyring-id/1" + self.keys[0]).hexdigest()[:16]

    @property
    def kek_ids(self) -> tuple[str, ...]:
        """The ids of all versions, oldest first."""
        return tuple(f"file:{self.id}:{version}" for version in range(1, len(self.keys) + 1))

    @property
    def kek_id(self) -> str:
        """The id of the version that wraps now."""
        return self.kek_ids[-1]

    def wrap(self, secret: bytes, context: bytes) -> Wrapped:
        """Return the secret under the newest version: nonce, ciphertext and tag."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(self.keys[-1]).encrypt(nonce, secret, _associated(self.kek_id, context))
        return Wrapped(self.kek_id, nonce + sealed)

    def unwrap(self, wrapped: Wrapped, context: bytes) -> bytes:
        """Return the secret. Raises: UnwrapFailed, UnknownKek."""
        key = self._key(wrapped.kek_id)
        nonce, sealed = wrapped.blob[:NONCE_BYTES], wrapped.blob[NONCE_BYTES:]
        try:
            return AESGCM(key).decrypt(nonce, sealed, _associated(wrapped.kek_id, context))
        except (InvalidTag, ValueError):
            raise UnwrapFailed(
                f"The wrapped key does not open under {wrapped.kek_id}: it was changed, or belongs elsewhere"
            ) from None

    def _key(self, kek_id: str) -> bytes:
        if kek_id not in self.kek_ids:
            raise UnknownKek(
                f"The keyring does not hold {kek_id}: restore the right keyring from a backup or from its shares"
            )
        return self.keys[self.kek_ids.index(kek_id)]

    def to_json(self) -> bytes:
        """Return the keyring as its file holds it."""
        keys = {
            str(version): base64.b64encode(key).decode() for version, key in enumerate(self.keys, start=1)
        }
        return json.dumps({"format": FORMAT, "id": self.id, "keys": keys}, indent=2).encode() + b"\n"

    @classmethod
    def from_json(cls, document: bytes) -> Self:
        """Return the keyring of a file. Raises: KeyFileInvalid."""
        try:
            parsed = json.loads(document)
            encoded = parsed["keys"]
            ring = cls(
                tuple(base64.b64decode(encoded[str(v)], validate=True) for v in range(1, len(encoded) + 1))
            )
            is_whole = bool(ring.keys) and all(len(key) == KEY_BYTES for key in ring.keys)
            if parsed["format"] == FORMAT and is_whole and parsed["id"] == ring.id:
                return ring
        except (ValueError, KeyError, TypeError, AttributeError):
            # Told below, without a cause: a cause could quote the file.
            pass
        raise KeyFileInvalid("The keyring's file is damaged: restore it from a backup or from its shares")


def _associated(kek_id: str, context: bytes) -> bytes:
    """Return what is authenticated beside the secret; each part has its length in front, so none can run over."""
    parts = (kek_id.encode(), context)
    return _MAGIC + b"".join(struct.pack(">I", len(part)) + part for part in parts)
