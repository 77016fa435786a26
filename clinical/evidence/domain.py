"""What evidence is: a source with its text, and the passages of it that can be quoted."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Kind(StrEnum):
    """Where a source comes from."""

    GUIDELINE = "guideline"
    ARTICLE = "article"


class Grade(IntEnum):
    """How much a source can carry, strongest first (simplified from the usual evidence pyramid)."""

    GUIDELINE = 1
    SYSTEMATIC_REVIEW = 2
    RANDOMISED_TRIAL = 3
    OBSERVATIONAL = 4
    OTHER = 5


@dataclass(frozen=True, kw_only=True)
class Source:
    """A guideline section or an article, with the exact text that quotes are cut from.

    `id` is "pmid:34097368" or "doi:10.1161/CIR.0000000000001193#anticoagulation". `text` is the abstract
    (labelled sections joined by newlines) or the guideline section's Markdown, unchanged; quote offsets
    count characters of it. `retracted` is True for retracted articles, which are never cited.
    """

    id: str
    kind: Kind
    title: str
    text: str
    year: int | None
    grade: Grade
    pmid: str | None = None
    doi: str | None = None
    journal: str | None = None
    publication_types: tuple[str, ...] = ()
    mesh: tuple[str, ...] = ()
    retracted: bool = False


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A quotable piece of a source: `source.text[start:end] == quote`, always.

    `context` names the headings and lead-in lines that the quote stands under, outermost first
    ("Recommendations for Oral Anticoagulation", "Men"); a statement may not be read without them.
    `score` compares passages of one search only.
    """

    source: Source
    start: int
    end: int
    context: tuple[str, ...] = ()
    score: float = 0.0

    @property
    def quote(self) -> str:
        """The words of the source, verbatim."""
        return self.source.text[self.start : self.end]


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What a search brought: sources best first, and their best passages best first.

    `unmatched` are the question's terms that the corpus does not know or the passages do not hold.
    """

    sources: tuple[Source, ...] = ()
    passages: tuple[Passage, ...] = ()
    unmatched: tuple[str, ...] = field(default=())

    @property
    def is_enough(self) -> bool:
        """Whether anything was found that may be cited."""
        return bool(self.passages)
