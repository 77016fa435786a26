"""Which format a file has, told by what it holds and only then by its name."""

import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from io import RawIOBase
from pathlib import Path

from clinical.evidence.errors import CorpusUnreadable, FormatUnknown
from clinical.evidence.readers.exports.beir import read_beir
from clinical.evidence.readers.exports.nbib import read_nbib
from clinical.evidence.readers.exports.ris import read_ris
from clinical.evidence.readers.exports.table import read_table
from clinical.evidence.readers.markdown import read_markdown
from clinical.evidence.readers.opening import opened
from clinical.evidence.readers.pubmed import read_pubmed
from clinical.evidence.readers.records import Reading, Record
from clinical.evidence.readers.registry import read_registry


class Format(StrEnum):
    """A format that can be ingested; the value is what `--format` says."""

    PUBMED = "pubmed"
    NBIB = "nbib"
    RIS = "ris"
    CSV = "csv"
    BEIR = "beir"
    MARKDOWN = "markdown"
    REGISTRY = "registry"


READERS: dict[Format, Callable[[RawIOBase, Reading], Iterator[Record]]] = {
    Format.PUBMED: read_pubmed,
    Format.NBIB: read_nbib,
    Format.RIS: read_ris,
    Format.CSV: read_table,
    Format.BEIR: read_beir,
    Format.MARKDOWN: read_markdown,
    Format.REGISTRY: read_registry,
}
# Files by which their publisher tells which of their records stand.
DATED = {Format.PUBMED, Format.NBIB}
# A document that is read whole: what its next version no longer holds goes.
DOCUMENTS = {Format.MARKDOWN, Format.REGISTRY}

SUFFIXES = {
    ".xml": Format.PUBMED,
    ".nbib": Format.NBIB,
    ".ris": Format.RIS,
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".jsonl": Format.BEIR,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
}
_HEAD = 65_536
_CONTENT = {
    Format.PUBMED: re.compile(rb"\s*<(?:\?xml|!DOCTYPE|!--|Pubmed)"),
    Format.BEIR: re.compile(rb'\s*\{\s*"'),
    Format.NBIB: re.compile(rb"(?:.*\n)?\s*PMID ?- ?\d"),
    Format.RIS: re.compile(rb"(?:.*\n){0,20}?\s*TY  ?- "),
}
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def format_of(path: Path) -> Format:
    """Return the file's format. Raises: FormatUnknown, CorpusUnreadable."""
    if path.name == "registry.json":
        return Format.REGISTRY
    with opened(path) as stream:
        head = stream.read(_HEAD)
    if head.startswith(_WIDE):
        raise CorpusUnreadable(path, "is UTF-16", fix="Save it in UTF-8, then run the command again.")
    head = head.removeprefix(b"\xef\xbb\xbf")
    found = next((each for each, pattern in _CONTENT.items() if pattern.match(head)), None)
    found = found or SUFFIXES.get(suffix_of(path))
    if found is None:
        raise FormatUnknown(path, [each.value for each in Format])
    return found


def suffix_of(path: Path) -> str:
    """Return the ending that says what a file holds: ".xml" of "pubmed26n0001.xml.gz"."""
    return Path(path.name.lower().removesuffix(".gz")).suffix
