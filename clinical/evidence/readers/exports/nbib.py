"""PubMed's export format (.nbib, "MEDLINE" on its pages) as sources, one record at a time.

Source: nlm.nih.gov/bsd/mms/medlineelements.html (MEDLINE/PubMed data element descriptions).
"""

import re
from collections.abc import Iterator
from io import RawIOBase

from clinical.evidence.domain import Source
from clinical.evidence.grading import grade_article
from clinical.evidence.readers.exports.lines import read_lines
from clinical.evidence.readers.exports.tagged import TaggedRecord, read_tagged
from clinical.evidence.readers.records import (
    Reading,
    Record,
    Skipped,
    SkipReason,
    Unusable,
    read_doi,
    read_year,
    without_brackets,
)
from clinical.evidence.retraction import CONCERNS, Link, notices_of, retraction_by_record
from clinical.evidence.specialties import specialties_of

_LINE = re.compile(r"(?P<tag>[A-Z][A-Z0-9 ]{3})-(?: (?P<text>.*))?$", re.DOTALL)
_PMID = re.compile(r"PMID: ?(\d+)")
# The tags that link a record with another, in the words of PubMed's XML.
_LINKS = {
    "RIN": Link.RETRACTION_IN,
    "ROF": Link.RETRACTION_OF,
    "RRI": Link.REPUBLISHED_IN,
    "PRIN": Link.PARTIAL_RETRACTION_IN,
    "PROF": Link.PARTIAL_RETRACTION_OF,
    "ECI": Link.CONCERN_IN,
    "ECF": Link.CONCERN_FOR,
    "EIN": Link.ERRATUM_IN,
    "EFR": Link.ERRATUM_FOR,
}


def read_nbib(stream: RawIOBase, reading: Reading) -> Iterator[Record]:
    """Yield the file's records in its order."""
    for record in read_tagged(read_lines(stream), _LINE, start="PMID"):
        try:
            yield _article(record, reading)
        except Unusable as error:
            yield Skipped(f"line {record.line}", error.reason)


def _article(record: TaggedRecord, reading: Reading) -> Source:
    pmid, title = record.first("PMID"), _title(record)
    if not pmid.isdecimal():
        raise Unusable(SkipReason.MISSING_ID)
    types, mesh, text = tuple(record.all("PT")), _headings(record), record.first("AB")
    journal = record.first("TA", "JT") or None
    links = {link for tag, link in _LINKS.items() if record.all(tag)}
    return Source(
        id=reading.source_id(f"pmid:{pmid}"),
        kind=reading.kind,
        corpus=reading.corpus,
        title=title,
        text=text,
        year=read_year(record.first("DP", "DEP")),
        grade=reading.grade(grade_article(types, mesh, title=title, text=text)),
        pmid=pmid,
        doi=_doi(record),
        journal=journal,
        authors=tuple(record.all("FAU") or record.all("AU")),
        language=record.first("LA").lower() or None,
        publication_types=types,
        mesh=mesh,
        specialties=specialties_of(title=title, mesh=mesh, journal=journal),
        retraction=retraction_by_record(types, links, title=title, checked_on=reading.checked_on),
        retraction_checked_on=reading.checked_on,
        has_concern=not CONCERNS.isdisjoint(links),
        is_corrected=Link.ERRATUM_IN in links,
        notice_of=_notices(record),
    )


def _title(record: TaggedRecord) -> str:
    title = record.first("TI")
    if not title:
        raise Unusable(SkipReason.BOOK if record.first("BTI") else SkipReason.MISSING_TITLE)
    return without_brackets(title)


def _headings(record: TaggedRecord) -> tuple[str, ...]:
    """Return the headings without stars and subheadings: "Gout/*drug therapy" is "Gout"."""
    return tuple(dict.fromkeys(value.split("/")[0].lstrip("*") for value in record.all("MH")))


def _doi(record: TaggedRecord) -> str | None:
    listed = (value for value in record.all("AID", "LID") if value.endswith("[doi]"))
    return next((doi for doi in map(read_doi, listed) if doi), None)


def _notices(record: TaggedRecord) -> tuple[str, ...]:
    links = (
        (link, f"pmid:{pmid}")
        for tag, link in _LINKS.items()
        for value in record.all(tag)
        for pmid in _PMID.findall(value)
    )
    return notices_of(links)
