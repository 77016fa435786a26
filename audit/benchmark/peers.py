"""What others do, for comparison: django-auditlog, and rows that each hold the hash of the row before.

Both write the same events in plain text, one commit for each, flushed as each database does by itself.
"""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

import dj_database_url
import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from audit.domain import Event

LOCK = 4_016_002
BEGINNING = b"\x00" * 32
CHAIN = (
    "CREATE TABLE naive_chain (position bigint PRIMARY KEY, body text NOT NULL, digest varchar(64) NOT NULL)"
)


def is_auditlog_installed() -> bool:
    """Whether django-auditlog, which only development needs, is there."""
    return find_spec("auditlog") is not None


def configure_peers() -> None:
    """Set up Django with settings of the peers' own in this process."""
    file = Path(os.environ["TACIT_HOME"]) / "peers.sqlite3"
    database = dj_database_url.parse(os.environ["DATABASE_URL"] or f"sqlite:///{file}", conn_max_age=None)
    if "sqlite3" in str(database["ENGINE"]):
        database["OPTIONS"] = {
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000;",
            "transaction_mode": "IMMEDIATE",
        }
    apps = ["django.contrib.contenttypes", "django.contrib.auth"]
    settings.configure(
        DATABASES={"default": database},
        INSTALLED_APPS=[*apps, "auditlog"] if is_auditlog_installed() else apps,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()


def make_tables() -> None:
    """Make the peers' tables, and the row that stands for a patient."""
    from django.contrib.auth.models import Group

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(CHAIN)
    Group.objects.create(name="a patient")


def auditlog_append() -> Callable[[Event], object]:
    """Return how django-auditlog records an access: by a signal about the row."""
    from auditlog.registry import auditlog
    from auditlog.signals import accessed
    from django.contrib.auth.models import Group

    auditlog.register(Group)
    row = Group.objects.get()

    def append(event: Event) -> object:
        row.get_additional_data = lambda: asdict(event)  # type: ignore[attr-defined]
        return accessed.send(Group, instance=row)

    return append


def chain_append(event: Event) -> None:
    """Append to a hash chain as it is usually done: a lock, the newest row, a row more."""
    body = json.dumps(asdict(event), sort_keys=True)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute("SELECT position, digest FROM naive_chain ORDER BY position DESC LIMIT 1")
        position, previous = cursor.fetchone() or (0, BEGINNING.hex())
        digest = hashlib.sha256(bytes.fromhex(previous) + body.encode()).hexdigest()
        cursor.execute("INSERT INTO naive_chain VALUES (%s, %s, %s)", [position + 1, body, digest])


if __name__ == "__main__":
    configure_peers()
    make_tables()
