"""Files that hold a key: only their owner may read them, and a crash leaves the old content or the new."""

import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from audit.keys.errors import KeyFileExists, KeyFileMissing, KeyFileUnsafe, KeyFileUnwritable

PRIVATE = 0o600
PUBLIC = 0o644
# A key file is some kilobytes; more is not read.
MAX_BYTES = 1024 * 1024


def read_private(path: Path) -> bytes:
    """Return the content. Raises: KeyFileMissing, KeyFileUnsafe, KeyFileUnwritable."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        raise KeyFileMissing(f"{path} is missing: restore it from a backup or from its shares") from None
    except OSError as error:
        if path.is_symlink():
            raise KeyFileUnsafe(f"{path} is a symbolic link: put the file itself there") from None
        raise KeyFileUnwritable(f"{path} cannot be read ({error.strerror})") from None
    try:
        _check_private(path, os.fstat(descriptor))
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            return stream.read(MAX_BYTES)
    finally:
        os.close(descriptor)


def _check_private(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise KeyFileUnsafe(f"{path} is not a file")
    if status.st_uid != os.geteuid():
        raise KeyFileUnsafe(f"{path} belongs to another account: chown it to the one that runs Tacit")
    if status.st_mode & 0o077:
        raise KeyFileUnsafe(
            f"{path} can be read or changed by others: chmod 600 it, and rotate the keys if anyone else was on the machine"
        )


def create_file(path: Path, content: bytes, mode: int = PRIVATE) -> None:
    """Write a file that was not there; of several at once, one wins.

    Raises: KeyFileExists, KeyFileUnwritable.
    """
    with _temporary(path, content, mode) as temporary:
        # A link fails where the name is taken; a rename would replace what is there.
        os.link(temporary, path)


def replace_private(path: Path, content: bytes) -> None:
    """Write the file anew, whole or not at all. Raises: KeyFileUnwritable."""
    with _temporary(path, content, PRIVATE) as temporary:
        temporary.replace(path)


@contextmanager
def _temporary(path: Path, content: bytes, mode: int) -> Iterator[Path]:
    """Give the content under another name in the same folder, on the disk; afterwards sync the folder."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            _write(temporary, content, mode)
            yield temporary
        finally:
            with suppress(FileNotFoundError):
                temporary.unlink()
        with _opened_folder(path) as folder:
            os.fsync(folder)
    except FileExistsError:
        raise KeyFileExists(
            f"{path} exists already: keys are never overwritten; move it away first"
        ) from None
    except OSError as error:
        raise KeyFileUnwritable(
            f"{path} cannot be written ({error.strerror}): check the folder and its disk"
        ) from None


def _write(temporary: Path, content: bytes, mode: int) -> None:
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    with os.fdopen(descriptor, "wb") as stream:
        os.fchmod(descriptor, mode)
        stream.write(content)
        stream.flush()
        os.fsync(descriptor)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep other processes out of the same block for a file in the same folder. Raises: KeyFileUnwritable."""
    with _opened_folder(path) as folder:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield


@contextmanager
def _opened_folder(path: Path) -> Iterator[int]:
    try:
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise KeyFileUnwritable(f"{path.parent} cannot be opened ({error.strerror})") from None
    try:
        yield folder
    finally:
        os.close(folder)
