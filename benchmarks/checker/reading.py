"""The data sets as examples: what a pair says, for each of the checker's three tasks."""

import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import Any

from benchmarks.literature import articles
from clinical.evidence.checking.pairs import Pair
from clinical.evidence.quoting.abstract import abstract_units

LABELS = {
    "verdict": ("supported", "contradicted", "not_enough"),
    "direction": ("increased", "decreased", "no significant difference", "not reported"),
    "decision": ("yes", "no", "maybe"),
}
SUPPORTED, CONTRADICTED, NOT_ENOUGH = range(3)
INCREASED, DECREASED, NO_DIFFERENCE, NOT_REPORTED = range(4)
_WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")
_STOP = frozenset(
    "a an and are as at be been by for from had has have in into is it its of on or that the their these this to "
    "was were which with than not no does do did can may we our".split()
)


@dataclass(frozen=True)
class Example:
    """A pair, its task, and the number of its label in `LABELS[task]`."""

    task: str
    pair: Pair
    label: int
    weight: float = 1.0


@dataclass(frozen=True)
class Sentence:
    """A sentence of an abstract, with the label of its section ("" in an abstract of one piece)."""

    text: str
    label: str = ""


@dataclass(frozen=True)
class Abstract:
    """A work's title and its sentences in order."""

    id: str
    title: str
    sentences: tuple[Sentence, ...]


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSON-lines file, gzipped when its name ends so."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def read_corpus(path: Path) -> dict[str, Abstract]:
    """Return SciFact's abstracts by id, cut into the sentences that its annotators saw."""
    return {
        row["_id"]: Abstract(row["_id"], row["title"], tuple(map(Sentence, row["sentences"])))
        for row in read_rows(path)
    }


def read_literature(folder: Path) -> Iterator[Abstract]:
    """Yield the abstracts of a folder's PubMed files."""
    for article in articles(folder):
        if article.text:
            yield Abstract(article.id, article.title, cut(article.text))


def cut(text: str) -> tuple[Sentence, ...]:
    """Return an abstract's sentences with their sections' labels."""
    return tuple(Sentence(text[u.start : u.end], " ".join(u.context)) for u in abstract_units(text))


def stems(text: str) -> set[str]:
    """Return the text's content words, cut to six letters (a stem that needs no dictionary)."""
    return {word[:6] for word in _WORD.findall(text.lower()) if word not in _STOP}


class Rarity:
    """How telling a word is (inverse document frequency), and how much of a claim a text covers."""

    def __init__(self, abstracts: Sequence[Abstract]) -> None:
        """Count the words of the abstracts, and remember where each stands."""
        self.abstracts = abstracts
        self._places: dict[str, list[int]] = {}
        for place, abstract in enumerate(abstracts):
            for stem in stems(" ".join((abstract.title, *(s.text for s in abstract.sentences)))):
                self._places.setdefault(stem, []).append(place)

    def of(self, stem: str) -> float:
        """Return log(N / documents that hold the stem), at least log 1."""
        return log((len(self.abstracts) + 1) / (len(self._places.get(stem, ())) + 1))

    def coverage(self, claim: str, text: str) -> float:
        """Return the share (0 to 1) of the claim's content, weighed by rarity, that the text has."""
        wanted, held = stems(claim), stems(text)
        total = sum(map(self.of, wanted))
        return sum(self.of(stem) for stem in wanted & held) / total if total else 0.0

    def neighbours(self, claim: str, own: str, count: int) -> list[Abstract]:
        """Return the abstracts, other than `own`, that share most of the claim's rare words, best first."""
        score: Counter[int] = Counter()
        for stem in sorted(stems(claim), key=self.of, reverse=True)[:8]:
            if len(self._places.get(stem, ())) < 4000:
                score.update(dict.fromkeys(self._places.get(stem, ()), 0))
                for place in self._places.get(stem, ()):
                    score[place] += self.of(stem)  # type: ignore[assignment]
        best = (self.abstracts[place] for place, _ in score.most_common(count + 1))
        return [abstract for abstract in best if abstract.id != own][:count]


def shuffled(items: Iterable[Any], seed: int) -> list[Any]:
    """Return the items in an order that the seed fixes."""
    ordered = list(items)
    random.Random(seed).shuffle(ordered)  # noqa: S311  reproducible, nothing secret
    return ordered
