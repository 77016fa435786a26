"""PubMed's XML files as sources, one record at a time."""

import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from lxml import etree

from clinical.evidence.domain import Kind, Retraction, Source
from clinical.evidence.errors import CorpusUnreadable
from clinical.evidence.grading import grade_article

_YEAR = re.compile(r"\b(?:1[6-9]|20)\d\d\b")
_NO_LABEL = {"", "UNLABELLED", "UNLABELED"}
_RETRACTED_UI = "D016441"


@dataclass(frozen=True)
class Deleted:
    """A record that PubMed has withdrawn."""

    id: str


def read_pubmed(path: Path) -> Iterator[Source | Deleted]:
    """Yield the file's records in its order. Raises: CorpusUnreadable."""
    try:
        with path.open("rb") as raw:
            yield from parse_pubmed(raw, path)
    except OSError as error:
        raise CorpusUnreadable(path, "cannot be opened") from error


def parse_pubmed(raw: BinaryIO, path: Path) -> Iterator[Source | Deleted]:
    """Yield the records of an open file, gzipped when `path` ends so; `raw.tell()` tells how far it is.

    No entity is resolved and nothing outside the file is read. Raises: CorpusUnreadable.
    """
    stream = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if path.suffix == ".gz" else raw
    try:
        for _, element in etree.iterparse(
            stream,
            tag=("PubmedArticle", "DeleteCitation"),
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            remove_comments=True,
            remove_pis=True,
        ):
            yield from _records(element)
            _free(element)
    except etree.XMLSyntaxError as error:
        raise CorpusUnreadable(path, f"not well-formed XML at line {error.lineno}") from error
    except (OSError, EOFError, zlib.error) as error:
        raise CorpusUnreadable(path, "cut short, or not a gzip file") from error
    except _NoPmid as error:
        raise CorpusUnreadable(path, "holds a record without a PMID") from error


class _NoPmid(Exception):
    """A record without its identifier."""


def _free(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _records(element: etree._Element) -> Iterator[Source | Deleted]:
    if element.tag == "DeleteCitation":
        yield from (Deleted(f"pmid:{_flat(pmid)}") for pmid in element.iterfind("PMID"))
    else:
        yield _article(element)


def _article(record: etree._Element) -> Source:
    pmid = _flat(record.find("MedlineCitation/PMID"))
    if not pmid:
        raise _NoPmid
    types = _texts(record, "MedlineCitation/Article/PublicationTypeList/PublicationType")
    mesh = _texts(record, "MedlineCitation/MeshHeadingList/MeshHeading/DescriptorName")
    title = _title(record)
    return Source(
        id=f"pmid:{pmid}",
        kind=Kind.ARTICLE,
        title=title,
        text=_abstract(record),
        year=_year(record),
        grade=grade_article(types, mesh, title=title),
        pmid=pmid,
        doi=_doi(record),
        journal=_journal(record),
        publication_types=types,
        mesh=mesh,
        retraction=Retraction.RETRACTED if _is_retracted(record) else Retraction.UNKNOWN,
    )


def _flat(element: etree._Element | None) -> str:
    return "" if element is None else " ".join("".join(map(str, element.itertext())).split())


def _texts(record: etree._Element, path: str) -> tuple[str, ...]:
    return tuple(text for text in map(_flat, record.iterfind(path)) if text)


def _title(record: etree._Element) -> str:
    """Return the title; PubMed sets the titles it translated in square brackets."""
    title = _flat(record.find("MedlineCitation/Article/ArticleTitle"))
    inner = title.removesuffix(".")
    return f"{inner[1:-1].rstrip('.')}." if inner.startswith("[") and inner.endswith("]") else title


def _abstract(record: etree._Element) -> str:
    sections = record.iterfind("MedlineCitation/Article/Abstract/AbstractText")
    return "\n".join(line for line in map(_section, sections) if line)


def _section(section: etree._Element) -> str:
    text = _flat(section)
    label = " ".join((section.get("Label") or "").split()).rstrip(":").upper()
    return text if label in _NO_LABEL or not text else f"{label}: {text}"


def _year(record: etree._Element) -> int | None:
    published = record.find("MedlineCitation/Article/Journal/JournalIssue/PubDate")
    online = record.find("MedlineCitation/Article/ArticleDate")
    dates = (" ".join(map(_flat, date)) for date in (published, online) if date is not None)
    years = (match for match in map(_YEAR.search, dates) if match)
    return next((int(match.group()) for match in years), None)


def _doi(record: etree._Element) -> str | None:
    listed = _texts(record, "PubmedData/ArticleIdList/ArticleId[@IdType='doi']")
    located = _texts(record, "MedlineCitation/Article/ELocationID[@EIdType='doi']")
    return next(iter(listed + located), None)


def _journal(record: etree._Element) -> str | None:
    return next(iter(_texts(record, "MedlineCitation/Article/Journal/ISOAbbreviation")), None) or next(
        iter(_texts(record, "MedlineCitation/Article/Journal/Title")), None
    )


def _is_retracted(record: etree._Element) -> bool:
    """Return whether a type, a link to a retraction notice or the publisher's own title says so."""
    article = "MedlineCitation/Article"
    return (
        record.find(f"{article}/PublicationTypeList/PublicationType[@UI='{_RETRACTED_UI}']") is not None
        or "Retracted Publication" in _texts(record, f"{article}/PublicationTypeList/PublicationType")
        or record.find("MedlineCitation/CommentsCorrectionsList/*[@RefType='RetractionIn']") is not None
        or _title(record).upper().startswith("RETRACTED")
    )
