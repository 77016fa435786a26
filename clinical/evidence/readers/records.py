"""What a reader yields beside sources: a record that was withdrawn, and one that could not be used."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from clinical.evidence.domain import GUIDELINES, PUBMED, Grade, Kind, Source

# A record larger than this is no abstract: an article's whole text has about 0.1 MB.
RECORD_BYTES = 16_000_000

# Corpora whose records are known by a number that others use too, so that it needs no corpus before it.
_OWN_IDS = {PUBMED: "pmid:", GUIDELINES: "doi:"}
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_DOI = re.compile(r"10\.\d{4,9}/\S+")


class SkipReason(StrEnum):
    """Why a record was left out."""

    MISSING_ID = "missing-id"
    MISSING_TITLE = "missing-title"
    DUPLICATE_ID = "duplicate-id"
    BAD_YEAR = "bad-year"
    NOT_UTF8 = "not-utf8"
    TOO_LARGE = "too-large"
    MALFORMED = "malformed"
    BOOK = "book"
    NO_FRONT_MATTER = "no-front-matter"


@dataclass(frozen=True)
class Deleted:
    """A record that its publisher has withdrawn."""

    id: str


@dataclass(frozen=True)
class Skipped:
    """A record that could not be used: where it stands in its file ("record 17", "line 4"), and why."""

    where: str
    reason: SkipReason


class Unusable(Exception):
    """Raised inside a reader about one record; becomes a Skipped."""

    def __init__(self, reason: SkipReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


Record = Source | Deleted | Skipped


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a reader must know besides the bytes of a file.

    `name` tells the file from others of its corpus. `kind` is what the corpus holds. `checked_on` is the day on
    which the file's publisher said which of its records stand; None where the file says nothing of that.
    """

    path: Path
    name: str
    corpus: str
    kind: Kind = Kind.ARTICLE
    checked_on: date | None = None

    def source_id(self, own: str) -> str:
        """Return the id in the index of what has this id in its corpus ("pmid:7", "doi:10.1000/x#dose")."""
        return own if own.startswith(_OWN_IDS.get(self.corpus, "\0")) else f"{self.corpus}/{own}"

    def grade(self, graded: Grade) -> Grade:
        """Return how much a record can carry: what a guideline corpus holds is a guideline."""
        return Grade.GUIDELINE if self.kind is Kind.GUIDELINE else graded


def without_brackets(title: str) -> str:
    """Return a title of PubMed's, which sets those that it translated in square brackets."""
    inner = title.removesuffix(".")
    return f"{inner[1:-1].rstrip('.')}." if inner.startswith("[") and inner.endswith("]") else title


def read_year(written: str) -> int | None:
    """Return the year in what a file says of a date, None where it says nothing. Raises: Unusable."""
    if not written.strip():
        return None
    found = _YEAR.search(written)
    if found is None:
        raise Unusable(SkipReason.BAD_YEAR)
    return int(found.group())


def read_doi(written: str) -> str | None:
    """Return the DOI in an address, a labelled identifier or a bare one; None where there is none."""
    found = _DOI.search(written)
    return found.group().rstrip(".,;") if found else None


def own_id(*, pmid: str | None, doi: str | None, described: tuple[object, ...]) -> str:
    """Return what a record without an id of its own is known by: PMID, DOI, or a hash of what describes it."""
    if pmid or doi:
        return f"pmid:{pmid}" if pmid else f"doi:{(doi or '').lower()}"
    return f"title:{hashlib.sha256(repr(described).casefold().encode()).hexdigest()[:16]}"
