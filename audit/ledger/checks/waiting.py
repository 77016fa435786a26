"""Entries that are not in the tree: each must be in the sealer's queue, and each place in the queue must be an entry's."""

from collections.abc import Iterator, Sequence

from django.db.models import Exists, OuterRef

from audit.ledger.models import Entry, Seal, Unsealed
from audit.verifier import Code, VerificationFailed

PAGE = 500


def waiting_entries(queue: Sequence[object]) -> Iterator[Sequence[Entry]]:
    """Yield the entries of the queue in its order, in pages. Raises: VerificationFailed."""
    for start in range(0, len(queue), PAGE):
        event_ids = queue[start : start + PAGE]
        entries = Entry.objects.in_bulk(event_ids, field_name="event_id")
        missing = [event_id for event_id in event_ids if event_id not in entries]
        if missing:
            raise VerificationFailed(Code.UNSEALED_DELETED, f"{missing[0]} waits for its seal and is gone")
        yield [entries[event_id] for event_id in event_ids]


def check_nothing_is_outside() -> None:
    """Raise VerificationFailed for an entry that is neither sealed nor queued: it would never be sealed."""
    same = {"event_id": OuterRef("event_id")}
    outside = Entry.objects.exclude(Exists(Seal.objects.filter(**same)))
    outside = outside.exclude(Exists(Unsealed.objects.filter(**same)))
    if outside.exists():
        code = Code.UNSEALED_DELETED if Seal.objects.exists() else Code.SEALS_STRIPPED
        raise VerificationFailed(code, "There are entries that are neither sealed nor queued")
