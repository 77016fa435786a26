"""The lines of a text file, plain or gzip, one at a time whatever the file's size."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import IO

from clinical.evaluation.errors import DataMissing, DataUnreadable

GZIP_MAGIC = b"\x1f\x8b"
# No row of a data set is longer; a longer line is a file of another kind, and would fill the memory.
LONGEST_LINE = 64 * 1024 * 1024


def numbered_lines(path: Path, *, wanted: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, with their numbers from 1. Raises: DataMissing, DataUnreadable."""
    with opened(path, wanted=wanted) as file:
        number = 0
        while line := file.readline(LONGEST_LINE):
            number += 1
            if len(line) == LONGEST_LINE:
                raise DataUnreadable(path, f"line {number} is longer than {LONGEST_LINE // 2**20} MiB")
            if line.strip():
                yield number, line


@contextmanager
def opened(path: Path, *, wanted: str) -> Iterator[IO[str]]:
    """Give the file as UTF-8 text; gzip is known by its first bytes. Raises: DataMissing, DataUnreadable."""
    try:
        with path.open("rb") as raw:
            is_gzip = raw.read(2) == GZIP_MAGIC
            raw.seek(0)
            binary = gzip.GzipFile(fileobj=raw) if is_gzip else raw
            with TextIOWrapper(binary, encoding="utf-8-sig", newline="") as text:
                yield text
    except UnicodeDecodeError:
        raise DataUnreadable(path, "it is not UTF-8 text") from None
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise DataUnreadable(path, "its gzip is cut short or damaged") from None
    except OSError as error:
        if error.filename is None:
            raise DataUnreadable(path, f"it cannot be read ({error.strerror})") from None
        raise DataMissing(path, wanted) from None


def existing(folder: Path, *names: str, wanted: str) -> Path:
    """Return the first of the files that is in the folder. Raises: DataMissing."""
    found = next((folder / name for name in names if (folder / name).is_file()), None)
    if found is None:
        raise DataMissing(folder / names[0], wanted)
    return found
