"""SHA-256 of large files, read once and in pieces."""

import hashlib
from collections.abc import Callable
from pathlib import Path

# (done, total): how far a piece of work is. `total` is None while nobody knows it.
Progress = Callable[[int, int | None], None]
PIECE_BYTES = 1024 * 1024


def no_progress(done: int, total: int | None) -> None:
    """Show nothing."""


def counted(total: int, on_progress: Progress) -> Callable[[int], None]:
    """Return a function that is told each count of bytes just read, and tells the sum of them of `total`."""
    done = 0

    def count(read_now: int) -> None:
        nonlocal done
        done += read_now
        on_progress(done, total)

    return count


def sha256_of(file: Path, *, on_bytes: Callable[[int], None] = lambda count: None) -> str:
    """Return the SHA-256 of the file's content, 64 hex digits; `on_bytes` hears how many bytes were just read."""
    digest = hashlib.sha256()
    piece = bytearray(PIECE_BYTES)
    view = memoryview(piece)
    with file.open("rb", buffering=0) as stream:
        while count := stream.readinto(piece):
            digest.update(view[:count])
            on_bytes(count)
    return digest.hexdigest()
