"""The index on disk: sources found by words (BM25), by tag or by id, and rebuilt exactly as they were read."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray
from tantivy import DocAddress, Occur, Query

from clinical.evidence.domain import Source
from clinical.evidence.errors import IndexMissing, SourceNotFound
from clinical.evidence.relevance.words import StemmedSource, Vocabulary
from clinical.evidence.stored import (
    CITABLE,
    RETRACTED,
    WITHOUT_TEXT,
    open_tantivy,
    unpack,
    unpack_codes,
    whole,
)
from clinical.evidence.vectors.store import count_rows
from clinical.evidence.writing import EvidenceWriter

__all__ = [
    "CITABLE",
    "RETRACTED",
    "WITHOUT_TEXT",
    "EvidenceIndex",
    "EvidenceWriter",
    "is_readable",
    "is_whole",
]

_FIELDS = {"title": 2.0, "text": 1.0, "mesh": 1.5}
# How much holding a thing at all counts against how often and where it is held (BM25).
_HELD = 10.0

# Ways to say one thing: each a stem or, for a phrase, several stems with spaces between.
Sayings = Sequence[str]


def is_readable(folder: Path) -> bool:
    """Whether the folder holds an index of this format."""
    return open_tantivy(folder) is not None


def is_whole(folder: Path) -> bool:
    """Whether the index is readable and its vectors, which a writer makes again, are there."""
    return is_readable(folder) and count_rows(folder / "vectors") > 0


class EvidenceIndex:
    """An index open for reading, as it was last committed."""

    def __init__(self, folder: Path) -> None:
        """Open the folder's index. Raises: IndexMissing."""
        index = open_tantivy(folder)
        if index is None:
            raise IndexMissing(folder)
        self.schema = index.schema
        self._searcher = index.searcher()
        self._vocabulary = Vocabulary()

    @property
    def size(self) -> int:
        """How many sources it holds."""
        return int(self._searcher.num_docs)

    def frequency(self, stem: str) -> int:
        """Return how many sources that may be cited hold the stem."""
        return max(self.frequency_in(name, stem) for name in ("text", "mesh"))

    def frequency_in(self, field: str, term: str) -> int:
        """Return how many sources hold the term in one field."""
        return int(self._searcher.doc_freq(field, term))

    def count(self, tag: str) -> int:
        """Return how many sources carry the tag: a kind, CITABLE, RETRACTED or WITHOUT_TEXT."""
        found = self._searcher.search(self.term("tag", whole(tag)), limit=1)
        return int(found.count)  # type: ignore[attr-defined]  # the library's stub lacks it

    def find(self, tag: str, limit: int) -> tuple[Source, ...]:
        """Return at most `limit` sources, 1 or more, that carry the tag; retracted ones too."""
        hits = self._searcher.search(self.term("tag", whole(tag)), limit=limit, count=False).hits
        return tuple(self.source_at(address) for _, address in hits)

    def read(self, source_id: str) -> Source:
        """Return the source. Raises: SourceNotFound."""
        hits = self._searcher.search(self.term("id", whole(source_id)), limit=1, count=False).hits
        if not hits:
            raise SourceNotFound(source_id)
        return self.source_at(hits[0][1])

    def search(
        self,
        wanted: Iterable[tuple[Sayings, float]],
        *,
        favoured: Iterable[Sayings] = (),
        tags: Iterable[str] = (),
        limit: int,
    ) -> list[DocAddress]:
        """Return where the sources are that may be cited, hold something wanted and carry all tags, best first.

        How much of what is wanted (by its weights) they hold comes first, then BM25. What is favoured
        moves a source up, and never brings one in.
        """
        spoken = [(self._saying(sayings), weight) for sayings, weight in wanted]
        held = [Query.const_score_query(query, _HELD * weight) for query, weight in spoken]
        filters = [Query.const_score_query(self.term("tag", tag), 0.0) for tag in tags]
        query = Query.boolean_query(
            [(Occur.Must, clause) for clause in [self.any_of(held), *filters]]
            + [(Occur.Should, query) for query, _ in spoken]
            + [(Occur.Should, self._saying(sayings)) for sayings in favoured]
        )
        return [address for _, address in self.best(query, limit)]

    def best(self, query: Query, limit: int) -> list[tuple[float, DocAddress]]:
        """Return scores and addresses of the sources that match the query, best first."""
        return self._searcher.search(query, limit=limit, count=False).hits

    def column(self, name: str, addresses: list[DocAddress]) -> list[int | None]:
        """Return the `row`, `year` or `grade` of each address; None where it has none."""
        return cast("list[int | None]", self._searcher.fast_field_values(name, addresses))

    def source_at(self, address: DocAddress) -> Source:
        """Return the source at an address that a query of this index brought."""
        return unpack(cast(bytes, self._searcher.doc(address).get_first("source")))

    def codes_at(self, addresses: Iterable[DocAddress]) -> list[tuple[int, NDArray[np.uint16]]]:
        """Return for each address how many codes are the title's, and all its codes."""
        packed = (self._searcher.doc(address).get_first("codes") for address in addresses)
        return [unpack_codes(cast(bytes, each)) for each in packed]

    def stemmed_at(self, addresses: Iterable[DocAddress]) -> tuple[StemmedSource, ...]:
        """Return the sources at the addresses, each once, with their stem lines."""
        distinct = {(address.segment_ord, address.doc): address for address in addresses}
        return tuple(self._vocabulary.read(self.source_at(address)) for address in distinct.values())

    def term(self, field: str, value: str | int) -> Query:
        """Return the query for one term of one field."""
        return Query.term_query(self.schema, field, value)

    def words(self, field: str, words: Sequence[str]) -> Query:
        """Return the query for one stem, or for several that follow one another."""
        if len(words) == 1:
            return self.term(field, words[0])
        return Query.phrase_query(self.schema, field, list(words))

    @staticmethod
    def any_of(queries: Iterable[Query]) -> Query:
        """Return the query for what any of the queries brings."""
        return Query.boolean_query([(Occur.Should, query) for query in queries])

    def _saying(self, sayings: Sayings) -> Query:
        return Query.disjunction_max_query(
            [
                Query.boost_query(self.words(name, saying.split()), boost)
                for saying in sayings
                for name, boost in _FIELDS.items()
            ],
            tie_breaker=0.3,
        )
