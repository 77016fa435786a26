"""Fetched records on their way into a corpus: read as PubMed's files are, put in as an ingest does."""

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import cast

from clinical.evidence.corpora.catalogue import Corpus
from clinical.evidence.corpora.intake import Intake, put_all
from clinical.evidence.corpora.report import Counts
from clinical.evidence.errors import CorpusUnreadable
from clinical.evidence.readers.opening import Opened
from clinical.evidence.readers.pubmed import read_pubmed
from clinical.evidence.readers.records import Reading, Record
from clinical.evidence.sync.eutils.answers import Passing


class Store:
    """The corpus that a sync fills."""

    def __init__(self, intake: Intake, *, corpus: Corpus, today: date) -> None:
        """`today` is the day on which PubMed says how the records stand."""
        self._intake = intake
        self._reading = Reading(
            path=Path("efetch.xml"),
            name="efetch",
            corpus=corpus.name,
            kind=corpus.kind.source_kind,
            checked_on=today,
        )

    def read(self, body: bytes) -> list[Record]:
        """Return the records of an EFetch answer. Raises: Passing where it was cut short, or holds none."""
        try:
            records = list(read_pubmed(cast(Opened, io.BytesIO(body)), self._reading))
        except CorpusUnreadable:
            raise Passing("its answer was cut short") from None
        if not records:
            raise Passing("it sent no record")
        return records

    def put(self, records: Sequence[Record]) -> Counts:
        """Put the records into the index, durably; return what became of them."""
        return put_all(self._intake, records)
