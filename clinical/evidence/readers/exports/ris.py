"""RIS, the export format of reference managers, as sources, one record at a time.

Source: en.wikipedia.org/wiki/RIS_(file_format); the tags' older and newer meanings both occur in exports.
"""

import re
from collections.abc import Iterator
from io import RawIOBase

from clinical.evidence.domain import Source
from clinical.evidence.grading import grade_article
from clinical.evidence.readers.exports.lines import read_lines
from clinical.evidence.readers.exports.tagged import TaggedRecord, read_tagged
from clinical.evidence.readers.languages import language_code
from clinical.evidence.readers.records import (
    Reading,
    Record,
    Skipped,
    SkipReason,
    Unusable,
    own_id,
    read_doi,
    read_year,
)
from clinical.evidence.retraction import retraction_by_title
from clinical.evidence.specialties import specialties_of

_LINE = re.compile(r"(?P<tag>[A-Z][A-Z0-9])  ?-(?: (?P<text>.*))?$", re.DOTALL)
_PUBMED = re.compile(r"pubmed|medline|\bnlm\b", re.IGNORECASE)
_PMID_NOTE = re.compile(r"\bPMID:? ?(\d{1,9})\b")


def read_ris(stream: RawIOBase, reading: Reading) -> Iterator[Record]:
    """Yield the file's references in its order."""
    for record in read_tagged(read_lines(stream), _LINE, start="TY"):
        try:
            yield _reference(record, reading)
        except Unusable as error:
            yield Skipped(f"line {record.line}", error.reason)


def _reference(record: TaggedRecord, reading: Reading) -> Source:
    title, text = record.first("TI", "T1", "CT"), record.first("AB", "N2")
    if not title:
        raise Unusable(SkipReason.MISSING_TITLE)
    journal = record.first("JO", "JF", "T2", "JA") or None
    doi, pmid = _doi(record), _pmid(record)
    types = tuple(record.all("M3")) if not read_doi(record.first("M3")) else ()
    year = read_year(record.first("PY", "Y1", "DA", "YR"))
    return Source(
        id=reading.source_id(own_id(pmid=pmid, doi=doi, described=(title, year, journal))),
        kind=reading.kind,
        corpus=reading.corpus,
        title=title,
        text=text,
        year=year,
        grade=reading.grade(grade_article(types, (), title=title, text=text)),
        pmid=pmid,
        doi=doi,
        journal=journal,
        authors=tuple(record.all("AU", "A1")),
        language=language_code(record.first("LA")),
        publication_types=types,
        specialties=specialties_of(title=title, mesh=(), journal=journal),
        retraction=retraction_by_title(title),
    )


def _doi(record: TaggedRecord) -> str | None:
    return next((doi for doi in map(read_doi, record.all("DO", "M3", "L3", "UR", "ID")) if doi), None)


def _pmid(record: TaggedRecord) -> str | None:
    """Return the accession number where the database is PubMed, or what a note calls the PMID."""
    number = record.first("AN", "C7")
    if number.isdecimal() and _PUBMED.search(" ".join(record.all("DB", "DP"))):
        return number
    noted = (_PMID_NOTE.search(note) for note in record.all("N1", "C2", "AN"))
    return next((match[1] for match in noted if match), None)
