"""Files of literature and guidelines in seven formats, read as streams of sources."""

from collections.abc import Iterator
from io import RawIOBase
from pathlib import Path

from clinical.evidence.domain import Kind, Source
from clinical.evidence.readers.dates import newest_revision
from clinical.evidence.readers.formats import READERS, Format, format_of
from clinical.evidence.readers.opening import opened
from clinical.evidence.readers.records import Reading, Record, Skipped, SkipReason


def read(
    path: Path, *, corpus: str, kind: Kind = Kind.ARTICLE, file_format: Format | None = None
) -> Iterator[Record]:
    """Yield a file's records in its order. Raises: CorpusUnreadable, FormatUnknown."""
    found = file_format or format_of(path)
    checked_on = newest_revision(path, found)
    reading = Reading(path=path, name=path.name, corpus=corpus, kind=kind, checked_on=checked_on)
    with opened(path) as stream:
        yield from read_records(stream, reading, found)


def read_records(stream: RawIOBase, reading: Reading, file_format: Format) -> Iterator[Record]:
    """Yield the records of an open file in their order. Raises: CorpusUnreadable."""
    records = READERS[file_format](stream, reading)
    # In PubMed's files a later record of the same id is its next version.
    return records if file_format is Format.PUBMED else _without_duplicates(records)


def _without_duplicates(records: Iterator[Record]) -> Iterator[Record]:
    # Hashes, because the ids of millions of records would take ten times the memory.
    seen: set[int] = set()
    for number, record in enumerate(records, start=1):
        if isinstance(record, Source):
            if (key := hash(record.id)) in seen:
                yield Skipped(f"record {number}", SkipReason.DUPLICATE_ID)
                continue
            seen.add(key)
        yield record
