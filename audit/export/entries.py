"""Writes the tree of a package, and the events that match, in one pass: memory holds a page of entries."""

from collections.abc import Callable, Collection, Sequence
from itertools import pairwise
from uuid import UUID

from audit.export.counting import Counts
from audit.export.declared import declared_places
from audit.export.event_files import EventFile
from audit.export.folder import PackageFile
from audit.export.tree_lines import leaf_line, purged_line, subtree_lines
from audit.ledger.models import Entry, Seal
from audit.ledger.reading import opened
from audit.ledger.sealed import Place, sealed_pages, verifiable
from audit.ledger.store import DatabaseTiles
from audit.tlog.serving import store_reader
from audit.verifier import Filter, Leaf, header_of

Progress = Callable[[int, int], None]


class EntryWriter:
    """Writes `leaves` from left to right, and each event that the filter matches into `files`."""

    def __init__(self, leaves: PackageFile, files: Sequence[EventFile], wanted: Filter) -> None:
        self.counts = Counts()
        self.writer_ids: set[UUID] = set()
        self._leaves = leaves
        self._files = files
        self._wanted = wanted

    def write(self, places: range, size: int, held_sizes: Collection[int], on_progress: Progress) -> None:
        """Write the whole tree of `size` entries, whose range is listed. Raises: EntryUnreadable, KeyMissing."""
        declared = [place for place in declared_places(size) if place not in places]
        reader = store_reader(DatabaseTiles(), size)
        for start, stop in _stretches(places, size, declared):
            if start in places:
                self._write_range(places, on_progress)
            elif start in declared:
                self._write_declaration(Seal.objects.get(seq=start))
            else:
                for line in subtree_lines(reader, start, stop, held_sizes):
                    self._leaves.write(line)

    def _write_range(self, places: range, on_progress: Progress) -> None:
        for page in sealed_pages(places.start, places.stop):
            self._write_page(page)
            on_progress(self.counts.entries + self.counts.purged, len(places))

    def _write_page(self, page: Sequence[Place]) -> None:
        matches: list[tuple[int, Entry]] = []
        for seal, entry in page:
            if entry is None:
                self._leaves.write(purged_line(seal))
                self.counts.purged += 1
                continue
            self.counts.entries += 1
            leaf = self._write_leaf(seal, entry)
            if self._wanted.matches(header_of(leaf), leaf):
                matches.append((seal.seq, entry))
        events = opened(entry for _, entry in matches)
        for (seq, _), event in zip(matches, events, strict=True):
            self.counts.add(event)
            for file in self._files:
                file.add(seq, event)

    def _write_declaration(self, seal: Seal) -> None:
        self._write_leaf(seal, Entry.objects.get(event_id=seal.event_id))

    def _write_leaf(self, seal: Seal, entry: Entry) -> Leaf:
        leaf = verifiable(entry)
        self.writer_ids.add(entry.writer_id)
        self._leaves.write(leaf_line(seal, entry, leaf))
        return leaf


def _stretches(places: range, size: int, declared: Collection[int]) -> Sequence[tuple[int, int]]:
    """Return the tree in stretches: the range, single declarations, and what lies between them."""
    bounds = {0, size, places.start, places.stop, *declared, *(place + 1 for place in declared)}
    return list(pairwise(sorted(bounds)))
