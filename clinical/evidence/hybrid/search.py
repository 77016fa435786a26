"""Hybrid search over one index: candidates by words and by vectors, ranked, then weighed with their strength."""

import logging
import math
from pathlib import Path

import numpy as np
from tantivy import DocAddress

from clinical.evidence.domain import Filters, Hit
from clinical.evidence.hybrid.candidates import Finder, Found
from clinical.evidence.hybrid.features import Candidates, Question
from clinical.evidence.hybrid.fusion import rank
from clinical.evidence.hybrid.prior import prior
from clinical.evidence.hybrid.question import read_asked
from clinical.evidence.index import EvidenceIndex
from clinical.evidence.stored import CITABLE
from clinical.evidence.vectors.static import codes
from clinical.evidence.vectors.store import VectorStore

# How many candidates each side brings; more when more are asked for.
DEPTH = 120
MOST = 1_000

_log = logging.getLogger(__name__)


class HybridSearch:
    """An index and its vectors, open for searching; by words alone where the vectors are lost."""

    def __init__(self, folder: Path) -> None:
        """Open the folder's index. Raises: IndexMissing."""
        self.index = EvidenceIndex(folder)
        self._vectors = VectorStore(folder / "vectors")
        if not self.has_vectors and self.index.count(CITABLE):
            _log.warning("%s holds no vectors: searching by words alone. Load the evidence again.", folder)

    @property
    def has_vectors(self) -> bool:
        """Whether sources can be found by meaning too, and not by their words alone."""
        return self._vectors.size > 0

    def search(self, question: str, *, filters: Filters | None = None, limit: int = 10) -> tuple[Hit, ...]:
        """Return the sources that answer the question best, best first; never one that may not be cited.

        A part of the question in double quotes must occur as it is, up to the endings of its words. However many
        are asked for, there are no more than MOST.
        """
        ranked = self._ranked(question, filters or Filters(), limit)
        return tuple(Hit(source=self.index.source_at(address), score=score) for address, score in ranked)

    def nearest(self, question: str, *, limit: int) -> list[DocAddress]:
        """Return where in the index the sources are that `search` brings."""
        return [address for address, _ in self._ranked(question, Filters(), limit)]

    def _ranked(self, question: str, filters: Filters, limit: int) -> list[tuple[DocAddress, float]]:
        asked = read_asked(question, self.index)
        if not asked.stems or limit < 1:
            return []
        limit = min(limit, MOST)
        found = Finder(self.index, self._vectors, asked, filters, max(DEPTH, limit)).find()
        if not found.addresses:
            return []
        scores = rank(self._weigh(asked.meant), self._describe(found)).tolist()
        years, grades = (self.index.column(name, found.addresses) for name in ("year", "grade"))
        weighed = [score + prior(*facts) for score, *facts in zip(scores, grades, years, strict=True)]
        return sorted(zip(found.addresses, weighed, strict=True), key=lambda each: -each[1])[:limit]

    def _weigh(self, stems: tuple[str, ...]) -> Question:
        """Return the stems as a ranking reads them, with their inverse document frequencies."""
        known = [self.index.frequency(stem) for stem in stems]
        weights = [math.log(1 + (self.index.size - count + 0.5) / (count + 0.5)) for count in known]
        return Question(codes=codes(" ".join(stems)), weights=np.array(weights, np.float32))

    def _describe(self, found: Found) -> Candidates:
        """Return the candidates as a ranking reads them."""
        of_each = self.index.codes_at(found.addresses)
        lengths = np.array([len(numbers) for _, numbers in of_each])
        return Candidates(
            codes=np.concatenate([numbers for _, numbers in of_each]),
            starts=np.cumsum(lengths) - lengths,
            titles=np.array([title for title, _ in of_each]),
            cosines=found.cosines,
        )
