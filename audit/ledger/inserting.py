"""Writes an entry and its place in the sealer's queue.

An append happens in every request, and the ORM would take most of its time. So would a transaction of several
statements on PostgreSQL, each of them a way to the server and back: there, one statement does all.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import DateTimeField, Field, UUIDField

from audit.ledger.models import Entry
from audit.ledger.subjects import PatientKey

KEY_IS_THERE = "EXISTS (SELECT 1 FROM audit_subjectkey WHERE subject_token = %s AND wrapped = %s)"
QUEUE = "INSERT INTO audit_unsealed (event_id)"
Adapt = Callable[[Any], Any]


def insert(connection: BaseDatabaseWrapper, entry: Entry, patient_key: PatientKey | None) -> bool:
    """Insert an entry; False, and nothing written, where its patient's key is no longer there.

    On SQLite this is two statements, in the caller's transaction. Raises: DatabaseError.
    """
    values = [adapt(getattr(entry, name)) for name, _, adapt in _columns(connection.vendor)]
    guard = [patient_key.place, patient_key.wrapped] if patient_key else []
    with _cursor(connection) as cursor:
        cursor.execute(_statement(connection.vendor, is_guarded=bool(guard)), values + guard)
        is_written = bool(cursor.rowcount)
        if is_written and connection.vendor == "sqlite":
            cursor.execute(f"{QUEUE} VALUES (%s)", values[:1])
    return is_written


def _cursor(connection: BaseDatabaseWrapper) -> CursorWrapper:
    """Return a cursor that sends values apart from the statement: nothing to quote, and nothing for a log to show."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    from django.db.backends.postgresql.base import ServerBindingCursor

    connection.ensure_connection()
    return CursorWrapper(ServerBindingCursor(connection.connection), connection)  # type: ignore[call-arg]


@lru_cache(maxsize=4)
def _statement(vendor: str, *, is_guarded: bool) -> str:
    columns = _columns(vendor)
    names, places = ", ".join(name for name, _, _ in columns), ", ".join(place for _, place, _ in columns)
    condition = f"WHERE {KEY_IS_THERE}" if is_guarded else ""
    statement = f"INSERT INTO audit_entry ({names}) SELECT {places} {condition}"
    if vendor == "sqlite":
        return statement
    return f"WITH entry AS ({statement} RETURNING event_id) {QUEUE} SELECT event_id FROM entry"  # noqa: S608 - names of our own


@lru_cache(maxsize=2)
def _columns(vendor: str) -> list[tuple[str, str, Adapt]]:
    """Return name, place and adaptation of each column but the number; the event's id is the first."""
    connection = connections[DEFAULT_DB_ALIAS]
    columns: list[tuple[str, str, Adapt]] = []
    for field in Entry._meta.concrete_fields[1:]:  # noqa: SLF001 - Django's own way
        # PostgreSQL would take what it selects without a type for text.
        place = "%s" if vendor == "sqlite" else f"%s::{field.db_type(connection)}"
        is_adapted = isinstance(field, UUIDField | DateTimeField)
        columns.append((str(field.column), place, _adapter(field, connection) if is_adapted else _as_it_is))
    return columns


def _adapter(field: "Field[Any, Any]", connection: BaseDatabaseWrapper) -> Adapt:
    return lambda value: field.get_db_prep_save(value, connection)


def _as_it_is(value: object) -> object:
    return value
