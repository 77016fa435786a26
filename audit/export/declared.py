"""Where the record declares that it was restored, or that something was purged: every export shows these entries."""

import json

from audit.ledger.models import Entry, Seal

KINDS = frozenset({"restore", "purge"})


def declared_places(size: int) -> list[int]:
    """Return the places of the declarations in a tree of `size` entries.

    They have no outcome, like heartbeats, among which they are looked for.
    """
    marks = Entry.objects.filter(outcome__isnull=True).values_list("event_id", "header")
    found = [
        event_id
        for event_id, header in marks.iterator(chunk_size=2000)
        if json.loads(bytes(header))["kind"] in KINDS
    ]
    seals = Seal.objects.filter(event_id__in=found, seq__lt=size)
    return sorted(seals.values_list("seq", flat=True))
