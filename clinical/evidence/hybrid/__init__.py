"""Search by words and by vectors at once: what either finds, in one order, filtered."""

from clinical.evidence.hybrid.search import HybridSearch

__all__ = ["HybridSearch"]
