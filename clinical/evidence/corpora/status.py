"""What the index holds, corpus by corpus."""

from dataclasses import dataclass
from pathlib import Path

from clinical.evidence.corpora.catalogue import Corpus, read_corpora
from clinical.evidence.corpora.journal import Journal
from clinical.evidence.domain import Grade
from clinical.evidence.index import CITABLE, RETRACTED, WITHOUT_TEXT, EvidenceIndex
from clinical.evidence.specialties import SPECIALTIES
from clinical.evidence.stored import corpus_tag, grade_tag, specialty_tag


@dataclass(frozen=True, kw_only=True)
class CorpusStatus:
    """A corpus, how many sources and files of it are in the index, and the files that are not in whole."""

    corpus: Corpus
    sources: int
    files: int
    unfinished: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class EvidenceStatus:
    """What the index holds; `size_bytes` is what it takes on the disk."""

    folder: Path
    size_bytes: int
    sources: int
    citable: int
    retracted: int
    without_text: int
    grades: dict[str, int]
    specialties: dict[str, int]
    corpora: tuple[CorpusStatus, ...]


def status_of(folder: Path) -> EvidenceStatus:
    """Return the status of the index in the folder. Raises: IndexMissing, CorpusInvalid, IndexNotWritten."""
    index = EvidenceIndex(folder)
    return EvidenceStatus(
        folder=folder,
        size_bytes=sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()),
        sources=index.size,
        citable=index.count(CITABLE),
        retracted=index.count(RETRACTED),
        without_text=index.count(WITHOUT_TEXT),
        grades={grade.name.lower(): index.count(grade_tag(grade)) for grade in Grade},
        specialties={name: index.count(specialty_tag(name)) for name in SPECIALTIES},
        corpora=tuple(_corpora(folder, index)),
    )


def _corpora(folder: Path, index: EvidenceIndex) -> list[CorpusStatus]:
    with Journal(folder) as journal:
        return [
            CorpusStatus(
                corpus=corpus,
                sources=index.count(corpus_tag(corpus.name)),
                files=len(states := journal.states(corpus.name)),
                unfinished=tuple(name for name, state in states.items() if not state.is_done),
            )
            for corpus in read_corpora(folder)
            if not corpus.is_removed
        ]
