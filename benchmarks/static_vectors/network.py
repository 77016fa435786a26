"""The vectors and weights of stems: where they begin, and how they learn."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

from benchmarks.static_vectors.reading import Abstract
from benchmarks.training import Report

Bag = Sequence[int]
_WORDS_AT_ONCE = 256
_BATCH = 1024
_RATE = 3e-3
# The sharpness is one number for all texts, and shall not outrun the vectors.
_SHARPENING_RATE = 1e-3
_WARM_UP = 50
_TEMPERATURE = 0.05
_SHARPEST = 100.0
_TURNS = 20
# Of the questions: titles, conclusions, and (the rest being headings) sentences from anywhere.
_TITLES, _CONCLUSIONS, _SENTENCES = 0.25, 0.35, 0.3
_MOST_DROPPED = 0.4


def encode_words(folder: Path, words: Sequence[str], report: Report) -> NDArray[np.float32]:
    """Return what the packaged encoder makes of each word by itself: the mean of its tokens' states."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(32)
    tokenizer.enable_padding()
    encoder = BertModel.from_pretrained(folder, add_pooling_layer=False).eval()
    found = np.empty((len(words), encoder.config.hidden_size), np.float32)
    order = sorted(range(len(words)), key=lambda place: len(words[place]))
    for start in range(0, len(order), _WORDS_AT_ONCE):
        places = order[start : start + _WORDS_AT_ONCE]
        batch = tokenizer.encode_batch([words[place] for place in places])
        mask = torch.tensor([each.attention_mask for each in batch])
        with torch.no_grad():
            states = encoder(torch.tensor([each.ids for each in batch]), mask).last_hidden_state
        mean = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        found[places] = functional.normalize(mean, dim=1).numpy()
    report(f"{len(words)} words encoded")
    return found


class StaticVectors(nn.Module):
    """A vector for each stem, and how much it weighs."""

    def __init__(self, encoded: NDArray[np.float32], counts: Sequence[int], of: int, width: int) -> None:
        """Begin halfway between the encoder's vectors, by their principal components, and random ones.

        The random half keeps different words apart that the encoder holds for one.
        """
        super().__init__()
        centred = functional.normalize(torch.from_numpy(encoded - encoded.mean(0)), dim=1)
        components = torch.linalg.svd(centred[:20_000], full_matrices=False).Vh[:width]
        meant = functional.normalize(centred @ components.T, dim=1)
        apart = functional.normalize(torch.randn(len(counts), width), dim=1)
        self.vectors = nn.Parameter(functional.normalize(meant + apart, dim=1))
        rarity = torch.log(of / torch.tensor(counts, dtype=torch.float32)) + 0.5
        self.weights = nn.Parameter(torch.log(rarity))
        self.sharpness = nn.Parameter(torch.tensor(1 / _TEMPERATURE).log())

    def forward(self, bags: Sequence[Bag]) -> Tensor:
        """Return the unit vectors of texts, as `clinical.evidence.vectors.static.embed` makes them."""
        counted = [Counter(bag) for bag in bags]
        offsets = np.cumsum([0, *map(len, counted[:-1])])
        chosen = torch.tensor([row for counts in counted for row in counts], dtype=torch.long)
        often = torch.tensor([count for counts in counted for count in counts.values()], dtype=torch.float32)
        weights = (1 + torch.log(often)) * torch.exp(self.weights[chosen])
        summed = functional.embedding_bag(
            chosen, self.vectors, torch.from_numpy(offsets), mode="sum", per_sample_weights=weights
        )
        return functional.normalize(summed, dim=1)

    def rows(self) -> NDArray[np.float32]:
        """Return the vectors with their weights in them."""
        rows: NDArray[np.float32] = (self.vectors * torch.exp(self.weights)[:, None]).detach().numpy()
        return rows


