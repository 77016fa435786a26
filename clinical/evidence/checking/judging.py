"""What the sentences of one source come to for a claim; training and runtime read and weigh them here alike."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from clinical.evidence.checking.combining import FEATURES, Combination, features
from clinical.evidence.checking.pairs import Pair, claim_pair
from clinical.evidence.checking.reader import Judgement
from clinical.evidence.checking.rules.content import coverage
from clinical.evidence.checking.signs import SIGNS, signs
from clinical.evidence.domain import Passage

# Numbers in a row.
WEIGHED = FEATURES + SIGNS

Floats = NDArray[np.float64]
# One row [supported, contradicted, not enough] a sentence.
Logits = NDArray[np.float32]


def pairs_of(claim: str, passages: Sequence[Passage]) -> list[Pair]:
    """Return what the model reads: the claim beside each sentence, with its section and its work's title."""
    return [
        claim_pair(claim, each.quote, title=each.source.title, label=" ".join(each.context))
        for each in passages
    ]


def row_of(claim: str, passages: Sequence[Passage], logits: Logits) -> Floats:
    """Return the WEIGHED numbers that one source comes to by these sentences of it, one at least."""
    likeliest = int(np.argmax(logits[:, :2].max(axis=1) - logits[:, 2]))
    covered = [coverage(claim, each.quote) for each in passages]
    return np.array([*features(logits, covered), *signs(claim, passages, likeliest)])


def judgement_of(row: Floats, logits: Logits, combination: Combination) -> Judgement:
    """Return what the source says of the claim, and how much each sentence speaks so."""
    supported, contradicted, _ = combination.probabilities(row).tolist()
    supports, contradicts = logits[:, 0] - logits[:, 2], logits[:, 1] - logits[:, 2]
    return Judgement(supported, contradicted, supports.tolist(), contradicts.tolist())
