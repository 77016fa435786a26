"""The index on disk: sources found by words (BM25) or by id, and rebuilt exactly as they were read."""

import json
import shutil
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, cast

import tantivy
from tantivy import Occur, Query

from clinical.evidence.domain import Grade, Kind, Retraction, Source
from clinical.evidence.errors import IndexBusy, IndexMissing, SourceNotFound
from clinical.evidence.grading import is_citable
from clinical.evidence.relevance.words import StemmedSource, stem_lines

# Raise it whenever the fields, the analyzer or the stored form of a source changes.
FORMAT = "tacit-evidence 3"
CITABLE = "citable"
RETRACTED = "retracted"
WITHOUT_TEXT = "without-text"
_FIELDS = {"title": 2.0, "text": 1.0, "mesh": 1.5}
_TOKENIZER = "stems"
# How much holding a thing at all counts against how often and where it is held (BM25).
_HELD = 10.0
_HEAP_BYTES = 128_000_000

# The fields hold stem lines (see relevance.words), so that nothing but spaces is left to split at.
_ANALYZER = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()

# Ways to say one thing: each a stem or, for a phrase, several stems with spaces between.
Sayings = Sequence[str]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder().add_text_field("id", tokenizer_name="raw", index_option="basic")
    for name in _FIELDS:
        builder = builder.add_text_field(name, tokenizer_name=_TOKENIZER)
    builder = builder.add_text_field("tag", tokenizer_name="raw", index_option="basic")
    return builder.add_bytes_field("source", stored=True).build()


class EvidenceIndex:
    """An index open for reading."""

    def __init__(self, folder: Path) -> None:
        """Open the folder's index. Raises: IndexMissing."""
        index = _open(folder)
        if index is None:
            raise IndexMissing(folder)
        self._index = index
        self._index.register_tokenizer(_TOKENIZER, _ANALYZER)
        self._searcher = self._index.searcher()

    @property
    def size(self) -> int:
        """How many sources it holds."""
        return int(self._searcher.num_docs)

    def frequency(self, stem: str) -> int:
        """Return how many sources hold the stem."""
        return max(self._searcher.doc_freq(name, stem) for name in _FIELDS)

    def count(self, tag: str) -> int:
        """Return how many sources carry the tag: a kind, CITABLE, RETRACTED or WITHOUT_TEXT."""
        found = self._searcher.search(self._term("tag", tag), limit=1)
        return int(found.count)  # type: ignore[attr-defined]  # the library's stub lacks it

    def read(self, source_id: str) -> Source:
        """Return the source. Raises: SourceNotFound."""
        hits = self._searcher.search(self._term("id", source_id), limit=1, count=False).hits
        if not hits:
            raise SourceNotFound(source_id)
        return self._indexed(hits[0][1]).source

    def search(
        self,
        wanted: Iterable[tuple[Sayings, float]],
        *,
        favoured: Iterable[Sayings] = (),
        tags: Iterable[str] = (CITABLE,),
        limit: int,
    ) -> tuple[StemmedSource, ...]:
        """Return sources that hold something wanted and carry all tags, best first.

        How much of what is wanted (by its weights) they hold comes first, then BM25. What is favoured
        moves a source up, and never brings one in.
        """
        spoken = [(self._saying(sayings), weight) for sayings, weight in wanted]
        held = [Query.const_score_query(query, _HELD * weight) for query, weight in spoken]
        filters = [Query.const_score_query(self._term("tag", tag), 0.0) for tag in tags]
        query = Query.boolean_query(
            [(Occur.Must, clause) for clause in [self._any_of(held), *filters]]
            + [(Occur.Should, query) for query, _ in spoken]
            + [(Occur.Should, self._saying(sayings)) for sayings in favoured]
        )
        hits = self._searcher.search(query, limit=limit, count=False).hits
        return tuple(self._indexed(address) for _, address in hits)

    def _saying(self, sayings: Sayings) -> Query:
        return Query.disjunction_max_query(
            [
                Query.boost_query(self._words(name, saying.split()), boost)
                for saying in sayings
                for name, boost in _FIELDS.items()
            ],
            tie_breaker=0.3,
        )

    def _words(self, name: str, words: list[str]) -> Query:
        if len(words) == 1:
            return self._term(name, words[0])
        return Query.phrase_query(self._index.schema, name, list(words))

    def _term(self, name: str, value: str) -> Query:
        return Query.term_query(self._index.schema, name, value)

    @staticmethod
    def _any_of(queries: list[Query]) -> Query:
        return Query.boolean_query([(Occur.Should, query) for query in queries])

    def _indexed(self, address: tantivy.DocAddress) -> StemmedSource:
        return _unpack(cast(bytes, self._searcher.doc(address).get_first("source")))