def turned(model: StaticVectors, bags: Sequence[Bag]) -> NDArray[np.float32]:
    """Return the model's rows, turned so that the signs of texts' vectors keep most of what is near what.

    Source: Gong Y, Lazebnik S. Iterative quantization. CVPR 2011:817-824.
    """
    with torch.no_grad():
        vectors = model(bags)
    centred = vectors - vectors.mean(0)
    width = vectors.shape[1]
    turn = torch.linalg.qr(torch.randn(width, width)).Q
    for _ in range(_TURNS):
        left, _, right = torch.linalg.svd(centred.T @ torch.sign(centred @ turn))
        turn = left @ right
    rows: NDArray[np.float32] = (torch.from_numpy(model.rows()) @ turn).numpy()
    return rows


class Training:
    """Questions made of abstracts find the abstracts that they were taken out of, among a batch of others."""

    def __init__(self, abstracts: Sequence[Abstract], row_of: dict[str, int], seed: int) -> None:
        """Hold the abstracts as rows of vectors."""
        self._chance = random.Random(seed)  # noqa: S311  reproducible, nothing secret
        self._abstracts = [
            (_bag(each.title, row_of), _bag(each.headings, row_of), [_bag(s, row_of) for s in each.sentences])
            for each in abstracts
        ]

    def texts(self, most: int) -> list[Bag]:
        """Return the rows of the first so many abstracts, with their titles."""
        return [title + _joined(sentences) for title, _, sentences in self._abstracts[:most]]

    def run(self, model: StaticVectors, steps: int, report: Report) -> None:
        """Train the model."""
        optimizer = torch.optim.Adam(
            [
                {"params": [model.vectors, model.weights], "lr": _RATE},
                {"params": [model.sharpness], "lr": _SHARPENING_RATE},
            ]
        )
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: min(1.0, step / _WARM_UP + 0.02) * (1 - step / steps) + 0.02
        )
        batches = self._batches()
        for step in range(steps):
            loss = _contrast(model, next(batches))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            if step % 50 == 0 or step == steps - 1:
                report(f"step {step}: loss {loss.item():.3f}")

    def _batches(self) -> Iterator[list[tuple[Bag, Bag]]]:
        while True:
            order = self._chance.sample(range(len(self._abstracts)), len(self._abstracts))
            for start in range(0, len(order) - _BATCH + 1, _BATCH):
                yield [self._pair(place) for place in order[start : start + _BATCH]]

    def _pair(self, place: int) -> tuple[Bag, Bag]:
        """Return a question and the rest of its abstract."""
        title, headings, sentences = self._abstracts[place]
        draw = self._chance.random()
        if len(sentences) < 3 or draw < _TITLES:
            return self._thinned(title), _joined(sentences)
        if draw >= _TITLES + _CONCLUSIONS + _SENTENCES:
            return self._thinned(headings or title), title + _joined(sentences)
        is_conclusion = draw < _TITLES + _CONCLUSIONS
        taken = len(sentences) - 1 if is_conclusion else self._chance.randrange(len(sentences))
        rest = [*sentences[:taken], *sentences[taken + 1 :]]
        return self._thinned(sentences[taken]), title + _joined(rest)

    def _thinned(self, bag: list[int]) -> list[int]:
        """Return the question with some of its words left out."""
        dropped = self._chance.random() * _MOST_DROPPED
        return [row for row in bag if self._chance.random() > dropped] or bag


def _bag(stems: Sequence[str], row_of: dict[str, int]) -> list[int]:
    return [row_of[stem] for stem in stems if stem in row_of]


def _joined(sentences: Sequence[list[int]]) -> list[int]:
    return [row for sentence in sentences for row in sentence]


def _contrast(model: StaticVectors, pairs: Sequence[tuple[Bag, Bag]]) -> Tensor:
    """Return how badly each question finds its own abstract, and each abstract its question."""
    questions, texts = (model(bags) for bags in zip(*pairs, strict=True))
    scores = questions @ texts.T * torch.exp(model.sharpness).clamp(max=_SHARPEST)
    own = torch.arange(len(pairs))
    return (functional.cross_entropy(scores, own) + functional.cross_entropy(scores.T, own)) / 2
