"""A file that appears when it is complete, and not before."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clinical.inference.biogpt.errors import GgufExists, GgufNotWritten


def check_output(out: Path, *, overwrite: bool, size_bytes: int) -> None:
    """Check that the file may be written and that there is room. Raises: GgufExists, GgufNotWritten."""
    _check_free(out, overwrite=overwrite)
    if out.is_dir() or not out.parent.is_dir():
        raise GgufNotWritten(f"{out} cannot be written: it must be a file in a folder that exists")
    free = shutil.disk_usage(out.parent).free
    if free < size_bytes:
        raise GgufNotWritten(
            f"{out.parent} has {_gigabytes(free)} free, and writing takes {_gigabytes(size_bytes)}: make room"
        )


@contextmanager
def complete_file(out: Path, *, overwrite: bool) -> Iterator[Path]:
    """Yield a temporary path beside `out`; it becomes `out` at the end, and is removed after a failure.

    Raises: GgufExists, GgufNotWritten.
    """
    with scratch_file(out) as temporary:
        yield temporary
        _check_free(out, overwrite=overwrite)
        try:
            _sync(temporary)
            temporary.replace(out)
        except OSError as error:
            raise GgufNotWritten(f"{out} cannot be written: {error.strerror}") from error


@contextmanager
def scratch_file(out: Path) -> Iterator[Path]:
    """Yield a path beside `out` where nothing is, and leave nothing there."""
    temporary = out.with_name(f".{out.name}.{secrets.token_hex(4)}.part")
    try:
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _check_free(out: Path, *, overwrite: bool) -> None:
    if out.is_file() and not overwrite:
        raise GgufExists(f"{out} exists: choose another name, or overwrite it (--overwrite)")


def _sync(file: Path) -> None:
    with file.open("rb") as stream:
        os.fsync(stream.fileno())


def _gigabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e9:.1f} GB"
