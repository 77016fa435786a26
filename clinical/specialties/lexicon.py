"""Terms found in words: whole words only, in any number and spelling, the longest term first."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from clinical.evidence.relevance.words import fold_spelling

_WORD = re.compile(r"[^\W_]+")
_WORD_OF_TERM = re.compile(r"(?:[^\W_]|#)+")
_NUMBER = re.compile(r"\d+")
_PLURALS = (
    (re.compile(r"(?<=\w\w)ies$"), "y"),
    (re.compile(r"(?<=\w)(s|x|z|ch|sh)es$"), r"\1"),
    (re.compile(r"(?<=\w\w\w)(?<![siu])s$"), ""),
)


@dataclass(frozen=True)
class Word:
    """A word as written, its base (singular, one spelling), and that with "#" for each number in it."""

    written: str
    base: str
    pattern: str


@dataclass(frozen=True)
class Found:
    """A term in a text: where it begins, its words as the text has them, and its weight for each name."""

    at: int
    written: str
    weights: Mapping[str, float]


class Lexicon:
    """Terms with a weight for each name that has them."""

    def __init__(self, terms: Iterable[tuple[str, str, float]]) -> None:
        """Take (term, name, weight); a weight of 0 hides the term's words. The last weight for a name counts."""
        self._terms: dict[tuple[str, ...], dict[str, float]] = {}
        for term, name, weight in terms:
            key = tuple(map(_base, _WORD_OF_TERM.findall(_plain(term))))
            self._terms.setdefault(key, {})[name] = weight
        # Most words begin no term: how long the longest is that begins with each that does.
        self._longest: dict[str, int] = {}
        for key in self._terms:
            self._longest[key[0]] = max(len(key), self._longest.get(key[0], 0))

    def find(self, words: Sequence[Word]) -> Iterator[Found]:
        """Yield the terms in the words; no word is part of two."""
        at = 0
        while at < len(words):
            length, weights = self._at(words, at)
            if weights:
                yield Found(at, " ".join(word.written for word in words[at : at + length]), weights)
            at += length

    def _at(self, words: Sequence[Word], at: int) -> tuple[int, Mapping[str, float]]:
        first = words[at]
        longest = max(self._longest.get(first.base, 0), self._longest.get(first.pattern, 0))
        for length in range(min(longest, len(words) - at), 0, -1):
            several = words[at : at + length]
            for key in (tuple(each.base for each in several), tuple(each.pattern for each in several)):
                if key in self._terms:
                    return length, self._terms[key]
        return 1, {}


def words_of(text: str) -> list[Word]:
    """Return the words of a text."""
    return words_of_each([text])[0]


def words_of_each(texts: Sequence[str]) -> list[list[Word]]:
    """Return the words of each text; one pass over many short texts is several times quicker."""
    written = [_WORD.findall(text) for text in texts]
    together = list(chain.from_iterable(written))
    # Folding changes letters within words and nothing between them.
    bases = map(_base, _plain(" ".join(together)).split(" ")) if together else ()
    words = (Word(word, base, _NUMBER.sub("#", base)) for word, base in zip(together, bases, strict=True))
    return [list(islice(words, len(each))) for each in written]


def _plain(text: str) -> str:
    """Return the text in one spelling, in lower case and without accents."""
    if not text.isascii():
        letters = unicodedata.normalize("NFD", text)
        text = "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")
    return fold_spelling(text)


def _base(word: str) -> str:
    if word.endswith("s"):
        for plural, singular in _PLURALS:
            if plural.search(word):
                return plural.sub(singular, word)
    return word
