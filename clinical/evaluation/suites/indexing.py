"""An index of its own for a suite: built as the product builds one, searched as the product searches."""

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from time import perf_counter

from clinical.evaluation.errors import DataEmpty
from clinical.evaluation.suites.figures import Figures
from clinical.evaluation.suites.halves import Half, by_vectors, by_words
from clinical.evaluation.suites.retrieval import Search
from clinical.evidence.corpora.ingest import Options, ReportProgress, ingest_into
from clinical.evidence.domain import Source
from clinical.evidence.hybrid import HybridSearch
from clinical.evidence.index import EvidenceWriter
from clinical.evidence.readers.formats import Format

CORPUS = "beir"
_PREFIX = f"{CORPUS}/"


class Side(StrEnum):
    """What the search goes by."""

    HYBRID = "hybrid"
    BM25 = "bm25-only"
    DENSE = "dense-only"


def index_sources(folder: Path, sources: Iterable[Source]) -> None:
    """Write the sources into an index in the folder. Raises: IndexNotWritten."""
    with EvidenceWriter(folder) as writer:
        for source in sources:
            writer.add(source)
        writer.commit()


def index_corpus(folder: Path, corpus: Path, *, progress: ReportProgress | None = None) -> Figures:
    """Ingest a BEIR corpus into the folder; return what it holds, how fast it came and what it takes.

    Raises: CorpusUnreadable, IndexNotWritten, DataEmpty.
    """
    begun = perf_counter()
    report = ingest_into(
        folder, [corpus], corpus=CORPUS, options=Options(file_format=Format.BEIR), progress=progress
    )
    seconds = perf_counter() - begun
    if not report.counts.added:
        raise DataEmpty(corpus, "it holds no document with an id, a title and a text")
    return {
        "documents": report.counts.added,
        "without_text": report.counts.without_text,
        "skipped": report.counts.skipped,
        "documents_per_second": report.counts.added / seconds,
        "index_bytes": sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()),
    }


def search_in(folder: Path, side: Side = Side.HYBRID) -> Search:
    """Return a search of the folder's index for ids of the corpus. Raises: IndexMissing."""
    find = _SEARCHES[side](folder)
    return lambda question, limit: [found.removeprefix(_PREFIX) for found in find(question, limit)]


def _hybrid(folder: Path) -> Half:
    search = HybridSearch(folder)
    return lambda question, limit: [hit.source.id for hit in search.search(question, limit=limit)]


_SEARCHES = {Side.HYBRID: _hybrid, Side.BM25: by_words, Side.DENSE: by_vectors}
