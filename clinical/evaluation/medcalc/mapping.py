"""What MedCalc-Bench's names mean, as medcalc.toml says."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import clinical.evaluation.data

TABLE = Path(clinical.evaluation.data.__file__).parent / "medcalc.toml"


@dataclass(frozen=True, kw_only=True)
class Entity:
    """What one entity decides: see the head of medcalc.toml."""

    input: str = ""
    unit: str = ""
    per_day: str = ""
    named: str = ""
    over: float | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    sets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Mapped:
    """One calculator of MedCalc-Bench: ours by name, its entities, and what counts where the row is silent.

    `why` and `why_audited` say which primary source decides where our result differs from the row's or only from the
    auditors'; the rest is what the note must tell.
    """

    name: str
    entities: Mapping[str, Entity]
    defaults: Mapping[str, Any]
    why: str = ""
    why_audited: str = ""
    complaint: str = ""
    mentioned: Mapping[str, str] = field(default_factory=dict)
    one_sample: bool = False


def key(name: str) -> str:
    """Return a name without what the rows are not strict about: capitals, spaces, curly and small signs."""
    return " ".join(unicodedata.normalize("NFKC", name).replace("’", "'").lower().split())


@cache
def units() -> Mapping[str, str]:
    """Return UCUM units by the rows' spellings."""
    return {key(spelling): unit for spelling, unit in _table()["units"].items()}


@cache
def derived() -> Mapping[str, str]:
    """Return the calculators by the inputs that they give to others."""
    found: Mapping[str, str] = _table()["derived"]
    return found


@cache
def names() -> Mapping[str, re.Pattern[str]]:
    """Return how notes name what is measured, by input."""
    return {name: re.compile(words, re.I) for name, words in _table()["names"].items()}


@cache
def mapped(calculator: str) -> Mapped | None:
    """Return what is known of a calculator of MedCalc-Bench; None where it is none of them."""
    return _calculators().get(key(calculator))


@cache
def _calculators() -> Mapping[str, Mapped]:
    shared = _entities(_table()["entities"])
    return {key(name): _mapped(entry, shared) for name, entry in _table()["calculators"].items()}


def _mapped(entry: Mapping[str, Any], shared: Mapping[str, Entity]) -> Mapped:
    facts = {name: value for name, value in entry.items() if name not in ("entities", "defaults")}
    return Mapped(
        entities={**shared, **_entities(entry.get("entities", {}))},
        defaults=entry.get("defaults", {}),
        **facts,
    )


def _entities(table: Mapping[str, Any]) -> dict[str, Entity]:
    return {
        key(name): Entity(input=each) if isinstance(each, str) else Entity(**each)
        for name, each in table.items()
    }


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(TABLE.read_text("utf-8"))
