"""Whether a work still stands: retracted, not retracted on a day, or not known.

What a record says of itself is read here, and what a notice says of others; that a copy in another corpus is retracted
too is the ingest's to see to.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from clinical.evidence.domain import Retraction, Source

# After so many days without a look, nobody knows any more.
CHECK_DAYS = 180
RETRACTED_TYPES = {"D016441", "Retracted Publication"}
_TITLE = re.compile(
    # At the beginning with a colon, a dash or a bracket after it: "Retracted science" is a subject.
    r"\W*(?:retracted(?: (?:article|paper|chapter))?|withdrawn)\s*[:\])\u2013\u2014]"
    # At the end in brackets.
    r"|.*[\[(]retracted(?: (?:article|paper|chapter)\b[^\])]*)?[\])]\W*$",
    re.DOTALL,
)


class Link(StrEnum):
    """How PubMed links a record with another that says something of it, or of which it says something.

    Source: NLM, PubMed XML element descriptions, CommentsCorrections and its RefType.
    """

    RETRACTION_IN = "RetractionIn"
    RETRACTION_OF = "RetractionOf"
    REPUBLISHED_IN = "RetractedandRepublishedIn"
    PARTIAL_RETRACTION_IN = "PartialRetractionIn"
    PARTIAL_RETRACTION_OF = "PartialRetractionOf"
    CONCERN_IN = "ExpressionOfConcernIn"
    CONCERN_FOR = "ExpressionOfConcernFor"
    ERRATUM_IN = "ErratumIn"
    ERRATUM_FOR = "ErratumFor"


# What is said of a part of a work takes nothing away, and is shown.
CONCERNS = frozenset({Link.CONCERN_IN, Link.PARTIAL_RETRACTION_IN})


class Said(StrEnum):
    """What a record or a notice says of a work."""

    RETRACTION = "retraction"
    CONCERN = "concern"
    ERRATUM = "erratum"


_SAID_OF_OTHERS = {
    Link.RETRACTION_OF: Said.RETRACTION,
    Link.PARTIAL_RETRACTION_OF: Said.CONCERN,
    Link.CONCERN_FOR: Said.CONCERN,
    Link.ERRATUM_FOR: Said.ERRATUM,
}


@dataclass(frozen=True)
class Standing:
    """Whether a work stands, and the day on which somebody last looked."""

    state: Retraction
    checked_on: date | None


def retraction_on(source: Source, today: date, *, check_days: int = CHECK_DAYS) -> Standing:
    """Return how the work stands today: what was said too long ago is no longer known."""
    checked_on = source.retraction_checked_on
    is_stale = checked_on is None or today - checked_on > timedelta(days=check_days)
    if source.retraction is Retraction.NOT_RETRACTED and is_stale:
        return Standing(Retraction.UNKNOWN, checked_on)
    return Standing(source.retraction, checked_on)


def standing_words(standing: Standing) -> str:
    """Return the standing as a sentence for people."""
    checked = f" Last checked on {standing.checked_on}." if standing.checked_on else ""
    if standing.state is Retraction.RETRACTED:
        return f"Retracted: it is never cited as evidence.{checked}"
    if standing.state is Retraction.NOT_RETRACTED:
        return f"Not retracted.{checked}"
    return f"Not known whether it was retracted.{checked or ' Nobody has checked.'}"


def says_retracted(types: Collection[str], links: Collection[str], *, title: str) -> bool:
    """Whether a record's publication types (names or UIs), links or title say that it is retracted."""
    return (
        not RETRACTED_TYPES.isdisjoint(types)
        or Link.RETRACTION_IN in links
        or Link.REPUBLISHED_IN in links
        or is_retracted_title(title)
    )


def retraction_by_record(
    types: Collection[str], links: Collection[str], *, title: str, checked_on: date | None
) -> Retraction:
    """Return what a record of PubMed's says of itself; its silence counts from the day on which it stood so."""
    if says_retracted(types, links, title=title):
        return Retraction.RETRACTED
    return Retraction.NOT_RETRACTED if checked_on else Retraction.UNKNOWN


def is_retracted_title(title: str) -> bool:
    """Whether the publisher's own title says so."""
    lower = title.lower()
    return ("retracted" in lower or "withdrawn" in lower) and _TITLE.match(lower) is not None


def retraction_by_title(title: str) -> Retraction:
    """Return RETRACTED where the title says so, else UNKNOWN: a title without the word says nothing."""
    return Retraction.RETRACTED if is_retracted_title(title) else Retraction.UNKNOWN


def notices_of(links: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return what a record says of other works, for `Source.notice_of`; `links` are link types and works."""
    said = ((_SAID_OF_OTHERS[Link(link)], work) for link, work in links if link in _SAID_OF_OTHERS)
    return tuple(dict.fromkeys(f"{each} {work}" for each, work in said))


def works_of(source: Source) -> tuple[str, ...]:
    """Return the tags under which the same work is found in every corpus: "pmid:7", "doi:10.1000/x"."""
    doi = f"doi:{source.doi.lower()}" if source.doi else ""
    return tuple(work for work in (f"pmid:{source.pmid}" if source.pmid else "", doi) if work)
