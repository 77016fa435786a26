"""BEIR's corpus.jsonl as sources: a document a line, with `_id`, `title` and `text`.

Source: github.com/beir-cellar/beir, "Load your custom dataset".
"""

import json
from collections.abc import Iterator
from io import RawIOBase
from typing import Any

from clinical.evidence.domain import Source
from clinical.evidence.grading import grade_article
from clinical.evidence.readers.exports.lines import read_lines
from clinical.evidence.readers.records import (
    Reading,
    Record,
    Skipped,
    SkipReason,
    Unusable,
    read_doi,
    read_year,
)
from clinical.evidence.retraction import retraction_by_title

# Some of BEIR's documents have an empty title: they are shown under their opening words.
_OPENING = 120


def read_beir(stream: RawIOBase, reading: Reading) -> Iterator[Record]:
    """Yield the file's documents in its order; empty lines are no records."""
    for number, line in read_lines(stream):
        try:
            if isinstance(line, SkipReason):
                raise Unusable(line)
            if line.strip():
                yield _document(line, reading)
        except Unusable as error:
            yield Skipped(f"line {number}", error.reason)


def _document(line: str, reading: Reading) -> Source:
    stored = _parse(line)
    own_id, text = _text(stored, "_id"), _text(stored, "text")
    title = _text(stored, "title")
    if not own_id:
        raise Unusable(SkipReason.MISSING_ID)
    if not title and ("title" not in stored or not text):
        raise Unusable(SkipReason.MISSING_TITLE)
    return Source(
        id=reading.source_id(own_id),
        kind=reading.kind,
        corpus=reading.corpus,
        title=title or text[:_OPENING].rsplit(" ", 1)[0],
        text=text,
        year=read_year(_text(stored, "year")),
        grade=reading.grade(grade_article((), (), title=title, text=text)),
        doi=read_doi(_text(stored, "doi")),
        pmid=_text(stored, "pmid") or None,
        retraction=retraction_by_title(title),
    )


def _parse(line: str) -> dict[str, Any]:
    try:
        stored = json.loads(line)
    except (ValueError, RecursionError):
        raise Unusable(SkipReason.MALFORMED) from None
    if not isinstance(stored, dict):
        raise Unusable(SkipReason.MALFORMED)
    return stored


def _text(stored: dict[str, Any], name: str) -> str:
    """Return the value as text; an id may be written as a number."""
    value = stored.get(name)
    if value is None or isinstance(value, list | dict | bool):
        return ""
    return str(value).strip() if name != "text" else str(value)
