"""Cosignatures: a witness states that at this time this was the largest consistent tree that it had seen.

Source: C2SP tlog-cosignature, "Ed25519 signed message" (cosignature/v1, type 0x04).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from audit.tlog.errors import SignatureInvalid
from audit.tlog.vkeys import SigningKey, VerifierKey

COSIGNATURE_V1 = 0x04
_TIMESTAMP_BYTES = 8
_MAX_TIMESTAMP = 2**63 - 1


@dataclass(frozen=True)
class CosignerVerifierKey(VerifierKey):
    """The public key of a witness."""

    TYPE: ClassVar[int] = COSIGNATURE_V1

    def verify(self, text: bytes, signature: bytes) -> None:
        """Verify a cosignature of a checkpoint's text. Raises: SignatureInvalid."""
        super().verify(cosigned_message(text, cosigned_at(signature)), signature[_TIMESTAMP_BYTES:])


@dataclass(frozen=True)
class CosigningKey(SigningKey):
    """The private key of a witness, and its clock (seconds since 1970)."""

    VERIFIER: ClassVar[type[VerifierKey]] = CosignerVerifierKey

    clock: Callable[[], float] = time.time

    def sign(self, text: bytes) -> bytes:
        """Return the cosignature of a checkpoint's text as of now."""
        now = int(self.clock())
        return now.to_bytes(_TIMESTAMP_BYTES) + super().sign(cosigned_message(text, now))


def cosigned_message(text: bytes, timestamp: int) -> bytes:
    """Return what a witness signs: a header, the time in seconds since 1970, and the checkpoint's whole text."""
    return b"cosignature/v1\ntime %d\n" % timestamp + text


def cosigned_at(signature: bytes) -> int:
    """Return when the cosignature was made, in seconds since 1970. Raises: SignatureInvalid where it holds no time."""
    timestamp = int.from_bytes(signature[:_TIMESTAMP_BYTES])
    if len(signature) <= _TIMESTAMP_BYTES or timestamp > _MAX_TIMESTAMP:
        raise SignatureInvalid("A cosignature begins with its time, and this one does not")
    return timestamp