class EvidenceWriter(AbstractContextManager["EvidenceWriter"]):
    """An index open for writing; what was not committed when it closes is gone."""

    def __init__(self, folder: Path) -> None:
        """Open the index, or start it anew when there is none of this format. Raises: IndexBusy."""
        index = _open(folder) or _start_anew(folder)
        index.register_tokenizer(_TOKENIZER, _ANALYZER)
        try:
            self._writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        except ValueError as error:
            raise IndexBusy(folder) from error

    def add(self, source: Source) -> None:
        """Put the source in, in place of an earlier one of its id."""
        self.delete(source.id)
        title, mesh, text = lines = stem_lines((source.title, "\n".join(source.mesh), source.text))
        document = tantivy.Document(id=source.id, title=title, mesh=mesh, text=text, tag=_tags(source))
        document.add_bytes("source", _pack(source, lines))
        self._writer.add_document(document)

    def delete(self, source_id: str) -> None:
        """Take the source out, if it is there."""
        self._writer.delete_documents_by_term("id", source_id)

    def delete_all(self, tag: str) -> None:
        """Take out every source that carries the tag."""
        self._writer.delete_documents_by_term("tag", tag)

    def commit(self) -> None:
        """Write what was added and deleted to disk."""
        self._writer.commit()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.rollback()
        self._writer.wait_merging_threads()


def is_readable(folder: Path) -> bool:
    """Whether the folder holds an index of this format."""
    return _open(folder) is not None


def _open(folder: Path) -> tantivy.Index | None:
    marker = folder / "format"
    if not marker.is_file() or marker.read_text(encoding="utf-8", errors="replace").strip() != FORMAT:
        return None
    try:
        return tantivy.Index.open(str(folder / "tantivy"))
    except ValueError:
        return None


def _start_anew(folder: Path) -> tantivy.Index:
    # The marker goes first and comes last, so that a crash in between leaves no index that looks whole.
    (folder / "format").unlink(missing_ok=True)
    (folder / "progress.json").unlink(missing_ok=True)
    shutil.rmtree(folder / "tantivy", ignore_errors=True)
    (folder / "tantivy").mkdir(parents=True)
    index = tantivy.Index(_schema(), path=str(folder / "tantivy"))
    (folder / "format").write_text(FORMAT, encoding="utf-8")
    return index


def _tags(source: Source) -> list[str]:
    facts = {
        source.kind.value: True,
        CITABLE: is_citable(source),
        RETRACTED: source.retracted,
        WITHOUT_TEXT: not source.text,
    }
    return [tag for tag, holds in facts.items() if holds]


def _pack(source: Source, lines: list[str]) -> bytes:
    # ASCII only: JSON's escapes hold any character that a text may have, lone surrogates too.
    return json.dumps([vars(source), *lines], default=date.isoformat).encode()


def _unpack(packed: bytes) -> StemmedSource:
    stored: dict[str, Any]
    stored, *lines = json.loads(packed)
    stored["kind"] = Kind(stored["kind"])
    stored["grade"] = Grade(stored["grade"])
    stored["retraction"] = Retraction(stored["retraction"])
    checked_on = stored["retraction_checked_on"]
    stored["retraction_checked_on"] = date.fromisoformat(checked_on) if checked_on else None
    for name in ("authors", "publication_types", "mesh", "specialties"):
        stored[name] = tuple(stored[name])
    return StemmedSource(Source(**stored), *lines)
