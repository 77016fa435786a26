"""What evidence is: a source with its text, and the passages of it that can be quoted."""

from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum

PUBMED = "pubmed"
GUIDELINES = "guidelines"


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
    CASE_REPORT = 5
    OTHER = 6


class Retraction(StrEnum):
    """Whether a work still stands. UNKNOWN is never read as NOT_RETRACTED: nobody looked, or too long ago."""

    RETRACTED = "retracted"
    NOT_RETRACTED = "not_retracted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Source:
    """A guideline section or an article, with the exact text that quotes are cut from.

    `id` is "pmid:34097368" or "doi:10.1161/CIR.0000000000001193#anticoagulation". `text` is the abstract
    (labelled sections joined by newlines) or the guideline section's Markdown, unchanged; quote offsets
    count characters of it. `corpus` names the collection it came in (see `manage.py evidence corpora`).
    `language` is PubMed's three-letter code ("eng"). `retraction_checked_on` is the day on which `retraction`
    was last known to hold; `has_concern` marks an expression of concern, `is_corrected` an erratum;
    `notice_of` is what it says of other works itself ("retraction pmid:7", "erratum doi:10.1000/x").
    """

    id: str
    kind: Kind
    title: str
    text: str
    year: int | None
    grade: Grade
    corpus: str = PUBMED
    pmid: str | None = None
    doi: str | None = None
    journal: str | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    publication_types: tuple[str, ...] = ()
    mesh: tuple[str, ...] = ()
    specialties: tuple[str, ...] = ()
    retraction: Retraction = Retraction.UNKNOWN
    retraction_checked_on: date | None = None
    has_concern: bool = False
    is_corrected: bool = False
    notice_of: tuple[str, ...] = ()

    @property
    def retracted(self) -> bool:
        """Whether the work is known to be retracted; such a work is never cited."""
        return self.retraction is Retraction.RETRACTED


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


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Which sources a search may bring; what is left out or empty admits every source.

    Years are inclusive, and a source without a year is outside any range. `languages` are PubMed's
    three-letter codes ("eng"); a source has one of `specialties` when any of its own is among them.
    """

    year_from: int | None = None
    year_to: int | None = None
    grades: tuple[Grade, ...] = ()
    corpora: tuple[str, ...] = ()
    specialties: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def admits(self, source: Source) -> bool:
        """Whether the source passes every filter."""
        return (
            self._is_in_time(source.year)
            and (not self.grades or source.grade in self.grades)
            and (not self.corpora or source.corpus in self.corpora)
            and (not self.specialties or not set(self.specialties).isdisjoint(source.specialties))
            and (not self.languages or source.language in self.languages)
        )

    def _is_in_time(self, year: int | None) -> bool:
        if self.year_from is None and self.year_to is None:
            return True
        return (
            year is not None
            and (self.year_from is None or self.year_from <= year)
            and (self.year_to is None or year <= self.year_to)
        )


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A source that a search brought; `score` compares hits of one search only."""

    source: Source
    score: float
