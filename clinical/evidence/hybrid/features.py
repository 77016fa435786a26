"""What of a question its candidates hold, and how close together, in numbers that a ranking can weigh."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clinical.evidence.vectors.static import similarities

# How often and in how long a text a stem must stand to count fully.
# Source: Robertson SE et al. Okapi at TREC-3. NIST SP 500-225, 1995 (BM25).
_K1, _B = 1.2, 0.75
# A window is this many blocks of so many stems: about a sentence.
_BLOCK, _BLOCKS = 10, 3
_SHORTEST, _LONGEST = 60, 500

Floats = NDArray[np.float32]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Question:
    """A question's distinct stems, as codes in their order, and their weights: the rarer, the more."""

    codes: NDArray[np.uint16]
    weights: Floats


@dataclass(frozen=True)
class Candidates:
    """Sources: their codes end to end, where each begins, its title's length, its vector's cosine."""

    codes: NDArray[np.uint16]
    starts: Places
    titles: Places
    cosines: Floats

    @property
    def lengths(self) -> Places:
        """How many stems each source has."""
        return np.diff(self.starts, append=len(self.codes))


NAMES = ("words", "cosine", "held", "near", "title", "together", "window", "length")


def features(question: Question, candidates: Candidates) -> Floats:
    """Return the candidates' features [n, len(NAMES)]; each candidate has at least one stem."""
    texts = _Texts(question, candidates)
    share = question.weights / max(float(question.weights.sum()), 1e-9)
    lengths = candidates.lengths
    counts = texts.counts()
    held = counts > 0
    blocks, firsts = _blocks(similarities(question.codes, candidates.codes).clip(0.0), candidates)
    nearest = np.where(held, 0.0, np.maximum.reduceat(blocks, firsts, axis=1))
    columns = (
        share @ _saturated(counts, lengths),
        candidates.cosines,
        share @ held,
        share @ nearest,
        share @ texts.is_in_title(),
        _pairs(share) @ texts.are_together(),
        np.maximum.reduceat(share @ _windows(blocks, firsts) ** 2, firsts),
        np.log(lengths.clip(_SHORTEST, _LONGEST) / _SHORTEST),
    )
    return np.column_stack(columns).astype(np.float32)


class _Texts:
    """Where in the candidates the question's stems stand."""

    def __init__(self, question: Question, candidates: Candidates) -> None:
        place_of = np.full(1 << 16, -1)
        place_of[question.codes] = np.arange(len(question.codes))
        self._asked = place_of[candidates.codes]
        self._source = np.repeat(np.arange(len(candidates.starts)), candidates.lengths)
        self._candidates = candidates
        self._shape = (len(question.codes), len(candidates.starts))

    def counts(self) -> Floats:
        """Return how often each stem stands in each source [stems, sources]."""
        return self._count(np.flatnonzero(self._asked >= 0), stems=self._shape[0])

    def is_in_title(self) -> NDArray[np.bool_]:
        """Return whether each stem stands in each source's title."""
        title_end = self._candidates.starts + self._candidates.titles
        at = np.flatnonzero(self._asked >= 0)
        return self._count(at[at < title_end[self._source[at]]], stems=self._shape[0]) > 0

    def are_together(self) -> NDArray[np.bool_]:
        """Return whether neighbours in the question [stems - 1, sources] stand side by side, or one stem apart."""
        found = []
        for apart in (1, 2):
            first, second = self._asked[:-apart], self._asked[apart:]
            is_one = self._source[:-apart] == self._source[apart:]
            found.append(np.flatnonzero((first >= 0) & (second == first + 1) & is_one))
        return self._count(np.concatenate(found), stems=self._shape[0] - 1) > 0

    def _count(self, at: Places, *, stems: int) -> Floats:
        keys = self._asked[at] * self._shape[1] + self._source[at]
        counted = np.bincount(keys, minlength=stems * self._shape[1])
        return counted.reshape(stems, self._shape[1]).astype(np.float32)


def _saturated(counts: Floats, lengths: Places) -> Floats:
    length = _K1 * (1 - _B + _B * lengths / lengths.mean())
    saturated: Floats = counts * (_K1 + 1) / (counts + length)
    return saturated


def _pairs(share: Floats) -> Floats:
    """Return the share of each two neighbours in the question."""
    both = share[:-1] + share[1:]
    pairs: Floats = both / max(float(both.sum()), 1e-9)
    return pairs


def _blocks(similar: Floats, candidates: Candidates) -> tuple[Floats, Places]:
    """Return the most that each stem [stems, blocks] is like one of a block, and each source's first block."""
    counts = -(-candidates.lengths // _BLOCK)
    firsts = np.cumsum(counts) - counts
    inside = np.arange(counts.sum()) - np.repeat(firsts, counts)
    return np.maximum.reduceat(
        similar, np.repeat(candidates.starts, counts) + inside * _BLOCK, axis=1
    ), firsts


def _windows(blocks: Floats, firsts: Places) -> Floats:
    """Return the same for the windows that begin at each block."""
    source = np.zeros(blocks.shape[1], np.int64)
    source[firsts[1:]] = 1
    source = source.cumsum()
    windows = blocks.copy()
    for further in range(1, _BLOCKS):
        is_one = source[further:] == source[:-further]
        np.maximum(windows[:, :-further], blocks[:, further:] * is_one, out=windows[:, :-further])
    return windows
