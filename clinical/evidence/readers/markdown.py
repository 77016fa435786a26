"""A guideline or protocol in Markdown as sources, a section each; YAML front matter says what the document is."""

import re
from collections.abc import Iterator
from io import RawIOBase
from pathlib import PurePath
from typing import Any

import yaml

from clinical.evidence.domain import Grade, Kind, Retraction, Source
from clinical.evidence.readers.languages import language_code
from clinical.evidence.readers.records import (
    RECORD_BYTES,
    Reading,
    Record,
    Skipped,
    SkipReason,
    Unusable,
    read_doi,
    read_year,
)
from clinical.evidence.retraction import is_retracted_title
from clinical.evidence.specialties import SPECIALTIES, specialties_of

_FRONT_MATTER = re.compile(
    r"\ufeff?---[ \t]*\r?\n(?P<yaml>.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE
)
_MOST_FRONT_MATTER = 64_000
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_HEADING = re.compile(r"#{1,2}[ \t]+(?P<text>.*?)[ \t#]*$")
_NO_SLUG = re.compile(r"\W+")


def read_markdown(stream: RawIOBase, reading: Reading) -> Iterator[Record]:
    """Yield the document's sections that say something. The whole document is skipped where it cannot be used."""
    try:
        body, front = _read(stream)
        document = _Document(front, reading)
    except Unusable as error:
        yield Skipped("document", error.reason)
        return
    slugs: dict[str, int] = {}
    for heading, text in _sections(body):
        slug = _slug(heading) or "text"
        slugs[slug] = slugs.get(slug, 0) + 1
        yield document.section(heading, text, slug if slugs[slug] == 1 else f"{slug}-{slugs[slug]}")


def _read(stream: RawIOBase) -> tuple[str, dict[str, Any]]:
    """Return the document without its front matter, and the front matter. Raises: Unusable."""
    pieces, size = [], 0
    while piece := stream.read(1 << 20):
        pieces.append(piece)
        size += len(piece)
        if size > RECORD_BYTES:
            raise Unusable(SkipReason.TOO_LARGE)
    try:
        # Decoded as bytes, because reading as text would rewrite line ends and move every offset.
        text = b"".join(pieces).decode("utf-8")
    except UnicodeDecodeError:
        raise Unusable(SkipReason.NOT_UTF8) from None
    match = _FRONT_MATTER.match(text)
    if match is None:
        raise Unusable(SkipReason.NO_FRONT_MATTER)
    return text[match.end() :], _parse(match["yaml"])


def _parse(front: str) -> dict[str, Any]:
    if len(front) > _MOST_FRONT_MATTER:
        raise Unusable(SkipReason.TOO_LARGE)
    try:
        parsed = yaml.safe_load(front)
    except (yaml.YAMLError, ValueError, RecursionError):
        raise Unusable(SkipReason.MALFORMED) from None
    if not isinstance(parsed, dict):
        raise Unusable(SkipReason.NO_FRONT_MATTER)
    return {str(key).lower(): value for key, value in parsed.items()}


class _Document:
    """What all sections of a document have in common."""

    def __init__(self, front: dict[str, Any], reading: Reading) -> None:
        self._reading = reading
        self._title = _text(front, "title")
        if not self._title:
            raise Unusable(SkipReason.MISSING_TITLE)
        self._doi = read_doi(_text(front, "doi"))
        named = _text(front, "id") or str(PurePath(reading.name.removesuffix(".gz")).with_suffix(""))
        self._id = f"doi:{self._doi}" if self._doi else named
        self._year = read_year(_text(front, "year") or _text(front, "date"))
        self._organisation = _text(front, "organisation") or _text(front, "organization") or None
        self._language = language_code(_text(front, "language"))
        self._specialties = _specialties(front) or specialties_of(
            title=self._title, mesh=(), journal=self._organisation
        )
        is_withdrawn = front.get("retracted") is True or is_retracted_title(self._title)
        self._retraction = Retraction.RETRACTED if is_withdrawn else Retraction.UNKNOWN

    def section(self, heading: str, text: str, slug: str) -> Source:
        """Return a section as a source; its text is the document's, unchanged."""
        return Source(
            id=self._reading.source_id(f"{self._id}#{slug}"),
            kind=Kind.GUIDELINE,
            corpus=self._reading.corpus,
            title=f"{self._title} — {heading}" if heading and heading != self._title else self._title,
            text=text,
            year=self._year,
            grade=Grade.GUIDELINE,
            doi=self._doi,
            journal=self._organisation,
            language=self._language,
            specialties=self._specialties,
            retraction=self._retraction,
        )


def _text(front: dict[str, Any], name: str) -> str:
    value = front.get(name)
    return "" if value is None or isinstance(value, list | dict) else str(value).strip()


def _specialties(front: dict[str, Any]) -> tuple[str, ...]:
    value = front.get("specialties")
    named = [str(each).lower().replace(" ", "_") for each in value] if isinstance(value, list) else []
    return tuple(each for each in SPECIALTIES if each in named)


def _sections(body: str) -> Iterator[tuple[str, str]]:
    """Yield heading and text (heading line included) of what "#" and "##" divide; no heading without words."""
    heading, text, is_fenced = "", "", False
    for line in body.splitlines(keepends=True):
        if _FENCE.match(line):
            is_fenced = not is_fenced
        found = None if is_fenced else _HEADING.match(line.rstrip("\r\n"))
        if found:
            if _has_words(heading, text):
                yield heading, text
            heading, text = found["text"], ""
        text += line
    if _has_words(heading, text):
        yield heading, text


def _has_words(heading: str, text: str) -> bool:
    return bool((text.partition("\n")[2] if heading else text).strip())


def _slug(heading: str) -> str:
    return _NO_SLUG.sub("-", heading.casefold()).strip("-")[:80]
