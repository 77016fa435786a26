"""The weights of the ranking, fitted on sentences that look for the abstract they were taken out of."""

import math
import random
import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from benchmarks.static_vectors.reading import Abstract
from clinical.evidence.hybrid.features import NAMES, Candidates, Question, features
from clinical.evidence.hybrid.fusion import FEEDBACK, fed_back
from clinical.evidence.hybrid.search import DEPTH
from clinical.evidence.relevance.generic import STOP_WORDS
from clinical.evidence.vectors.static import codes, embed

_K1, _B = 1.2, 0.75
_SHORTEST, _LONGEST = 9, 14
_DECAY = 0.0005
_STEPS = 200


@dataclass(frozen=True)
class Example:
    """A question's candidates in features [n, len(NAMES)], and which of them is the right one, if it is there."""

    features: Tensor
    right: int | None


class Words:
    """An index in memory: BM25 as tantivy counts it."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        """Index the texts' stems."""
        self.size = len(texts)
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        mean = sum(map(len, texts)) / len(texts)
        for number, text in enumerate(texts):
            length = _K1 * (1 - _B + _B * len(text) / mean)
            for stem, count in Counter(text).items():
                postings[stem].append((number, count * (_K1 + 1) / (count + length)))
        self._postings = {stem: np.array(found).T for stem, found in postings.items()}

    def rarity(self, stem: str) -> float:
        """Return the stem's weight."""
        count = self._postings[stem].shape[1] if stem in self._postings else 0
        return float(np.log(1 + (self.size - count + 0.5) / (count + 0.5)))

    def scores(self, stems: Sequence[str]) -> NDArray[np.float64]:
        """Return every text's score."""
        scores = np.zeros(self.size)
        for stem in stems:
            if stem in self._postings:
                numbers, saturated = self._postings[stem]
                scores[numbers.astype(int)] += self.rarity(stem) * saturated
        return scores


def make_examples(abstracts: Sequence[Abstract], seed: int) -> list[Example]:
    """Return a question out of every abstract that is long enough, with its candidates among all of them."""
    chance = random.Random(seed)  # noqa: S311  reproducible, nothing secret
    taken = [_taken(each, number, chance) for number, each in enumerate(abstracts)]
    texts = [each.without(sentence) for each, sentence in zip(abstracts, taken, strict=True)]
    titles = np.array([len(each.title) for each in abstracts])
    corpus = Corpus(texts, titles)
    examples: list[Example] = []
    for number, sentence in enumerate(taken):
        stems = [] if sentence is None else _cropped(abstracts[number].sentences[sentence], chance)
        if stems:
            found, table = corpus.candidates(stems)
            examples.append(
                Example(torch.from_numpy(table), found.index(number) if number in found else None)
            )
    return examples


def _taken(abstract: Abstract, number: int, chance: random.Random) -> int | None:
    """Return the sentence that becomes the question: every other time the conclusion."""
    count = len(abstract.sentences)
    if count < 4:
        return None
    sentence = count - 1 if number % 2 else chance.randrange(count)
    return sentence if 5 < len(abstract.sentences[sentence]) < 40 else None


def _cropped(stems: Sequence[str], chance: random.Random) -> list[str]:
    if len(stems) > _LONGEST:
        length = chance.randint(_SHORTEST, _LONGEST)
        start = chance.randrange(len(stems) - length + 1)
        stems = stems[start : start + length]
    return [stem for stem in dict.fromkeys(stems) if stem not in STOP_WORDS]


class Corpus:
    """Texts as hybrid search holds them."""

    def __init__(self, texts: Sequence[Sequence[str]], titles: NDArray[np.int64]) -> None:
        """Index texts, of which so many first stems are the title."""
        lines = [" ".join(text) for text in texts]
        self._words, self._vectors = Words(texts), embed(lines)
        self._codes, self._titles = list(map(codes, lines)), titles

    def candidates(self, stems: Sequence[str]) -> tuple[list[int], NDArray[np.float32]]:
        """Return the texts that hybrid search would rank, and their features."""
        by_words = _best(self._words.scores(stems))
        [vector] = embed([" ".join(stems)])
        cosines = self._vectors @ fed_back(vector, self._vectors[by_words[:FEEDBACK]])
        found = sorted({*by_words, *_best(cosines)})
        of_each = [self._codes[place] for place in found]
        starts = np.cumsum([0, *map(len, of_each[:-1])])
        weights = np.array([self._words.rarity(stem) for stem in stems], np.float32)
        question = Question(codes(" ".join(stems)), weights)
        candidates = Candidates(np.concatenate(of_each), starts, self._titles[found], cosines[found])
        return found, features(question, candidates)


def _best(scores: NDArray[np.floating]) -> list[int]:
    best = np.argsort(-scores, kind="stable")[:DEPTH]
    return [int(number) for number in best if scores[number] > 0]


def fit(examples: Sequence[Example]) -> dict[str, float]:
    """Return the weights under which the right candidates are likeliest, each example's odds by softmax."""
    answered = [(each.features, each.right) for each in examples if each.right is not None]
    spread = torch.cat([table for table, _ in answered]).std(0)
    tables = pad_sequence([table / spread for table, _ in answered], batch_first=True)
    is_missing = torch.arange(tables.shape[1]) >= torch.tensor([[len(table)] for table, _ in answered])
    right = torch.tensor([place for _, place in answered])
    weights = torch.full((len(NAMES),), 0.3, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=_STEPS, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimizer.zero_grad()
        odds = (tables @ weights).masked_fill(is_missing, -torch.inf)
        total: Tensor = torch.nn.functional.cross_entropy(odds, right) + _DECAY * weights.square().sum()
        total.backward()
        return total

    optimizer.step(loss)
    return dict(zip(NAMES, (weights / spread).tolist(), strict=True))


def quality(examples: Sequence[Example], weights: dict[str, float]) -> tuple[float, float]:
    """Return nDCG@10 and recall@100 of the order that the weights give, one text being right."""
    by = torch.tensor([weights[name] for name in NAMES])
    scored = [(each.features @ by, each.right) for each in examples]
    ranks = [math.inf if right is None else int((scores > scores[right]).sum()) for scores, right in scored]
    gains = [1 / math.log2(rank + 2) if rank < 10 else 0.0 for rank in ranks]
    return statistics.fmean(gains), statistics.fmean(rank < 100 for rank in ranks)
