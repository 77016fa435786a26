"""Which places of the tree hold the dates asked for, and one beyond on either side, so that this can be seen."""

from collections.abc import Iterator

from django.db.models import Max, Min

from audit.ledger.models import Entry, Seal
from audit.ledger.reading import Query
from audit.ledger.sealed import PAGE, Place, sealed_pages


def range_of(query: Query, size: int) -> range:
    """Return the places of a tree of `size` entries that an export must list.

    Entries are sealed only about in the order of their times, so the range runs from the first of the dates to the
    last; it may hold entries of other dates too.
    """
    first, last = _first_and_last(query, size)
    return range(_beginning(query, first), _end(query, last + 1, size))


def _first_and_last(query: Query, size: int) -> tuple[int, int]:
    within = Entry.objects.filter(recorded_at__gte=query.since, recorded_at__lt=query.until)
    seals = Seal.objects.filter(seq__lt=size)
    found = seals.filter(event_id__in=within.values("event_id")).aggregate(first=Min("seq"), last=Max("seq"))
    if found["first"] is not None:
        return found["first"], found["last"]
    newest = Entry.objects.filter(recorded_at__lt=query.since).aggregate(at=Max("recorded_at"))["at"]
    # Of several that were recorded in the same instant, the last.
    older = Entry.objects.filter(recorded_at=newest).values("event_id")
    place = seals.filter(event_id__in=older).aggregate(last=Max("seq"))["last"]
    return (0, -1) if place is None else (place + 1, place)


def _beginning(query: Query, first: int) -> int:
    """Return the place of the nearest entry before that is older than the dates; the record's first where none is."""
    for seal, entry in _backwards(first):
        if entry is not None and entry.recorded_at < query.since:
            return seal.seq
    return 0


def _end(query: Query, end: int, size: int) -> int:
    """Return the place after the nearest entry that is younger than the dates; the record's end where none is."""
    for page in sealed_pages(end, size):
        for seal, entry in page:
            if entry is not None and entry.recorded_at >= query.until:
                return seal.seq + 1
    return size


def _backwards(stop: int) -> Iterator[Place]:
    while stop > 0:
        start = max(0, stop - PAGE)
        for page in sealed_pages(start, stop):
            yield from reversed(page)
        stop = start
