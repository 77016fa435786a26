"""Whether the sentence that the checker quotes is one that annotators found to decide the claim.

Source: Wadden et al., SciFact, EMNLP 2020 (arXiv:2004.14974), section 5, sentence level: a sentence is right
where it is part of a rationale all of whose sentences were given.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from clinical.evaluation.data.claims import Rationale
from clinical.evaluation.metrics.bootstrap import Interval, interval
from clinical.evaluation.metrics.confusion import f1

Sentences = Mapping[str, Collection[int]]


class RationaleCounts(NamedTuple):
    """Of one claim: sentences that are right, that were given, and that annotators marked."""

    correct: int
    predicted: int
    relevant: int


def rationale_counts(rationales: Sequence[Rationale], given: Sentences) -> RationaleCounts:
    """Return the counts of one claim; `given` are positions of sentences by document."""
    marked = {(each.document, at) for each in rationales for at in each.sentences}
    right = {
        (each.document, at)
        for each in rationales
        for at in each.sentences
        if each.sentences <= set(given.get(each.document, ()))
    }
    return RationaleCounts(len(right), sum(map(len, given.values())), len(marked))


def rationale_f1(counts: Sequence[RationaleCounts]) -> float:
    """Return the F1 over all sentences of all claims."""
    return f1(*map(sum, zip(*counts, strict=True)))


def rationale_f1_interval(counts: Sequence[RationaleCounts]) -> Interval | None:
    """Return its 95% interval; the claims are what is drawn."""
    return interval(
        np.array(counts, dtype=np.float64), lambda sums: f1(int(sums[0]), int(sums[1]), int(sums[2]))
    )
