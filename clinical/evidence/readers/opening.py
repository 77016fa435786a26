"""A file opened for a reader, unpacked on the way; whatever is wrong with it is one typed error."""

import gzip
import io
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from clinical.evidence.errors import CorpusUnreadable

_GZIP = b"\x1f\x8b"
_FIX_ACCESS = "Check its path and mode, then run the command again."


class Opened(io.RawIOBase):
    """The bytes of a file, unpacked. Reading raises CorpusUnreadable, so that no other OSError is taken for it."""

    def __init__(self, path: Path, raw: BinaryIO) -> None:
        self._path = path
        self._raw = raw
        is_packed = raw.read(2) == _GZIP
        raw.seek(0)
        if path.suffix == ".gz" and not is_packed and raw.read(1):
            raise CorpusUnreadable(path, "not a gzip file")
        raw.seek(0)
        self._stream = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if is_packed else raw

    @property
    def position(self) -> int:
        """How many bytes of the file itself were read, as they lie on the disk."""
        return self._raw.tell()

    def readable(self) -> bool:
        """Say that bytes can be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # the stub's Buffer
        """Fill the buffer. Raises: CorpusUnreadable."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def read(self, size: int = -1) -> bytes:
        """Return at most so many bytes. Raises: CorpusUnreadable."""
        try:
            return self._stream.read(size)
        except (OSError, EOFError, zlib.error) as error:
            raise CorpusUnreadable(self._path, "cut short, or damaged") from error


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """Give the file's unpacked bytes. Raises: CorpusUnreadable."""
    raw = _open(path)
    with raw:
        yield Opened(path, raw)


def _open(path: Path) -> BinaryIO:
    try:
        # Looked at before it is opened: to open a pipe would wait for somebody to write.
        if not stat.S_ISREG(path.stat().st_mode):
            raise CorpusUnreadable(path, "is not a file", fix=_FIX_ACCESS)
        return path.open("rb")
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise CorpusUnreadable(path, f"cannot be opened ({reason})", fix=_FIX_ACCESS) from error
