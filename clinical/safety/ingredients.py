"""Which medicine a name or code means, as far as the rules speak of it. What is not known has no class."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("ingredients.toml")


@dataclass(frozen=True)
class Ingredient:
    """A substance with its classes."""

    name: str
    classes: frozenset[str]


@cache
def _table() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(TABLE.read_text("utf-8"))


@cache
def _ingredients() -> Mapping[str, Ingredient]:
    return {name: Ingredient(name, frozenset(entry["classes"])) for name, entry in _table().items()}


@cache
def _codes() -> Mapping[str, str]:
    return {code: name for name, entry in _table().items() for code in entry.get("rxnorm", ())}


@cache
def _names() -> tuple[re.Pattern[str], Mapping[str, str]]:
    means = {word: name for name, entry in _table().items() for word in entry.get("names", (name,))}
    longest_first = sorted(means, key=len, reverse=True)
    # "amoxicillins" is a class in words; "Penicillin-free" is none.
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})s?(?![\w-])", re.I), means


@lru_cache(maxsize=4096)
def ingredients_of(name: str, code: str | None) -> frozenset[Ingredient]:
    """Return the known substances of a medicine, by RxNorm's code of the ingredient and by the words of its name."""
    system, _, value = (code or "").rpartition("|")
    found = {_codes()[value]} if "rxnorm" in system and value in _codes() else set()
    pattern, means = _names()
    for match in pattern.finditer(name):
        word = match[0].lower()
        found.add(means.get(word) or means[word.removesuffix("s")])
    return frozenset(_ingredients()[each] for each in found)


def known_classes() -> frozenset[str]:
    """Return every class that an ingredient has."""
    return frozenset(each for ingredient in _ingredients().values() for each in ingredient.classes)
