"""PubMed's XML files (baseline, daily updates, efetch) as sources, streamed: never more than a record in memory."""

from collections.abc import Iterator
from io import RawIOBase
from typing import cast

from lxml import etree

from clinical.evidence.errors import CorpusUnreadable
from clinical.evidence.readers.opening import Opened
from clinical.evidence.readers.pubmed_article import article_of, flat
from clinical.evidence.readers.records import Deleted, Reading, Record, Skipped, SkipReason, Unusable

# Text becomes about ten times as much memory when it is a tree. The largest records of PubMed have about 2 MB.
RECORD_XML_BYTES = 8_000_000
_FIX = "Take it out of the file, or the file out of the folder, and run the command again."
_RECORDS = ("PubmedArticle", "PubmedBookArticle", "DeleteCitation")
_SETS = ("PubmedArticleSet", "PubmedBookArticleSet")


class _Watched:
    """A stream that refuses to go on where a record does not end."""

    def __init__(self, stream: Opened | RawIOBase, reading: Reading) -> None:
        self._stream = stream
        self._reading = reading
        self.since_record = 0

    def read(self, size: int = -1) -> bytes:
        """Return at most so many bytes. Raises: CorpusUnreadable."""
        data = self._stream.read(size) or b""
        self.since_record += len(data)
        if self.since_record > RECORD_XML_BYTES:
            raise CorpusUnreadable(
                self._reading.path,
                f"holds a record of more than {RECORD_XML_BYTES // 1_000_000} MB, or no record of PubMed at all",
                fix=_FIX,
            )
        return data


def read_pubmed(stream: Opened | RawIOBase, reading: Reading) -> Iterator[Record]:
    """Yield the file's records in its order. No entity is expanded; nothing outside the file is read.

    Raises: CorpusUnreadable.
    """
    watched = _Watched(stream, reading)
    number = 0
    try:
        elements = etree.iterparse(
            watched,
            tag=_RECORDS,
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            remove_comments=True,
            remove_pis=True,
        )
        for _, element in elements:
            if number == 0:
                _refuse_entities(element, reading)
            number += 1
            yield from _records(element, number, reading)
            _free(element)
            watched.since_record = 0
    except etree.XMLSyntaxError as error:
        raise CorpusUnreadable(
            reading.path, f"not well-formed XML at line {error.lineno}: cut short, damaged or not XML"
        ) from error
    if number == 0 and elements.root.tag not in _SETS:
        raise CorpusUnreadable(reading.path, "is XML, but holds no record of PubMed", fix=_FIX)


def _refuse_entities(element: etree._Element, reading: Reading) -> None:
    # None where the file has no DOCTYPE, which the library's stub does not know.
    internal = cast("etree.DTD | None", element.getroottree().docinfo.internalDTD)
    if internal is not None and internal.entities():  # type: ignore[attr-defined]  # nor this
        raise CorpusUnreadable(
            reading.path,
            "declares entities of its own, which are never expanded",
            fix="PubMed's files have none: get the file from NLM again.",
        )


def _free(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _records(element: etree._Element, number: int, reading: Reading) -> Iterator[Record]:
    if element.tag == "DeleteCitation":
        pmids = map(flat, element.iterfind("PMID"))
        yield from (Deleted(reading.source_id(f"pmid:{pmid}")) for pmid in pmids)
    elif element.tag == "PubmedArticle":
        try:
            yield article_of(element, reading)
        except Unusable as error:
            yield Skipped(f"record {number}", error.reason)
    else:
        yield Skipped(f"record {number}", SkipReason.BOOK)
