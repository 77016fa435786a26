"""The evidence of this installation: loaded, searched and read where the settings say."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from clinical.evidence import search
from clinical.evidence.conclusions import find_conclusion
from clinical.evidence.domain import Findings, Passage, Source
from clinical.evidence.errors import IndexMissing
from clinical.evidence.index import EvidenceIndex
from clinical.evidence.loading import LoadReport, ReportProgress, is_complete, load_starter
from clinical.evidence.relevance.concepts import read_question


def search_evidence(
    question: str,
    *,
    context_terms: Sequence[str] = (),
    limit_sources: int = 8,
    limit_passages: int = 6,
) -> Findings:
    """Return the sources and passages that answer the question; see `Findings.is_enough`.

    `context_terms` are names of problems and medications from the chart. They move what concerns this
    patient up, and never make a source relevant. Raises: IndexMissing.
    """
    return search.find_evidence(
        _open_index(),
        question,
        context_terms=context_terms,
        limit_sources=limit_sources,
        limit_passages=limit_passages,
    )


def best_sources(question: str, *, limit: int) -> tuple[Source, ...]:
    """Return the articles to review for a question: with abstract, not retracted, best first.

    Raises: IndexMissing.
    """
    return search.find_articles(_open_index(), question, limit=limit)


def best_conclusion(question: str, source: Source) -> Passage | None:
    """Return the sentence in which the article concludes on the question; None where none bears on it.

    Raises: IndexMissing.
    """
    index = _open_index()
    return find_conclusion(read_question(question, index.frequency, index.size), source)


def read_source(source_id: str) -> Source:
    """Return the source of that id. Raises: SourceNotFound, IndexMissing."""
    return _open_index().read(source_id)


def load_evidence(*, progress: ReportProgress | None = None) -> LoadReport:
    """Load the starter content, or what is left of it. Raises: CorpusUnreadable, IndexBusy."""
    return load_starter(
        content_folder=settings.TACIT_CONTENT_FOLDER,
        index_folder=settings.TACIT_EVIDENCE_FOLDER,
        progress=progress,
    )


def is_evidence_loaded() -> bool:
    """Whether all the starter content is in the index."""
    return is_complete(settings.TACIT_EVIDENCE_FOLDER)


def _open_index() -> EvidenceIndex:
    folder = Path(settings.TACIT_EVIDENCE_FOLDER)
    try:
        state = (folder / "tantivy" / "meta.json").stat()
    except OSError as error:
        raise IndexMissing(folder) from error
    return _opened(folder, (state.st_ino, state.st_mtime_ns))


@lru_cache(maxsize=1)
def _opened(folder: Path, state: tuple[int, int]) -> EvidenceIndex:
    """Return the index, opened again when `state` shows that it was written since."""
    return EvidenceIndex(folder)
