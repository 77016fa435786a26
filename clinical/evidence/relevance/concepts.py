"""A question, or an entry of the chart, as the things it is about, with their other names and weights."""

import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain

from clinical.evidence.relevance.generic import CHART_WORDS, GENERIC_WORDS, MANNER_WORDS, STOP_WORDS
from clinical.evidence.relevance.synonyms import MEMBERS, SAME
from clinical.evidence.relevance.words import stems

_WORD = re.compile(r"[^\W_]+")
_LONGEST_NAME = 7
# "first-line" asks for an order; any other line, such as a central one, is a thing.
_ORDER = re.compile(r"\b(first|second|third)[- ]line\b", re.IGNORECASE)
# What a chart adds to a name and a text seldom repeats: a stage, a strength.
_QUALIFIER = re.compile(
    r"\b(?:stage|grade|class|phase)\s+\S+|(?<!type )\b\d[\w.,/%]*|\b(?:mg|ml|mcg|units?)\b", re.IGNORECASE
)
# With these a letter or number makes a name: "vitamin D", "hepatitis B", "stage III".
_LETTERED = "class factor grade group hepatitis influenza interleukin phase stage type vitamin"
_NUMERAL = re.compile(r"[a-z]|\d{1,2}|[ivx]{2,4}")

# Returns how many sources hold a stem.
Frequency = Callable[[str], int]


@dataclass(frozen=True)
class Concept:
    """One thing meant: the clinician's words for it, every way to say it in stems, and how rare it is."""

    words: str
    sayings: tuple[str, ...]
    weight: float

    def is_in(self, *lines: str) -> bool:
        """Whether one of the stem lines (see `stem_line`) holds it under any of its names."""
        text = "".join(lines)
        return any(map(text.__contains__, self._spaced))

    def count_in(self, line: str) -> int:
        """Return how often the stem line holds it."""
        return sum(map(line.count, self._spaced))

    @cached_property
    def _spaced(self) -> tuple[str, ...]:
        return tuple(f" {saying} " for saying in self.sayings)


def read_question(question: str, frequency: Frequency, size: int) -> tuple[Concept, ...]:
    """Return what the question is about; its generic words only when it has no others."""
    question = _ORDER.sub(r"\1", question)
    return _read(question, frequency, size, STOP_WORDS | GENERIC_WORDS) or _read(
        question, frequency, size, STOP_WORDS
    )


def read_manner(question: str, frequency: Frequency, size: int) -> tuple[Concept, ...]:
    """Return what the question asks for of its topic: "first", "dose", "stop"."""
    words = " ".join(word for word in _WORD.findall(question) if word.lower() in MANNER_WORDS)
    return _read(words, frequency, size, STOP_WORDS)


def read_chart_term(term: str, frequency: Frequency, size: int) -> tuple[Concept, ...]:
    """Return what a problem or medication of the chart names; empty when it names nothing particular."""
    ignored = STOP_WORDS | GENERIC_WORDS | CHART_WORDS
    return _read(_QUALIFIER.sub(" ", term), frequency, size, ignored)


def share_of(concepts: Iterable[Concept], *lines: str) -> float:
    """Return the part of the concepts' weight that the stem lines hold, 0 to 1."""
    weights = [(concept.weight, concept.is_in(*lines)) for concept in concepts]
    total = sum(weight for weight, _ in weights)
    return sum(weight for weight, held in weights if held) / total if total else 0.0


def _read(text: str, frequency: Frequency, size: int, ignored: frozenset[str]) -> tuple[Concept, ...]:
    found: dict[tuple[str, ...], Concept] = {}
    for words, sayings in _names(text, ignored):
        found.setdefault(sayings, Concept(words, sayings, _weight(sayings, frequency, size)))
    return tuple(found.values())


def _names(text: str, ignored: frozenset[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the names in the text with all their sayings, the longest known name first."""
    words = _WORD.findall(text)
    stemmed = [" ".join(stems(word)) for word in words]
    at = 0
    while at < len(words):
        length = _known_length(stemmed, at)
        saying = " ".join(stemmed[at : at + length])
        if length > 1 or (saying and _is_telling(words[at].lower(), saying, ignored)):
            yield " ".join(words[at : at + length]), _sayings().get(saying, (saying,))
        at += length


def _known_length(stemmed: list[str], at: int) -> int:
    lengths = range(min(_LONGEST_NAME, len(stemmed) - at), 1, -1)
    known = (length for length in lengths if " ".join(stemmed[at : at + length]) in _sayings())
    return next(known, 2 if _is_lettered(stemmed[at : at + 2]) else 1)


def _is_lettered(pair: list[str]) -> bool:
    return len(pair) == 2 and pair[0] in _lettered() and _NUMERAL.fullmatch(pair[1]) is not None


def _is_telling(word: str, stem: str, ignored: frozenset[str]) -> bool:
    # Apart from names such as "type 2 diabetes", a number fits any text.
    return len(word) > 1 and not word.isdigit() and word not in ignored and stem not in _stems_of(ignored)


@cache
def _stems_of(words: frozenset[str]) -> frozenset[str]:
    """Return the stems of the words, which their plurals and other endings share."""
    return frozenset(map(_stemmed, words))


def _weight(sayings: tuple[str, ...], frequency: Frequency, size: int) -> float:
    """Return the inverse document frequency, as BM25 has it; a phrase is as rare as its rarest word."""
    known = min(size, sum(min(map(frequency, saying.split())) for saying in sayings))
    return math.log(1 + (size - known + 0.5) / (known + 0.5))


@cache
def _lettered() -> frozenset[str]:
    return frozenset(map(_stemmed, _LETTERED.split()))


@cache
def _sayings() -> dict[str, tuple[str, ...]]:
    """Return every known name, in stems, with all that may stand for it."""
    table: dict[str, tuple[str, ...]] = {}
    for group in SAME:
        members = tuple(dict.fromkeys(map(_stemmed, group)))
        for member in members:
            table[member] = tuple(dict.fromkeys((*table.get(member, ()), *members)))
    for name, members_of_class in MEMBERS.items():
        known = (table.get(_stemmed(member), (_stemmed(member),)) for member in members_of_class)
        whole = (*table.get(_stemmed(name), (_stemmed(name),)), *chain.from_iterable(known))
        for saying in table.get(_stemmed(name), (_stemmed(name),)):
            table[saying] = tuple(dict.fromkeys(whole))
    return table


def _stemmed(name: str) -> str:
    return " ".join(stems(name))
