"""Where the record declares that it was restored, or that something was purged: every export shows these entries."""

import json
from uuid import UUID

from audit.ledger.models import Entry, Seal

KINDS = frozenset({"restore", "purge"})
PAGE = 2000


def declared_places(size: int) -> list[int]:
    """Return the places of the declarations in a tree of `size` entries.

    They have no outcome, like heartbeats, among which they are looked for.
    """
    found: list[UUID] = []
    after = 0
    marks = Entry.objects.filter(outcome__isnull=True).order_by("id")
    while page := list(marks.filter(id__gt=after).values_list("id", "event_id", "header")[:PAGE]):
        found += [event_id for _, event_id, header in page if json.loads(bytes(header))["kind"] in KINDS]
        after = page[-1][0]
    seals = Seal.objects.filter(event_id__in=found, seq__lt=size)
    return sorted(seals.values_list("seq", flat=True))
