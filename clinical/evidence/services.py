"""The evidence of this installation: loaded, searched and read where the settings say."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from clinical.evidence.conclusions import find_conclusion
from clinical.evidence.corpora.ingest import Options, ReportProgress, ingest_into
from clinical.evidence.corpora.removal import remove_corpus
from clinical.evidence.corpora.report import IngestReport
from clinical.evidence.corpora.status import EvidenceStatus, status_of
from clinical.evidence.domain import Filters, Findings, Hit, Passage, Source
from clinical.evidence.errors import IndexMissing
from clinical.evidence.hybrid import HybridSearch
from clinical.evidence.loading import LoadReport, is_complete, load_starter
from clinical.evidence.relevance.concepts import read_question
from clinical.evidence.retraction import Standing, retraction_on
from clinical.evidence.search import find_articles, find_evidence


def search_evidence(
    question: str,
    *,
    context_terms: Sequence[str] = (),
    limit_sources: int = 8,
    limit_passages: int = 6,
    preferred: Filters | None = None,
) -> Findings:
    """Return the sources and passages that answer the question; see `Findings.is_enough`.

    `context_terms` are names of problems and medications from the chart. They move what concerns this
    patient up, and never make a source relevant. Of passages that are near equals those from `preferred` sources
    are taken; the sources and the best passage are the same with and without it. Raises: IndexMissing.
    """
    return find_evidence(
        _open_search(),
        question,
        context_terms=context_terms,
        limit_sources=limit_sources,
        limit_passages=limit_passages,
        preferred=preferred,
    )


def search(question: str, *, filters: Filters | None = None, limit: int = 10) -> tuple[Hit, ...]:
    """Return the sources nearest to a question, by words and meaning, best first; there are always some.

    None of them is retracted. A part of the question in double quotes must occur. Raises: IndexMissing.
    """
    return _open_search().search(question, filters=filters, limit=limit)


def best_sources(question: str, *, limit: int) -> tuple[Source, ...]:
    """Return the articles to review for a question: with abstract, not retracted, best first.

    Raises: IndexMissing.
    """
    return find_articles(_open_search(), question, limit=limit)


def best_conclusion(question: str, source: Source) -> Passage | None:
    """Return the sentence in which the article concludes on the question; None where none bears on it.

    Raises: IndexMissing.
    """
    index = _open_search().index
    return find_conclusion(read_question(question, index.frequency, index.size), source)


def read_source(source_id: str) -> Source:
    """Return the source of that id. Raises: SourceNotFound, IndexMissing."""
    return _open_search().index.read(source_id)


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


def standing_of(source: Source) -> Standing:
    """Return whether the source still stands today; what was checked too long ago is not known."""
    return retraction_on(source, timezone.localdate(), check_days=settings.TACIT_RETRACTION_CHECK_DAYS)


def ingest(
    paths: Sequence[Path],
    *,
    corpus: str,
    options: Options | None = None,
    progress: ReportProgress | None = None,
) -> IngestReport:
    """Put files and folders into a corpus; return what became of their records. It resumes, and may be repeated.

    Raises: CorpusUnreadable, FormatUnknown, NothingToIngest, CorpusInvalid, IndexBusy, IndexNotWritten.
    """
    folder = Path(settings.TACIT_EVIDENCE_FOLDER)
    return ingest_into(folder, paths, corpus=corpus, options=options, progress=progress)


def read_status() -> EvidenceStatus:
    """Return what the index holds, corpus by corpus. Raises: IndexMissing, CorpusInvalid."""
    return status_of(Path(settings.TACIT_EVIDENCE_FOLDER))


def remove(corpus: str) -> int:
    """Remove a corpus and its sources; return how many there were. Raises: CorpusUnknown, IndexMissing, IndexBusy."""
    return remove_corpus(Path(settings.TACIT_EVIDENCE_FOLDER), corpus)


def _open_search() -> HybridSearch:
    folder = Path(settings.TACIT_EVIDENCE_FOLDER)
    try:
        state = (folder / "tantivy" / "meta.json").stat()
    except OSError as error:
        raise IndexMissing(folder) from error
    return _opened(folder, (state.st_ino, state.st_mtime_ns))


@lru_cache(maxsize=1)
def _opened(folder: Path, state: tuple[int, int]) -> HybridSearch:
    """Return the index, opened again when `state` shows that it was written since."""
    return HybridSearch(folder)
