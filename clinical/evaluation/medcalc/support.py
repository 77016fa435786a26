"""Whether a note holds what a row's entities say of it, by plain rules: a number, the name beside it, a word.

A number that the note does not have, or has as something else (another measurement, a change, a limit), is no input.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from clinical.calculators.registry import calculators
from clinical.evaluation.medcalc.entities import is_number
from clinical.evaluation.medcalc.mapping import Mapped, key, names, units
from ehr_integration.chart.units.conversion import converted_measurement

NUMBER = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?|(?<!\d)\.\d+")
# Cell counts are written in several powers of ten, lengths in metres or centimetres.
POWERS: Mapping[str, Sequence[float]] = {
    "platelets_thousand_per_ul": [10.0**power for power in range(-9, 10)],
    "white_cells_thousand_per_ul": [10.0**power for power in range(-9, 10)],
    "height_cm": [1, 100, 0.01],
}
# Units in which a note may have what the row gives in another.
OTHER_UNITS = ("umol/L", "mmol/L", "g/L", "mg/L", "Cel", "[degF]", "kg", "[lb_av]", "cm", "m", "[in_i]")
BEFORE, AFTER = 120, 40
LIMIT = re.compile(
    r"(?:[<>≤≥]|\b(?:below|under|above|less than|lower than|greater than|more than|exceed\w*))\s*$", re.I
)
RANGE = re.compile(r"^\s?[-–]\s?\d|^\sto\s\d", re.I)
# Weight that was lost or gained is not the weight.
CHANGE_BEFORE = re.compile(
    r"\b(?:lost|loses|losing|gained|gaining|(?:loss|gain|decrease|increase|reduction) of)\s+(?:\w+\s+){0,2}$",
    re.I,
)
CHANGE_AFTER = re.compile(r"^\W*\w{0,9}\W+(?:body[- ])?weight[- ](?:loss|gain)", re.I)
REACH = 30
# Further apart than this, values are of different days more often than not.
ONE_SAMPLE = 1_000
# Values of the whole patient, whose name need not stand beside them.
SELDOM_NAMED = ("age_years", "sex")


class Doubt(StrEnum):
    """Why a note does not support the entities."""

    OTHER_COMPLAINT = "the note does not tell of the complaint that the score is for"
    NOT_MENTIONED = "the note does not speak of a finding that the score needs"
    NO_SUCH_NUMBER = "the note does not have a number that the row gives"
    OTHER_MEASUREMENT = "a number stands in the note as another measurement"
    NO_VALUE = "a number stands in the note as a limit, a range or a change"
    OTHER_TIME = "the numbers stand in the note as values of different times"


@dataclass(frozen=True)
class Found:
    """Where a number stands in a note."""

    start: int
    end: int


@dataclass(frozen=True)
class Measured:
    """A number that a row gives for an input, with its unit in UCUM, and the codes of what is measured."""

    name: str
    number: float
    unit: str = ""
    loinc: tuple[str, ...] = ()


def doubt_of(mapped: Mapped, entities: Mapping[str, object], note: str) -> Doubt | None:
    """Return why the note does not support the entities; None where nothing speaks against them, or no note is given."""
    if not note.strip():
        return None
    if mapped.complaint and not re.search(mapped.complaint, note, re.I):
        return Doubt.OTHER_COMPLAINT
    if any(not re.search(pattern, note, re.I) for pattern in mapped.mentioned.values()):
        return Doubt.NOT_MENTIONED
    places: list[Sequence[Found]] = []
    for measured in _measured(mapped, entities):
        found = list(_find(measured, note)) or list(_find_converted(measured, note))
        doubt = _doubt_of_number(measured.name, found, note)
        if doubt:
            return doubt
        places.append([each for each in found if _is_named(measured.name, each, note)] or found)
    return Doubt.OTHER_TIME if mapped.one_sample and _spread(places) > ONE_SAMPLE else None


def _measured(mapped: Mapped, entities: Mapping[str, object]) -> Iterator[Measured]:
    """Yield the measured values of a row."""
    known = calculators().get(mapped.name)
    for name, value in entities.items():
        entity = mapped.entities.get(key(name))
        if entity is None or entity.per_day or entity.named:
            continue
        asked = known.inputs.get(entity.input) if known else None
        loinc = asked.asked.loinc if asked else ()
        if isinstance(value, list) and len(value) == 2 and is_number(value[0]):
            unit = str(value[1])
            yield Measured(entity.input, float(value[0]), units().get(key(unit), unit), loinc)
        # Whole numbers without a unit are often written in words, or are sums.
        elif isinstance(value, float) and is_number(value) and not value.is_integer():
            yield Measured(entity.input, value)


def _find(measured: Measured, note: str) -> Iterator[Found]:
    powers = POWERS.get(measured.name, (1,))
    for match in NUMBER.finditer(note):
        if any(_is_same(measured.number, told * power) for told in _readings(match[0]) for power in powers):
            yield Found(match.start(), match.end())


def _find_converted(measured: Measured, note: str) -> Iterator[Found]:
    """Yield where the note has the number in another unit, beside the name of what is measured."""
    # Half of the last decimal that the row gives.
    tolerance = 0.51 * 10.0 ** -len(f"{measured.number:g}".partition(".")[2])
    for match in NUMBER.finditer(note):
        place = Found(match.start(), match.end())
        if measured.name in names() and not _is_named(measured.name, place, note):
            continue
        found = (_converted(measured, told, unit) for told in _readings(match[0]) for unit in OTHER_UNITS)
        if any(each is not None and abs(each - measured.number) <= tolerance for each in found):
            yield place


def _converted(measured: Measured, number: float, unit: str) -> float | None:
    if unit == measured.unit:
        return None
    return converted_measurement(number, unit, measured.unit, loinc=measured.loinc)


def _readings(text: str) -> tuple[float, ...]:
    """Return what a number may mean: a comma parts thousands, or stands for the point."""
    if "," not in text:
        return (float(text),)
    whole = float(text.replace(",", ""))
    return (whole, float(text.replace(",", "."))) if text.count(",") == 1 and "." not in text else (whole,)


def _is_same(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-6 * max(1e-9, abs(one))


def _doubt_of_number(name: str, found: Sequence[Found], note: str) -> Doubt | None:
    if not found:
        return Doubt.NO_SUCH_NUMBER
    if name in SELDOM_NAMED:
        return None
    own = [each for each in found if not _is_another(name, each, note)]
    if not own:
        return Doubt.OTHER_MEASUREMENT
    named = [each for each in own if _is_named(name, each, note)] or own
    return Doubt.NO_VALUE if all(_is_no_value(each, note) for each in named) else None


def _is_another(name: str, place: Found, note: str) -> bool:
    """Whether another measurement's name stands by the number, and its own does not."""
    if name not in names() or _is_named(name, place, note):
        return False
    before = _sentence_before(place, note)
    return any(words.search(before) for other, words in names().items() if other != name)


def _is_named(name: str, place: Found, note: str) -> bool:
    words = names().get(name)
    near = note[max(0, place.start - BEFORE) : place.end + AFTER]
    return words is not None and bool(words.search(near))


def _sentence_before(place: Found, note: str) -> str:
    return re.split(r"\.\s|\n", note[max(0, place.start - BEFORE) : place.start])[-1]


def _is_no_value(place: Found, note: str) -> bool:
    before, after = note[max(0, place.start - REACH) : place.start], note[place.end : place.end + REACH]
    is_change = CHANGE_BEFORE.search(before) or CHANGE_AFTER.search(after)
    return bool(is_change or LIMIT.search(before) or RANGE.search(after))


def _spread(places: Sequence[Sequence[Found]]) -> int:
    """Return how far apart the values stand at least, in characters."""
    if not places:
        return 0
    best = None
    for anchor in (each.start for found in places for each in found):
        nearest = [min(found, key=lambda each: abs(each.start - anchor)).start for found in places]
        spread = max(nearest) - min(nearest)
        best = spread if best is None else min(best, spread)
    return best or 0
