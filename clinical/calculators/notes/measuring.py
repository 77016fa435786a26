"""Measurements that a note tells: the first value that follows a name of what is measured, in a unit that fits.

A value without a unit counts in the formula's own unit, where it lies in the formula's range. Of several mentions the
first counts: notes begin with the state at presentation.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from clinical.calculators.domain import Input
from clinical.calculators.notes.domain import Mention
from clinical.calculators.notes.numbers import Number, number_of_list, numbers_in
from ehr_integration.chart.units.conversion import converted_measurement

TABLE = Path(__file__).with_name("words") / "measurements.toml"
# How far behind a name its value may stand, in characters.
REACH = 60
# A value further on belongs to something else.
END = re.compile(r"[;\n]|\.\s+[A-Z]|\.$")
REFERENCE_RANGE = re.compile(
    r"[(\[][^)\]]*\b(?:normal|reference|ref|range|NR|N)\b[^)\]]*$"
    r"|(?<!within )(?<!within the )\b(?:reference|normal) (?:range|values?|limits?|level)\W*(?:\w+\W+){0,2}$",
    re.I,
)
RANGE = re.compile(r"\s?(?:[-–—]|to)\s?\d")
OTHER_TIME = re.compile(
    r"\b(?:baseline|previous(?:ly)?|prior|last year|target|goal|before)\W*(?:\w+\W+){0,2}$", re.I
)


@dataclass(frozen=True)
class _Named:
    words: re.Pattern[str]
    after: re.Pattern[str]


@cache
def _table() -> Mapping[str, _Named]:
    return {
        stem: _Named(_any_of(entry["words"]), _before(entry.get("after", ())))
        for stem, entry in tomllib.loads(TABLE.read_text("utf-8")).items()
    }


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    """Return what matches a name; short ones (Na, K, T) only as they are written."""
    longest_first = sorted(words, key=len, reverse=True)
    parts = [f"(?i:{re.escape(each)})" if len(each) > 3 else re.escape(each) for each in longest_first]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(parts)})(?![\w])")


def _before(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(map(re.escape, words))})\W*$", re.I) if words else re.compile(r"(?!)")


@cache
def _all_names() -> re.Pattern[str]:
    return re.compile("|".join(named.words.pattern for named in _table().values()))


def measured(asked: Input, note: str) -> Mention | None:
    """Return the first value of an input that a note tells; None where it tells none that fits."""
    stem = max((each for each in _table() if _is_for(each, asked.name)), key=len, default=None)
    return next(_mentions(asked, note, _table()[stem]), None) if stem else None


def _is_for(stem: str, name: str) -> bool:
    return name == stem or name.startswith(f"{stem}_")


def _mentions(asked: Input, note: str, named: _Named) -> Iterator[Mention]:
    for name in named.words.finditer(note):
        if named.after.search(note, max(0, name.start() - 30), name.start()):
            continue
        if listed := number_of_list(note, name.start(), name.end()):
            value = in_unit_of(asked, listed)
            if value is not None:
                yield mention_of(asked, value, note, name.start(), listed.end)
            continue
        for number in _values_behind(note, name.end()):
            value = in_unit_of(asked, number)
            if value is not None:
                yield mention_of(asked, value, note, name.start(), number.end)
                break


def _values_behind(note: str, start: int) -> Iterator[Number]:
    """Yield the numbers behind a name, until the sentence or another name ends its reach."""
    reach = note[start : start + REACH]
    stops = [each.start() for each in (END.search(reach), _all_names().search(reach, 1)) if each]
    stop = start + min(stops, default=len(reach))
    for number in numbers_in(note, start, stop):
        between = note[start : number.start]
        if REFERENCE_RANGE.search(between) or OTHER_TIME.search(between):
            continue
        # "creatinine 10 to 15" is no value.
        if RANGE.match(note, number.end):
            return
        yield number


def in_unit_of(asked: Input, number: Number) -> float | None:
    """Return a number in the input's unit; None where its unit does not fit or it lies out of the input's range."""
    if not number.units:
        return number.value if asked.asked.allows(number.value) else None
    for unit in number.units:
        found = converted_measurement(number.value, unit, asked.asked.unit, loinc=asked.asked.loinc)
        if found is not None and asked.asked.allows(found):
            return found
    return None


def mention_of(asked: Input, value: float, note: str, start: int, end: int) -> Mention:
    """Return a value with the words of the note from name to unit."""
    number = round(value) if asked.kind is int else value
    return Mention(name=asked.name, value=number, quote=note[start:end], start=start, end=end)
