"""What a question brings before anything is ranked: the best by words and the nearest by vectors."""

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray
from tantivy import DocAddress, Query

from clinical.evidence.domain import Filters
from clinical.evidence.hybrid.fusion import FEEDBACK, fed_back
from clinical.evidence.hybrid.lexical import demand, rows_query, words_query
from clinical.evidence.hybrid.question import Asked
from clinical.evidence.index import EvidenceIndex
from clinical.evidence.vectors.static import embed
from clinical.evidence.vectors.store import VectorStore


@dataclass(frozen=True)
class Found:
    """Where in the index the sources are that a question brought, and their vectors' cosines with it."""

    addresses: list[DocAddress]
    cosines: NDArray[np.float32]


class Finder:
    """The search for one question's candidates; each side brings at most `depth`."""

    def __init__(
        self, index: EvidenceIndex, vectors: VectorStore, asked: Asked, filters: Filters, depth: int
    ) -> None:
        self._index = index
        self._vectors = vectors
        self._asked = asked
        self._filters = filters
        self._depth = depth
        self._places: dict[int, DocAddress] = {}

    def find(self) -> Found:
        """Return the candidates; with cosines of 0 where there are no vectors.

        The best by words show how the corpus says it: their vectors are added to the question's.
        """
        by_words = self._by_words()
        [vector] = embed([self._asked.line])
        if not self._vectors.size or not vector.any():
            return self._found(by_words, vector)
        best = np.array(by_words[:FEEDBACK], np.int64)
        drawn = fed_back(vector, self._vectors.at(best[best < self._vectors.size]))
        return self._found(by_words + self._by_vector(drawn), drawn)

    def _found(self, met: list[int], vector: NDArray[np.float32]) -> Found:
        rows = np.array(list(dict.fromkeys(met)), np.int64)
        cosines = np.zeros(len(rows), np.float32)
        # Of files that were cut short, the last rows are missing.
        is_there = rows < self._vectors.size
        cosines[is_there] = self._vectors.at(rows[is_there]) @ vector
        return Found([self._places[row] for row in rows.tolist()], cosines)

    def _by_words(self) -> list[int]:
        """Return the rows of the best by BM25, best first."""
        return self._rows(words_query(self._index, self._asked))

    def _by_vector(self, vector: NDArray[np.float32]) -> list[int]:
        """Return the rows of the nearest, in any order."""
        nearest = self._vectors.nearest(vector, filters=self._filters, limit=self._depth)
        # The words' index knows which rows still belong to a source, and has the last word on the filters.
        return self._rows(rows_query(self._index, nearest.tolist()))

    def _rows(self, query: Query) -> list[int]:
        """Return the rows of what the query brings and the question admits, having put down where each is."""
        demanded = demand(self._index, query, self._asked, self._filters)
        addresses = [address for _, address in self._index.best(demanded, self._depth)]
        rows = cast("list[int]", self._index.column("row", addresses))
        self._places.update(zip(rows, addresses, strict=True))
        return rows
