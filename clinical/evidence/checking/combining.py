"""One verdict for a claim and a source, from what the trained model says of the source's sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# How many numbers `features` gives.
FEATURES = 8


def features(logits: NDArray[np.float32], coverages: Sequence[float]) -> Floats:
    """Return the eight numbers that a source's sentences come to.

    `logits` has a row [supported, contradicted, not enough] for each sentence, `coverages` the share (0 to 1) of the
    claim's content words that the sentence holds. Sorted by evidence, so the order of the sentences does not matter.
    """
    scored = np.asarray(logits, dtype=np.float64)
    supports, contradicts = scored[:, 0] - scored[:, 2], scored[:, 1] - scored[:, 2]
    covered = np.asarray(coverages, dtype=np.float64)
    nearest = int(np.argmax(np.maximum(supports, contradicts)))
    return np.array(
        [
            supports.max(),
            _second(supports),
            contradicts.max(),
            _second(contradicts),
            (scored[:, 0] - scored[:, 1])[nearest],
            (scored[:, 0] - scored[:, 1]).mean(),
            covered.max(),
            covered[nearest],
        ]
    )


def _second(values: Floats) -> float:
    return float(np.sort(values)[-2]) if len(values) > 1 else float(values[0])


def softmax(scores: NDArray[Any]) -> NDArray[Any]:
    """Return scores as probabilities along their last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    found: NDArray[Any] = powers / powers.sum(axis=-1, keepdims=True)
    return found


@dataclass(frozen=True)
class Combination:
    """A logistic regression over a row: `weights` [3, row] and `bias` [3], supported, contradicted, not enough."""

    weights: Floats
    bias: Floats

    def probabilities(self, row: Floats) -> Floats:
        """Return the probabilities (they sum to 1) of the three verdicts."""
        return softmax(self.weights @ row + self.bias)
