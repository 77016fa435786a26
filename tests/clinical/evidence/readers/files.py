"""Files of invented records, and what reading one brings."""

import gzip
from pathlib import Path

from clinical.evidence.domain import Source
from clinical.evidence.readers import read
from clinical.evidence.readers.formats import Format
from clinical.evidence.readers.records import Record, Skipped


def write(path: Path, content: str | bytes) -> Path:
    """Write the file, gzipped when its name says so."""
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def read_all(path: Path, *, corpus: str = "mine", file_format: Format | None = None) -> list[Record]:
    """Return every record of the file."""
    return list(read(path, corpus=corpus, file_format=file_format))


def sources_of(records: list[Record]) -> list[Source]:
    """Return the sources among the records."""
    return [record for record in records if isinstance(record, Source)]


def skipped_of(records: list[Record]) -> list[tuple[str, str]]:
    """Return where the skipped records stand, and why they were."""
    return [(record.where, record.reason.value) for record in records if isinstance(record, Skipped)]
