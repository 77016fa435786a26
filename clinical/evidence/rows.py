"""Which rows of vectors the index's sources carry: those whose vectors were lost, those that are free again."""

from collections.abc import Iterator
from typing import cast

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import FieldType, Order, Query

from clinical.evidence.domain import Source
from clinical.evidence.stored import unpack

_BATCH = 1_000
_SCAN = 100_000
# Rows are looked through for free ones when there are this many times as many as sources.
_WASTE = 1.5
_FEW = 20_000


def missing_rows(index: tantivy.Index, size: int) -> Iterator[tuple[NDArray[np.int64], list[Source]]]:
    """Yield the rows from `size` on that sources carry, in order and in batches, with those sources."""
    searcher = index.searcher()
    while hits := _carrying(index, searcher, size, None, _BATCH):
        rows = np.array([row for row, _ in hits], np.int64)
        packed = (searcher.doc(address).get_first("source") for _, address in hits)
        yield rows, [unpack(cast(bytes, each)) for each in packed]
        size = int(rows[-1]) + 1


def free_rows(index: tantivy.Index, size: int) -> NDArray[np.int64]:
    """Return the rows below `size` that no source carries; none while they are too few to matter."""
    searcher = index.searcher()
    if size < _FEW + _WASTE * searcher.num_docs:
        return np.empty(0, np.int64)
    is_free = np.ones(size, np.bool_)
    for start in range(0, size, _SCAN):
        hits = _carrying(index, searcher, start, start + _SCAN - 1, _SCAN)
        is_free[[row for row, _ in hits]] = False
    return np.flatnonzero(is_free)


def _carrying(
    index: tantivy.Index, searcher: tantivy.Searcher, first: int, last: int | None, limit: int
) -> list[tuple[int, tantivy.DocAddress]]:
    """Return the first `limit` rows between two, both included, that sources carry, and where those are."""
    query = Query.range_query(index.schema, "row", FieldType.Integer, first, last)
    return searcher.search(query, limit=limit, count=False, order_by_field="row", order=Order.Asc).hits
