"""Which medicine a name or code means, as far as the rules know it. What is not known has no class."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TABLES = Path(__file__).with_name("tables") / "ingredients"
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Ingredient:
    """A substance with its classes, one of which is its name; `says` is how it stands in a sentence."""

    name: str
    classes: frozenset[str]
    says: str


@cache
def _table() -> Mapping[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for file in sorted(TABLES.glob("*.toml")):
        entries = tomllib.loads(file.read_text("utf-8"))
        twice = found.keys() & entries.keys()
        if twice:
            raise ValueError(f"{file.name}: {', '.join(sorted(twice))} stands in another file, too")
        found |= entries
    return found


@cache
def ingredients() -> Mapping[str, Ingredient]:
    """Return every known substance by name. Raises: ValueError for a name that stands twice."""
    return {
        name: Ingredient(
            name, frozenset([name, *entry.get("classes", ())]), entry.get("says", name.replace("-", " "))
        )
        for name, entry in _table().items()
    }


@cache
def _codes() -> Mapping[str, str]:
    return {code: name for name, entry in _table().items() for code in entry.get("rxnorm", ())}


@cache
def _names() -> tuple[re.Pattern[str], Mapping[str, frozenset[str]]]:
    means: dict[str, frozenset[str]] = {}
    for name, entry in _table().items():
        for word in {name.replace("-", " "), *entry.get("names", ())}:
            # "Co-trimoxazole" is two substances.
            means[word] = means.get(word, frozenset()) | {name}
    longest_first = sorted(means, key=len, reverse=True)
    # "amoxicillins" is a class in words; "Penicillin-free" is none.
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})s?(?![\w-])", re.I), means


def ingredients_of(name: str, code: str | None) -> frozenset[Ingredient]:
    """Return the known substances of a medicine, by RxNorm's code of the ingredient and by the words of its name."""
    system, _, value = (code or "").rpartition("|")
    found = {_codes()[value]} if "rxnorm" in system and value in _codes() else set()
    for _, _, named in mentions(name):
        found |= named
    return frozenset(ingredients()[each] for each in found)


@cache
def _first_words() -> frozenset[str]:
    _, means = _names()
    return frozenset(WORD.findall(name)[0] for name in means)


def _may_begin(word: str) -> bool:
    return word in _first_words() or word.removesuffix("s") in _first_words()


def mentions(text: str) -> Iterator[tuple[int, int, frozenset[str]]]:
    """Yield where a text names a known medicine: start, end, and the names of its substances."""
    pattern, means = _names()
    at = 0
    # Trying every name at every word would take several times as long.
    for begun in (word.start() for word in WORD.finditer(text) if _may_begin(word[0].lower())):
        match = pattern.match(text, begun) if begun >= at else None
        if match is None:
            continue
        at = match.end()
        word = match[0].lower()
        named = means.get(word)
        yield match.start(), match.end(), means[word.removesuffix("s")] if named is None else named


def known_classes() -> frozenset[str]:
    """Return every class that an ingredient has."""
    return frozenset(each for ingredient in ingredients().values() for each in ingredient.classes)
