"""One PubmedArticle element as a source.

Source: NLM, MEDLINE/PubMed XML element descriptions.
"""

import re
from collections.abc import Iterator

from lxml import etree

from clinical.evidence.domain import Kind, Retraction, Source
from clinical.evidence.grading import NOTICES, grade_article
from clinical.evidence.readers.records import Reading, SkipReason, Unusable, read_doi, without_brackets
from clinical.evidence.retraction import CONCERNS, Link, notices_of, retraction_by_record
from clinical.evidence.specialties import specialties_of

_YEAR = re.compile(r"\b(?:1[6-9]|20)\d\d\b")
_NO_LABEL = {"", "UNLABELLED", "UNLABELED"}


def article_of(record: etree._Element, reading: Reading) -> Source:
    """Return the article. Raises: Unusable."""
    pmid = flat(record.find("MedlineCitation/PMID"))
    types = _texts(record, "MedlineCitation/Article/PublicationTypeList/PublicationType")
    # A notice without a title must not be lost: it says something of another record.
    title = _title(record) or next((each for each in types if each in NOTICES), "")
    if not pmid:
        raise Unusable(SkipReason.MISSING_ID)
    if not title:
        raise Unusable(SkipReason.MISSING_TITLE)
    mesh = _texts(record, "MedlineCitation/MeshHeadingList/MeshHeading/DescriptorName")
    text, journal, links = _abstract(record), _journal(record), _links(record)
    return Source(
        id=reading.source_id(f"pmid:{pmid}"),
        kind=Kind.ARTICLE,
        corpus=reading.corpus,
        title=title,
        text=text,
        year=_year(record),
        grade=grade_article(types, mesh, title=title, text=text),
        pmid=pmid,
        doi=_doi(record),
        journal=journal,
        authors=tuple(_authors(record)),
        language=flat(record.find("MedlineCitation/Article/Language")).lower() or None,
        publication_types=types,
        mesh=mesh,
        specialties=specialties_of(title=title, mesh=mesh, journal=journal),
        retraction=_retraction(record, links, title, reading),
        retraction_checked_on=reading.checked_on,
        has_concern=not CONCERNS.isdisjoint(links),
        is_corrected=Link.ERRATUM_IN in links,
        notice_of=notices_of((link, work) for link, works in links.items() for work in works),
    )


def flat(element: etree._Element | None) -> str:
    """Return the element's text with inline markup taken off and white space made single."""
    if element is None:
        return ""
    # Nearly every element holds nothing but text.
    text = "".join(map(str, element.itertext())) if len(element) else element.text or ""
    return " ".join(text.split())


def _texts(record: etree._Element, path: str) -> tuple[str, ...]:
    return tuple(text for text in map(flat, record.iterfind(path)) if text)


def _title(record: etree._Element) -> str:
    article = "MedlineCitation/Article"
    title = flat(record.find(f"{article}/ArticleTitle")) or flat(record.find(f"{article}/VernacularTitle"))
    return without_brackets(title)


def _abstract(record: etree._Element) -> str:
    sections = record.iterfind("MedlineCitation/Article/Abstract/AbstractText")
    return "\n".join(line for line in map(_section, sections) if line)


def _section(section: etree._Element) -> str:
    text = flat(section)
    label = " ".join((section.get("Label") or "").split()).rstrip(":").upper()
    return text if label in _NO_LABEL or not text else f"{label}: {text}"


def _year(record: etree._Element) -> int | None:
    published = record.find("MedlineCitation/Article/Journal/JournalIssue/PubDate")
    online = record.find("MedlineCitation/Article/ArticleDate")
    dates = (" ".join(map(flat, date)) for date in (published, online) if date is not None)
    years = (match for match in map(_YEAR.search, dates) if match)
    return next((int(match.group()) for match in years), None)


def _doi(record: etree._Element) -> str | None:
    listed = _texts(record, "PubmedData/ArticleIdList/ArticleId[@IdType='doi']")
    located = _texts(record, "MedlineCitation/Article/ELocationID[@EIdType='doi']")
    return next(iter(listed + located), None)


def _journal(record: etree._Element) -> str | None:
    journal = record.find("MedlineCitation/Article/Journal")
    if journal is None:
        return None
    return flat(journal.find("ISOAbbreviation")) or flat(journal.find("Title")) or None


def _authors(record: etree._Element) -> Iterator[str]:
    """Yield "Last, Fore" of people and the name of groups."""
    for author in record.iterfind("MedlineCitation/Article/AuthorList/Author"):
        named = (flat(author.find(name)) for name in ("LastName", "ForeName"))
        name = ", ".join(part for part in named if part) or flat(author.find("CollectiveName"))
        if name:
            yield name


def _links(record: etree._Element) -> dict[str, list[str]]:
    """Return the kinds of links to other records, each with those it names ("pmid:7", "doi:10.1000/x")."""
    found: dict[str, list[str]] = {}
    for link in record.iterfind("MedlineCitation/CommentsCorrectionsList/CommentsCorrections"):
        pmid, doi = flat(link.find("PMID")), read_doi(flat(link.find("RefSource")))
        works = [f"pmid:{pmid}"] if pmid else [f"doi:{doi.lower()}"] if doi else []
        found.setdefault(link.get("RefType") or "", []).extend(works)
    return found


def _retraction(
    record: etree._Element, links: dict[str, list[str]], title: str, reading: Reading
) -> Retraction:
    types = record.iterfind("MedlineCitation/Article/PublicationTypeList/PublicationType")
    said = {name for each in types for name in (each.get("UI") or "", flat(each))}
    return retraction_by_record(said, links, title=title, checked_on=reading.checked_on)
