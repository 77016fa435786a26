"""The starter literature as stems, sentence by sentence, and the word that each stem is most often the stem of."""

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from benchmarks.literature import articles
from clinical.evidence.quoting.sentences import sentence_spans
from clinical.evidence.relevance.words import stem_lines

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Abstract:
    """An article as stems."""

    title: list[str]
    headings: list[str]
    sentences: list[list[str]]

    def without(self, sentence: int | None) -> list[str]:
        """Return the title and the text, without one of the sentences."""
        kept = (stems for number, stems in enumerate(self.sentences) if number != sentence)
        return [*self.title, *chain.from_iterable(kept)]


def read_abstracts(folder: Path) -> tuple[list[Abstract], dict[str, str]]:
    """Return the articles with an abstract of the folder's PubMed files, and each stem's commonest word."""
    abstracts: list[Abstract] = []
    words: Counter[str] = Counter()
    for source in (article for article in articles(folder) if article.text):
        sentences = list(_sentences(source.text))
        title, headings, *rest = stem_lines([source.title, " ".join(source.mesh), *sentences])
        abstracts.append(Abstract(title.split(), headings.split(), [line.split() for line in rest]))
        for text in (source.title, *source.mesh, source.text):
            words.update(_WORD.findall(text))
    return abstracts, _commonest(words)


def _sentences(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        yield from (line[first:last] for first, last in sentence_spans(line, 0, len(line)))


def _commonest(words: Counter[str]) -> dict[str, str]:
    ordered = [word for word, _ in sorted(words.items(), key=lambda each: (-each[1], each[0]))]
    found: dict[str, str] = {}
    for word, line in zip(ordered, stem_lines(ordered), strict=True):
        if len(stems := line.split()) == 1:
            found.setdefault(stems[0], word)
    return found


def split(abstracts: Iterable[Abstract], held_out: int, seed: int) -> tuple[list[Abstract], list[Abstract]]:
    """Return the abstracts to train on, and those to fit the ranking on."""
    shuffled = list(abstracts)
    random.Random(seed).shuffle(shuffled)  # noqa: S311  reproducible, nothing secret
    return shuffled[held_out:], shuffled[:held_out]


def vocabulary(abstracts: Iterable[Abstract], least: int) -> dict[str, int]:
    """Return the stems that stand in at least so many abstracts, in their order, and in how many."""
    counts: Counter[str] = Counter()
    for each in abstracts:
        counts.update({*each.without(None), *each.headings})
    return {stem: count for stem, count in sorted(counts.items()) if count >= least}
