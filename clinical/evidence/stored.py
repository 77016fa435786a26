"""The form in which the index holds a source: its fields, its tags, and the source itself, packed."""

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import tantivy
from numpy.typing import NDArray

from clinical.evidence.domain import Grade, Kind, Retraction, Source
from clinical.evidence.grading import is_citable
from clinical.evidence.relevance.words import StemmedSource, stem_line
from clinical.evidence.vectors.static import CODE, MODEL, codes

# Raise the number whenever the fields, the analyzer or the stored form of a source changes.
FORMAT = f"tacit-evidence 5, {MODEL}"
CITABLE = "citable"
RETRACTED = "retracted"
WITHOUT_TEXT = "without-text"

_MOST_OF_A_TITLE = np.iinfo(CODE).max
_NO_CODE = np.array([np.iinfo(CODE).max], CODE)
_TOKENIZER = "stems"
# The fields hold stem lines (see relevance.words), so that nothing but spaces is left to split at.
_ANALYZER = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()


@dataclass(frozen=True)
class Placed:
    """The row of vectors that a source has, and the codes of its title's and text's stems, which they are made of."""

    row: int
    codes: NDArray[np.uint16]


def make_schema() -> tantivy.Schema:
    """Return the index's fields; only citable sources have words, a row of vectors, a year and a grade in them.

    `text` holds the words of title and text, `heading` whole MeSH headings in stems. `codes` is title, text and
    headings once more, as numbers that a ranking reads.
    """
    builder = tantivy.SchemaBuilder()
    for name in ("id", "tag", "heading"):
        builder = builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("title", "text", "mesh"):
        builder = builder.add_text_field(name, tokenizer_name=_TOKENIZER)
    builder = builder.add_integer_field("row", indexed=True, fast=True)
    for name in ("year", "grade"):
        builder = builder.add_integer_field(name, fast=True)
    for name in ("source", "codes"):
        builder = builder.add_bytes_field(name, stored=True)
    return builder.build()


def open_tantivy(folder: Path) -> tantivy.Index | None:
    """Return the folder's index; None when there is none of this format that can be read."""
    marker = folder / "format"
    if not marker.is_file() or marker.read_text(encoding="utf-8", errors="replace").strip() != FORMAT:
        return None
    try:
        return teach(tantivy.Index.open(str(folder / "tantivy")))
    except ValueError:
        return None


def teach(index: tantivy.Index) -> tantivy.Index:
    """Return the index, which now knows how its fields are split into words."""
    index.register_tokenizer(_TOKENIZER, _ANALYZER)
    return index


def make_document(stemmed: StemmedSource, placed: Placed | None) -> tantivy.Document:
    """Return the source as the index takes it.

    Without a place among the vectors it can be read, found by tag and counted, and no search brings it.
    """
    source = stemmed.source
    document = tantivy.Document(id=whole(source.id), tag=list(map(whole, _tags(source))))
    document.add_bytes("source", pack(source))
    if placed is not None:
        document.add_text("title", stemmed.title)
        document.add_text("text", stemmed.title + stemmed.body)
        document.add_text("mesh", stemmed.headings)
        for heading in sorted({form for name in source.mesh for form in _heading_forms(name)}):
            document.add_text("heading", heading)
        document.add_bytes("codes", _pack_codes(stemmed, placed.codes))
        document.add_integer("row", placed.row)
        document.add_integer("grade", source.grade)
        if source.year is not None:
            document.add_integer("year", source.year)
    return document


def _pack_codes(stemmed: StemmedSource, text: NDArray[np.uint16]) -> bytes:
    """Return how many stems the title has, then the codes of all stems: of the title, the text, the headings."""
    title = min(len(stemmed.title.split()), _MOST_OF_A_TITLE)
    return np.concatenate([np.array([title], CODE), text, codes(stemmed.headings)]).tobytes()


def unpack_codes(packed: bytes) -> tuple[int, NDArray[np.uint16]]:
    """Return how many codes are the title's, and all codes; one that stands for nothing where there are none."""
    numbers = np.frombuffer(packed, CODE)
    return int(numbers[0]), numbers[1:] if len(numbers) > 1 else _NO_CODE


@lru_cache(maxsize=40_000)
def _heading_forms(heading: str) -> tuple[str, str]:
    """Return the heading in stems as MeSH has it and as people say it ("Diabetes Mellitus, Type 2")."""
    spoken = " ".join(reversed(heading.split(", ")))
    return stem_line(heading).strip(), stem_line(spoken).strip()


def _tags(source: Source) -> list[str]:
    facts = {
        source.kind.value: True,
        CITABLE: is_citable(source),
        RETRACTED: source.retracted,
        WITHOUT_TEXT: not source.text,
        corpus_tag(source.corpus): True,
        grade_tag(source.grade): True,
        f"pmid:{source.pmid}": source.pmid is not None,
        f"doi:{(source.doi or '').lower()}": source.doi is not None,
        language_tag(source.language or ""): source.language is not None,
    }
    return [tag for tag, holds in facts.items() if holds] + list(map(specialty_tag, source.specialties))


def corpus_tag(corpus: str) -> str:
    """Return the tag of a corpus's sources."""
    return f"corpus:{corpus}"


def grade_tag(grade: Grade) -> str:
    """Return the tag of a grade's sources."""
    return f"type:{grade.name.lower()}"


def language_tag(language: str) -> str:
    """Return the tag of the sources in a language."""
    return f"lang:{language}"


def specialty_tag(specialty: str) -> str:
    """Return the tag of a specialty's sources."""
    return f"specialty:{specialty}"


def whole(text: str) -> str:
    """Return the text with a question mark for each half character, which the index could not take."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def pack(source: Source) -> bytes:
    """Return the source as JSON."""
    try:
        return orjson.dumps(vars(source))
    except TypeError:
        # In ASCII, whose escapes hold any character that a text may have, lone surrogates too.
        return json.dumps(vars(source), default=date.isoformat).encode()


def unpack(packed: bytes) -> Source:
    """Return the source that was packed, exactly."""
    try:
        stored: dict[str, Any] = orjson.loads(packed)
    except ValueError:
        stored = json.loads(packed)
    stored["kind"] = Kind(stored["kind"])
    stored["grade"] = Grade(stored["grade"])
    stored["retraction"] = Retraction(stored["retraction"])
    checked_on = stored["retraction_checked_on"]
    stored["retraction_checked_on"] = date.fromisoformat(checked_on) if checked_on else None
    for name in ("authors", "publication_types", "mesh", "specialties", "notice_of"):
        stored[name] = tuple(stored[name])
    return Source(**stored)
