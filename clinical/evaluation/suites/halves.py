"""Each half of the hybrid search alone, for comparison: by words (BM25), and by vectors."""

from collections.abc import Callable
from pathlib import Path

from clinical.evidence.domain import Filters
from clinical.evidence.hybrid.lexical import demand, rows_query, words_query
from clinical.evidence.hybrid.question import read_asked
from clinical.evidence.index import EvidenceIndex
from clinical.evidence.vectors.static import embed
from clinical.evidence.vectors.store import VectorStore

# Question and how many are wanted, to the ids of sources, best first.
Half = Callable[[str, int], list[str]]


def by_words(folder: Path) -> Half:
    """Return the search of the folder's index by words alone. Raises: IndexMissing."""
    index = EvidenceIndex(folder)

    def search(question: str, limit: int) -> list[str]:
        asked = read_asked(question, index)
        if not asked.stems:
            return []
        query = demand(index, words_query(index, asked), asked, Filters())
        return [index.source_at(address).id for _, address in index.best(query, limit)]

    return search


def by_vectors(folder: Path) -> Half:
    """Return the search of the folder's index by vectors alone. Raises: IndexMissing."""
    index, vectors = EvidenceIndex(folder), VectorStore(folder / "vectors")

    def search(question: str, limit: int) -> list[str]:
        asked = read_asked(question, index)
        [vector] = embed([asked.line])
        if not vector.any():
            return []
        nearest = vectors.nearest(vector, filters=Filters(), limit=limit).tolist()
        addresses = [address for _, address in index.best(rows_query(index, nearest), limit)]
        by_row = dict(zip(index.column("row", addresses), addresses, strict=True))
        return [index.source_at(by_row[row]).id for row in nearest if row in by_row]

    return search
