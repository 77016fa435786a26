"""Which of our calculators and inputs MedCalc-Bench's names mean: mapping.toml, read once."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from clinical.calculators.registry import AnyCalculator, calculators

TABLE = Path(__file__).with_name("mapping.toml")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One calculator of MedCalc-Bench: `ours` is our name of it.

    `speaks_of`: a note that has none of the words of one of them is of a patient whom the score was not made for.
    `decides`: where others count differently, the primary source by which we do.
    """

    ours: str
    speaks_of: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    decides: str = ""


@dataclass(frozen=True, kw_only=True)
class Mapped:
    """The whole table; names are as `plain` gives them."""

    inputs: Mapping[str, tuple[str, ...]]
    words: Mapping[str, Mapping[str, Mapping[str, object]]]
    doses: Mapping[str, str]
    units: Mapping[str, str]
    unsaid: Mapping[str, str]
    calculators: Mapping[str, Entry]


@cache
def mapping() -> Mapped:
    """Return the table."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    return Mapped(
        inputs={name: tuple(targets) for name, targets in table["inputs"].items()},
        words=table["words"],
        doses=table["doses"],
        units=table["units"],
        unsaid=table["unsaid"],
        calculators={name: _entry(**each) for name, each in table["calculators"].items()},
    )


def _entry(*, ours: str, speaks_of: Mapping[str, str] | None = None, decides: str = "") -> Entry:
    patterns = {what: re.compile(words, re.I) for what, words in (speaks_of or {}).items()}
    return Entry(ours=ours, speaks_of=patterns, decides=decides)


def plain(name: str) -> str:
    """Return a name in lower case, with plain digits, signs and single spaces: "FiO₂ " is "fio2"."""
    text = unicodedata.normalize("NFKC", name).replace("≥", ">=").replace("≤", "<=").replace("’", "'")
    return " ".join(text.casefold().split())


def entry_of(name: str) -> tuple[Entry, AnyCalculator] | None:
    """Return what a calculator's name means; None where we have no such calculator."""
    entry = mapping().calculators.get(plain(name))
    ours = calculators().get(entry.ours) if entry else None
    return (entry, ours) if entry and ours else None
