"""Terms found in words: whole words only, whatever their ending and spelling, the longest term first."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from clinical.evidence.relevance.words import stems

_WORD = re.compile(r"[^\W_]+")
_WORD_OF_TERM = re.compile(r"(?:[^\W_]|#)+")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Word:
    """A word as written, its stem, and its pattern: the word with "#" for each number in it."""

    written: str
    stem: str
    pattern: str


@dataclass(frozen=True)
class Found:
    """A term in a text: its words as the text has them, and the weight that it has for each name."""

    written: str
    weights: Mapping[str, float]


class Lexicon:
    """Terms with a weight for each name that has them."""

    def __init__(self, terms: Iterable[tuple[str, str, float]]) -> None:
        """Take (term, name, weight); a weight of 0 hides the term's words."""
        self._terms: dict[tuple[str, ...], dict[str, float]] = {}
        for term, name, weight in terms:
            self._terms.setdefault(_key(term), {})[name] = weight
        self._longest = max(map(len, self._terms), default=0)

    def find(self, words: Sequence[Word]) -> Iterator[Found]:
        """Yield the terms in the words; no word is part of two."""
        at = 0
        while at < len(words):
            length, weights = self._at(words, at)
            if weights:
                yield Found(" ".join(word.written for word in words[at : at + length]), weights)
            at += length

    def _at(self, words: Sequence[Word], at: int) -> tuple[int, Mapping[str, float]]:
        for length in range(min(self._longest, len(words) - at), 0, -1):
            several = words[at : at + length]
            for key in (tuple(each.stem for each in several), tuple(each.pattern for each in several)):
                if key in self._terms:
                    return length, self._terms[key]
        return 1, {}


def words_of(text: str) -> list[Word]:
    """Return the words of a text."""
    written = _WORD.findall(text)
    stemmed = stems(" ".join(written))
    if len(stemmed) != len(written):
        # A word that the stemmer drops (it leaves out very long ones) stands for itself.
        stemmed = [" ".join(stems(word)) for word in written]
    return [Word(word, stem, _pattern(word, stem)) for word, stem in zip(written, stemmed, strict=True)]


def _pattern(word: str, stem: str) -> str:
    return _NUMBER.sub("#", word.lower()) if any(map(str.isdigit, word)) else stem


def _key(term: str) -> tuple[str, ...]:
    return tuple(
        word.lower() if "#" in word else " ".join(stems(word)) for word in _WORD_OF_TERM.findall(term)
    )
