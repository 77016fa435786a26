"""A file that is still coming: the bytes so far, and what the server said of them, so that it can be continued.

`NAME.part` holds the bytes, `NAME.part.json` the server's words. A whole file whose SHA-256 nobody has confirmed
waits as `NAME.unverified`, which no registry reads.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from clinical.inference.registry.errors import DownloadFailed


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where the bytes come from. `validator` is an ETag or a date for If-Range; texts are empty where unsaid."""

    address: str
    validator: str = ""
    total: int | None = None
    published_sha256: str = ""


class PartialFile:
    """What there is so far of the file that will lie at `target`."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.part = target.with_name(f"{target.name}.part")
        self.unverified = target.with_name(f"{target.name}.unverified")
        self._words = target.with_name(f"{target.name}.part.json")
        self._lock = target.with_name(f".{target.name}.lock")

    @property
    def size(self) -> int:
        """Bytes so far."""
        return self.part.stat().st_size if self.part.is_file() else 0

    @property
    def origin(self) -> Origin | None:
        """What the server said; None where that is not known."""
        try:
            words = json.loads(self._words.read_text(encoding="utf-8"))
            return Origin(**words)
        except (OSError, ValueError, TypeError):
            return None

    @contextmanager
    def only_here(self) -> Iterator[None]:
        """Hold the right to fetch this file. Raises: DownloadFailed where another process has it."""
        self.target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise DownloadFailed(f"{self.target} is being fetched by another process. Wait for it") from error
        try:
            yield
        finally:
            self._lock.unlink(missing_ok=True)
            os.close(descriptor)

    def begin(self, origin: Origin) -> None:
        """Forget the bytes so far, and remember what the server says now."""
        self.discard()
        descriptor = os.open(self._words, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(asdict(origin), stream)

    @contextmanager
    def appending(self) -> Iterator[BinaryIO]:
        """Write after the bytes so far; they are on disk when the block ends, however it ends."""
        descriptor = os.open(self.part, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as stream:
            try:
                yield stream
            finally:
                stream.flush()
                os.fsync(stream.fileno())

    def complete(self) -> None:
        """Take the bytes for a whole file that is not verified yet."""
        self.part.replace(self.unverified)

    def accept(self) -> None:
        """Put the verified file in its place."""
        self.unverified.replace(self.target)
        self._words.unlink(missing_ok=True)

    def discard(self) -> None:
        """Forget everything that came."""
        for file in (self.part, self.unverified, self._words):
            file.unlink(missing_ok=True)
