"""The hospital's own models file: read whole, replaced whole, one writer at a time; a person's comments survive."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import tomlkit
from tomlkit.items import AoT

from clinical.inference.registry.errors import RegistryInvalid
from clinical.inference.registry.models_file.entries import FORMAT_VERSION, Written

EMPTY = f"""# This hospital's models, written by `manage.py models`. docs/models.md says what each field means.
version = {FORMAT_VERSION}

"""


def read_own_file(file: Path) -> str:
    """Return the file's text, that of an empty registry where there is none. Raises: RegistryInvalid."""
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return EMPTY
    except (OSError, UnicodeDecodeError) as error:
        raise RegistryInvalid(
            file, f"cannot be read ({type(error).__name__}); check its owner and mode"
        ) from error


@contextmanager
def one_writer(file: Path) -> Iterator[None]:
    """Hold the right to replace the file; a second writer waits. Raises: RegistryInvalid where its folder is closed."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(
            file.with_name(f"{file.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
        )
    except OSError as error:
        raise _not_writable(file, error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def replace_own_file(file: Path, text: str) -> None:
    """Put the text in the file's place: readers see the old file or the new one, never half. Mode 0600.

    Raises: RegistryInvalid where it cannot be written.
    """
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    except OSError as error:
        raise _not_writable(file, error) from error
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(file)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise _not_writable(file, error) from error


def with_entry(text: str, entry: Written) -> str:
    """Return the file's text with one more `[[model]]`."""
    document = tomlkit.parse(text)
    models = document.setdefault("model", tomlkit.aot())
    models.append(_table_of(entry) if isinstance(models, AoT) else entry)
    return tomlkit.dumps(document)


def without_entry(text: str, model_id: str) -> str:
    """Return the file's text without the model's `[[model]]`."""
    document = tomlkit.parse(text)
    models = document["model"]
    positions = [position for position, each in enumerate(models) if each.get("id") == model_id]
    for position in reversed(positions):
        del models[position]
    if not models:
        del document["model"]
    return tomlkit.dumps(document)


def _table_of(entry: Written) -> tomlkit.items.Table:
    table = tomlkit.table()
    for name, value in entry.items():
        if isinstance(value, list):
            inner = tomlkit.aot()
            for each in value:
                inner.append(_table_of(each))
            table.append(name, inner)
        else:
            table.append(name, _table_of(value) if isinstance(value, dict) else value)
    table.add(tomlkit.nl())
    return table


def _not_writable(file: Path, error: OSError) -> RegistryInvalid:
    return RegistryInvalid(
        file, f"cannot be written ({error.strerror}); check owner, mode and space of its folder"
    )
