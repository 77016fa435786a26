"""Appends until the disk is full, then where there is room again; prints what was written and what was refused.

    python -m tests.audit.crash.filling

On SQLite no file of this process may grow by more than ROOM_BYTES. On PostgreSQL, whose server writes the files, the
queue's table refuses a row as a full disk does (SQLSTATE 53100), after the entry's row was taken.
"""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

from tests.audit.crash.processes import main, tell

ROOM_BYTES = 300_000


def fill() -> None:
    from django.db import DEFAULT_DB_ALIAS, connections

    from audit.benchmark.workload import events
    from audit.errors import AuditUnavailable
    from audit.services import append

    connection, load = connections[DEFAULT_DB_ALIAS], events(3)
    tell(str(append(next(load))))
    refused = 0
    with full_postgresql(connection) if connection.vendor == "postgresql" else full_sqlite(connection):
        while refused < 3:
            try:
                tell(str(append(next(load))))
            except AuditUnavailable:
                refused += 1
                tell("refused")
    for _ in range(3):
        tell(str(append(next(load))))


@contextmanager
def full_sqlite(connection: BaseDatabaseWrapper) -> Iterator[None]:
    log = Path(f"{connection.settings_dict['NAME']}-wal")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size + ROOM_BYTES, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def full_postgresql(connection: BaseDatabaseWrapper) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(
            """CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
               IF (SELECT count(*) FROM audit_entry) > 20 THEN
               RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END IF; RETURN NEW; END $$"""
        )
        cursor.execute(
            "CREATE TRIGGER full_disk BEFORE INSERT ON audit_unsealed FOR EACH ROW EXECUTE FUNCTION full_disk()"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER full_disk ON audit_unsealed")


if __name__ == "__main__":
    main(fill)
