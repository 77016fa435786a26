"""Drops entries that are older than the record must be kept; their seals stay, so that every proof still holds."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from audit.errors import RequestInvalid
from audit.ledger.append import write_mark
from audit.ledger.header import timestamp
from audit.ledger.models import Entry, PurgeDeclaration, Unsealed

# 45 CFR 164.316(b)(2)(i); the database's trigger says the same.
RETENTION_YEARS = 6


def purge(before: datetime) -> int:
    """Declare the purge in the record and drop the entries recorded before the moment; return how many.

    Raises: RequestInvalid (younger than six years, or not sealed yet), DatabaseError, KeysError.
    """
    if before > years_ago(timezone.now(), RETENTION_YEARS):
        raise RequestInvalid(
            f"The record is kept for {RETENTION_YEARS} years (45 CFR 164.316(b)(2)(i)): name an earlier day"
        )
    with transaction.atomic():
        old = Entry.objects.filter(recorded_at__lt=before)
        if not old.exists():
            return 0
        if Unsealed.objects.filter(event_id__in=old.values("event_id")).exists():
            raise RequestInvalid(
                "Entries of that time are not sealed yet: run `manage.py audit seal --once` first"
            )
        event_id = write_mark("purge", before=timestamp(before))
        PurgeDeclaration.objects.create(before=before, declared_at=timezone.now(), event_id=event_id)
        return old.delete()[0]


def years_ago(now: datetime, years: int) -> datetime:
    """Return the same day so many years before; 28 February for a leap day."""
    try:
        return now.replace(year=now.year - years)
    except ValueError:
        return now.replace(year=now.year - years, day=28)
