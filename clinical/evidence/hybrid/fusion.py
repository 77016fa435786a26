"""What words and vectors find, in one order: by what the texts hold.

The weights come from self-supervised questions alone (`benchmarks/train_static_vectors.py`): sentences of abstracts
that it did not train on, each to find the abstract it was taken out of.
"""

import numpy as np
from numpy.typing import NDArray

from clinical.evidence.hybrid.features import NAMES, Candidates, Question, features

# So many of the best by words say what else the question is about: their vectors are added to its own.
FEEDBACK = 5
_FED_BACK = 0.5
_WEIGHTS = {
    "words": 3.93,
    "cosine": 8.81,
    "held": 8.17,
    "near": 34.76,
    "title": 2.41,
    "together": 1.92,
    "window": 2.56,
    "length": -0.79,
}
# The weights give natural logarithms of odds; a tenth of them leaves room for a source's strength and age.
_SCALE = 0.1

Floats = NDArray[np.float32]


def fed_back(vector: Floats, best: Floats) -> Floats:
    """Return the question's unit vector drawn towards those [n, width] of the sources ranked best."""
    if not len(best):
        return vector
    drawn: Floats = vector + _FED_BACK * best.mean(axis=0)
    return drawn / max(float(np.linalg.norm(drawn)), 1e-9)


def rank(question: Question, candidates: Candidates) -> Floats:
    """Return a score for each candidate: 1 for the best, and above 0 for all."""
    if not len(candidates.starts):
        return np.zeros(0, np.float32)
    weighed = features(question, candidates) @ np.array([_WEIGHTS[name] for name in NAMES], np.float32)
    scores: Floats = np.exp(_SCALE * (weighed - weighed.max()))
    return scores
