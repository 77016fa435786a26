"""A committed entry is on the disk before the response leaves.

PostgreSQL sees to it, for many commits with one flush. SQLite would flush inside the only write lock, one commit
after the other (`synchronous=FULL`): about a third of the rate measured here, and one writer starves the others.
So SQLite commits without flushing (`NORMAL`), and the write-ahead log is flushed afterwards, outside the lock,
where one flush covers the commits of all processes (docs/adr/0009-audit-ledger.md).
"""

import os
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper


def flush(connection: BaseDatabaseWrapper) -> None:
    """Return when everything that was committed so far is on the disk. Raises: OSError."""
    if connection.vendor != "sqlite":
        return
    log = Path(f"{connection.settings_dict['NAME']}-wal")
    try:
        descriptor = os.open(log, os.O_RDONLY)
    except FileNotFoundError:  # a database in memory, or one without a write-ahead log, which flushes itself
        return
    try:
        os.fdatasync(descriptor)
    finally:
        os.close(descriptor)
