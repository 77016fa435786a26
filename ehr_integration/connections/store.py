"""The file of registered EHRs: a table for each in TOML, which a person may also write; comments stay."""

import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from functools import lru_cache
from pathlib import Path

import tomlkit
from django.conf import settings
from tomlkit.exceptions import TOMLKitError

from ehr_integration.connections.checking import connection_of
from ehr_integration.connections.demo import demo_connection
from ehr_integration.connections.domain import Connection, same_issuer
from ehr_integration.connections.errors import ConnectionInvalid, ConnectionsUnreadable, UnknownEhr

NO_SUCH_NAME = "No EHR of this name is registered: `manage.py ehr list` names them"


def connections() -> tuple[Connection, ...]:
    """Return the registered EHRs, in demo mode with the demo EHR first.

    Raises: ConnectionsUnreadable, ConnectionInvalid.
    """
    return (*demo_connection(), *_written(*_version(_file())))


def connection_named(name: str) -> Connection:
    """Return the EHR of this name. Raises: UnknownEhr, ConnectionProblem."""
    for connection in connections():
        if connection.name == name:
            return connection
    raise UnknownEhr(NO_SUCH_NAME)


def connection_of_issuer(issuer: str) -> Connection:
    """Return the EHR that launches name so. Raises: UnknownEhr, ConnectionProblem."""
    for connection in connections():
        if connection.client_id and same_issuer(connection.fhir_base_url, issuer):
            return connection
    raise UnknownEhr("The launch comes from an EHR that is not registered: `manage.py ehr register` adds one")


def save(connection: Connection) -> None:
    """Write the connection down, in place of one of the same name.

    Raises: ConnectionsUnreadable, ConnectionInvalid (also for the demo EHR's name).
    """
    values = {field.name: getattr(connection, field.name) for field in fields(Connection)}
    written = {key: _plain(value) for key, value in values.items() if key != "name" and value}
    connection_of(connection.name, written)
    if any(connection.name == demo.name for demo in demo_connection()):
        raise ConnectionInvalid(f"[{connection.name}]: is the demo EHR's name: choose another")
    _check_alone(connection)
    with _changing() as document:
        document[connection.name] = written


def _check_alone(connection: Connection) -> None:
    """Raise ConnectionInvalid where two connections could not be told apart by who launches or calls."""
    for other in connections():
        if other.name == connection.name:
            continue
        if (
            connection.client_id
            and other.client_id
            and same_issuer(other.fhir_base_url, connection.fhir_base_url)
        ):
            raise ConnectionInvalid(
                f"[{connection.name}] fhir_base_url: {other.name} has it already, with a client"
            )
        if connection.cds_issuer and (other.cds_issuer, other.cds_jku) == (
            connection.cds_issuer,
            connection.cds_jku,
        ):
            raise ConnectionInvalid(f"[{connection.name}] cds_issuer, cds_jku: {other.name} has them already")


def remove(name: str) -> None:
    """Take the connection out. Raises: UnknownEhr, ConnectionsUnreadable."""
    with _changing() as document:
        if name not in document:
            raise UnknownEhr(NO_SUCH_NAME)
        del document[name]


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else str(value) if isinstance(value, str) else value


@contextmanager
def _changing() -> Iterator[tomlkit.TOMLDocument]:
    file = _file()
    try:
        document = tomlkit.parse(file.read_text("utf-8")) if file.exists() else tomlkit.document()
        yield document
        draft = file.with_name(f"{file.name}.new")
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(tomlkit.dumps(document), "utf-8")
        draft.chmod(0o600)
        draft.replace(file)
    except (OSError, ValueError, TOMLKitError):
        raise _unreadable(file) from None


def _file() -> Path:
    return Path(settings.TACIT_EHRS)


def _version(file: Path) -> tuple[str, int, int]:
    try:
        state = os.stat(file)  # noqa: PTH116 - once a request
    except OSError:
        return str(file), 0, 0
    return str(file), state.st_mtime_ns, state.st_ino


@lru_cache(maxsize=4)
def _written(path: str, changed_ns: int, _inode: int) -> tuple[Connection, ...]:
    if not changed_ns:
        return ()
    try:
        document = tomllib.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError):
        raise _unreadable(Path(path)) from None
    for name, table in document.items():
        if not isinstance(table, dict):
            raise ConnectionInvalid(f"{name[:40]}: stands outside a table: begin each EHR with [name]")
    return tuple(connection_of(name, table) for name, table in document.items())


def _unreadable(file: Path) -> ConnectionsUnreadable:
    return ConnectionsUnreadable(
        f"{file} cannot be read and written as TOML: mend it, or give TACIT_EHRS another"
    )
