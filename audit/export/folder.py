"""The folder of a package: it appears whole or not at all, and only its owner can read it, for it is PHI."""

import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from audit.export.errors import FolderTaken, FolderUnwritable

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600


class PackageFile:
    """A file that knows its own hash when it is closed."""

    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        self._stream = os.fdopen(descriptor, "wb")
        self._digest = sha256()
        self._size = 0

    def write(self, data: bytes) -> None:
        """Append bytes."""
        self._stream.write(data)
        self._digest.update(data)
        self._size += len(data)

    def close(self) -> dict[str, Any]:
        """Close the file; return its hash and its size, as the manifest lists them."""
        self._stream.close()
        return {"sha256": self._digest.hexdigest(), "bytes": self._size}


class PackageFolder:
    """Makes the files of a package and keeps the list of them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open: dict[str, PackageFile] = {}
        self._closed: dict[str, dict[str, Any]] = {}

    def create(self, name: str) -> PackageFile:
        """Return a new file."""
        self._open[name] = PackageFile(self._path / name)
        return self._open[name]

    def add(self, name: str, content: bytes) -> None:
        """Write a small file."""
        self.create(name).write(content)

    def close_files(self) -> dict[str, dict[str, Any]]:
        """Close what is open; return hash and size of every file so far."""
        self._closed |= {name: file.close() for name, file in self._open.items()}
        self._open.clear()
        return dict(sorted(self._closed.items()))


@contextmanager
def new_folder(path: Path) -> Iterator[PackageFolder]:
    """Give a folder that gets its name only once everything is in it. Raises: FolderTaken, FolderUnwritable."""
    if path.exists():
        raise FolderTaken(f"{path} exists already: name a new folder")
    partial = path.with_name(f".{path.name}.partial")
    folder = PackageFolder(partial)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.mkdir(mode=PRIVATE_FOLDER)
        yield folder
        folder.close_files()
        partial.rename(path)
    except FileExistsError:
        raise FolderTaken(f"{partial} exists already: another export is being written there") from None
    except BaseException as error:
        with suppress(OSError):
            folder.close_files()
        shutil.rmtree(partial, ignore_errors=True)
        if isinstance(error, OSError):
            raise FolderUnwritable(f"{path} cannot be written: {error.strerror}") from error
        raise


def zipped(folder: Path, archive: Path) -> Path:
    """Write the package as a .zip too, and return its path. Raises: FolderTaken, FolderUnwritable."""
    try:
        descriptor = os.open(archive, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        with (
            os.fdopen(descriptor, "wb") as stream,
            zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
        ):
            for each in sorted(folder.iterdir()):
                target.write(each, each.name)
    except FileExistsError:
        raise FolderTaken(f"{archive} exists already: name a new file") from None
    except OSError as error:
        archive.unlink(missing_ok=True)
        raise FolderUnwritable(f"{archive} cannot be written: {error.strerror}") from error
    return archive
