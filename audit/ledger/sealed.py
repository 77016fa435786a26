"""The sealed entries in the order of the tree, a page at a time."""

from collections.abc import Iterator, Sequence
from hashlib import sha256

from audit.ledger.models import Entry, Seal
from audit.verifier import Leaf

PAGE = 1000

Place = tuple[Seal, Entry | None]


def sealed_pages(start: int = 0, stop: int | None = None) -> Iterator[Sequence[Place]]:
    """Yield seals with their entries from place to place; a purged entry is None."""
    wanted = Seal.objects.order_by("seq")
    if stop is not None:
        wanted = wanted.filter(seq__lt=stop)
    while seals := list(wanted.filter(seq__gte=start)[:PAGE]):
        entries = Entry.objects.in_bulk([seal.event_id for seal in seals], field_name="event_id")
        yield [(seal, entries.get(seal.event_id)) for seal in seals]
        start = seals[-1].seq + 1


def verifiable(entry: Entry) -> Leaf:
    """Return the entry as the verifier knows it."""
    return Leaf(
        event_id=entry.event_id.bytes,
        writer_id=entry.writer_id.bytes,
        writer_seq=entry.writer_seq,
        header=bytes(entry.header),
        tokens=bytes(entry.tokens),
        commitment=bytes(entry.commitment),
        key_id=entry.key_id.encode(),
        nonce=bytes(entry.nonce),
        ciphertext_sha256=sha256(entry.ciphertext).digest(),
        subject_sha256=sha256(entry.subject).digest(),
        mac=bytes(entry.mac),
    )
