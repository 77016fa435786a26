"""A file that is encrypted as it is written and decrypted as it is read, a piece at a time.

AES-256-GCM in the STREAM construction: a piece's nonce holds its number and whether it is the last, so that pieces
cannot be reordered, left out or cut off. Source: Hoang, Reyhanitabar, Rogaway, Vizar. Online authenticated-encryption
and its nonce-reuse misuse-resistance. CRYPTO 2015; NIST SP 800-38D. The key is of one file alone.
"""

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from compliance.errors import ExportDamaged

PIECE_BYTES = 1024 * 1024
TAG_BYTES = 16
PREFIX_BYTES = 7


def seal_file(source: Path, target: Path, *, key: bytes, bound_to: bytes) -> None:
    """Encrypt a file into a new one of mode 0600, which is on the disk when this returns. Raises: OSError."""
    prefix, cipher = os.urandom(PREFIX_BYTES), AESGCM(key)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source.open("rb") as plain, os.fdopen(descriptor, "wb") as sealed:
        sealed.write(prefix)
        for number, (piece, is_last) in enumerate(_pieces(plain, PIECE_BYTES)):
            sealed.write(cipher.encrypt(_nonce(prefix, number, is_last=is_last), piece, bound_to))
        sealed.flush()
        os.fsync(sealed.fileno())


def opened_file(path: Path, *, key: bytes, bound_to: bytes) -> Iterator[bytes]:
    """Yield what was sealed, a piece at a time. Raises: ExportDamaged."""
    cipher = AESGCM(key)
    with path.open("rb") as sealed:
        prefix = sealed.read(PREFIX_BYTES)
        for number, (piece, is_last) in enumerate(_pieces(sealed, PIECE_BYTES + TAG_BYTES)):
            try:
                yield cipher.decrypt(_nonce(prefix, number, is_last=is_last), piece, bound_to)
            except (InvalidTag, ValueError):
                raise ExportDamaged("The package does not open: it was changed or cut off") from None


def _pieces(stream: BinaryIO, size: int) -> Iterator[tuple[bytes, bool]]:
    """Yield pieces of this size and whether each is the last; an empty stream has one empty piece."""
    piece = stream.read(size)
    while True:
        following = stream.read(size)
        yield piece, not following
        if not following:
            return
        piece = following


def _nonce(prefix: bytes, number: int, *, is_last: bool) -> bytes:
    return prefix + struct.pack(">IB", number, is_last)
