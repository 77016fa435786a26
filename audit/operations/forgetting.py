"""Takes one patient out of the record: their keys are destroyed, every proof stays (GDPR, article 17)."""

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.utils import timezone

from audit.ledger.models import Entry
from audit.ledger.reading import Query, tokens_for
from audit.ledger.subjects import shred


def shred_patient(patient_id: str) -> int:
    """Destroy the keys over the patient's identifiers; return how many there were, one a quarter.

    Events recorded later, about a patient who comes back, are under a new key. Raises: DatabaseError, KeysError.
    """
    first = Entry.objects.order_by("recorded_at").values_list("recorded_at", flat=True).first()
    if first is None:
        return 0
    tokens = tokens_for("patient", patient_id, Query(since=first, until=timezone.now()))
    _overwrite_what_is_deleted()
    with transaction.atomic():
        destroyed = shred(tokens)
        transaction.on_commit(_forget_old_pages)
    return destroyed


def _overwrite_what_is_deleted() -> None:
    """Let SQLite fill deleted rows with zeroes. Source: SQLite, PRAGMA secure_delete."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=ON")


def _forget_old_pages() -> None:
    """Take the deleted rows out of the database's files; its backups are the operator's to expire."""
    connection = connections[DEFAULT_DB_ALIAS]
    statement = (
        "PRAGMA wal_checkpoint(TRUNCATE)" if connection.vendor == "sqlite" else "VACUUM audit_subjectkey"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
