"""Age, sex, blood pressure, weight and height, which notes tell in ways of their own ("an 87-year-old man, 163 cm tall")."""

import re

from clinical.calculators.domain import Input, Known, Sex
from clinical.calculators.notes.domain import Mention
from clinical.calculators.notes.measuring import in_unit_of, measured, mention_of
from clinical.calculators.notes.numbers import numbers_in

AGE = re.compile(
    r"\b(?P<number>\d{1,3})(?:\s*½)?[\s-]*(?P<unit>years?|yrs?|y/?o|months?|mos?|weeks?|days?)\b[\s-]*(?:-?\s*old|of age|o\b)?"
    r"|\bage[ds]?\s*(?:of|:|was|is)?\s*(?P<aged>\d{1,3})\b",
    re.I,
)
WORDS_OF_AGE = re.compile(
    r"\b(?P<tens>twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-(?P<ones>one|two|three|four|five|six|seven|eight|nine))?[\s-]years?[\s-]old",
    re.I,
)
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
ONES = "one two three four five six seven eight nine".split()
OLD = re.compile(r"old|of age|aged|age\b|y/?o", re.I)
FEMALE = re.compile(
    r"\b(?:woman|female|girl|lady|she|her|housewife|mother|gravida|pregnant|nulliparous|primigravida|Mrs|F)\b"
)
MALE = re.compile(r"\b(?:man|male|boy|gentleman|he|his|him|Mr|M)\b")
PRESSURE = re.compile(
    r"(?<![\d/.])(?P<systolic>\d{2,3})\s*(?:/|over)\s*(?P<diastolic>\d{2,3})(?![\d/])(?P<unit>\s*mm\s*/?\s*Hg)?",
    re.I,
)
NAMED_PRESSURE = re.compile(
    r"(?<![\d/.])(?P<number>\d{2,3})\s*(?:mm\s*/?\s*Hg)?\s*(?P<which>systolic|diastolic)\b", re.I
)
NAMES_PRESSURE = re.compile(
    r"\b(?:blood pressures?|BP|hypotensi\w+|hypertensi\w+|pressure)\b[^.;\n]{0,45}$", re.I
)
TALL = re.compile(
    r"(?P<number>\d(?:\.\d+)?\s*m(?:eters?|etres?)?\b|\d{2,3}(?:\.\d+)?[\s-]*cm\b|\d{2}(?:\.\d+)?\s*(?:in\b|inch(?:es)?))\s*(?:tall|in height|height)?",
    re.I,
)
FEET = re.compile(
    r"(?<!\d)(?P<feet>[3-7])\s*(?:'|′|’|ft\.?|feet|foot)\s*(?P<inches>\d{1,2})?\s*(?:\"|″|”|''|in(?:ches)?)?",
    re.I,
)
HEAVY = re.compile(
    r"(?<![\d.])(?P<number>\d{1,3}(?:\.\d+)?)[\s-]*(?P<unit>kg|kilograms?|kgs|lbs?|pounds?)\b(?!\s*/\s*m|/m)",
    re.I,
)
NAMES_WEIGHT = re.compile(r"\b(?:weigh\w*|weight|wt|BW)\b[^.;\n]{0,25}$", re.I)
CHANGE_BEFORE = re.compile(
    r"\b(?:lost|loses?|losing|gained|gaining|(?:loss|gain|decrease|increase|reduction|change) of|birth ?weight\D*)\s*(?:\w+\s+){0,3}$",
    re.I,
)
CHANGE_BEHIND = re.compile(r"\W*(?:of )?(?:\w+[\s-]+){0,2}?(?:loss|gain|decrease|reduction)\b", re.I)
POUND_KG, INCH_CM = 0.45359237, 2.54


def told_of_person(asked: Input, note: str) -> Mention | None:
    """Return age, sex, pressure, weight or height where a note tells it in these ways."""
    if asked.asked.known is Known.AGE:
        return _age(asked, note)
    if asked.asked.known is Known.SEX:
        return _sex(asked, note)
    for begins, found in (
        ("systolic", _pressure),
        ("diastolic", _pressure),
        ("weight", _weight),
        ("height", _height),
    ):
        if asked.name.startswith(begins):
            return found(asked, note)
    return None


def _whole_years(number: int, unit: str) -> int:
    """Return completed years of an age in years, months, weeks or days."""
    a_year = {"mo": 12, "we": 52, "da": 365}.get(unit[:2], 1)
    return number // a_year


def _age(asked: Input, note: str) -> Mention | None:
    for match in AGE.finditer(note):
        if not OLD.search(match[0]):
            continue
        years = int(match["number"] or match["aged"])
        unit = (match["unit"] or "years").lower()
        years = _whole_years(years, unit)
        return mention_of(asked, float(years), note, match.start(), match.end())
    spelled = WORDS_OF_AGE.search(note)
    if spelled is None:
        return None
    years = 10 * (TENS.index(spelled["tens"].lower()) + 2)
    years += ONES.index(spelled["ones"].lower()) + 1 if spelled["ones"] else 0
    return mention_of(asked, float(years), note, spelled.start(), spelled.end())


def _sex(asked: Input, note: str) -> Mention | None:
    found = [
        (match.start(), match, sex)
        for sex, words in ((Sex.FEMALE, FEMALE), (Sex.MALE, MALE))
        if (match := words.search(note))
    ]
    if not found:
        return None
    _, match, sex = min(found, key=lambda each: each[0])
    return Mention(name=asked.name, value=sex, quote=match[0], start=match.start(), end=match.end())


def _pressure(asked: Input, note: str) -> Mention | None:
    which = "systolic" if asked.name.startswith("systolic") else "diastolic"
    for match in PRESSURE.finditer(note):
        is_pressure = match["unit"] or NAMES_PRESSURE.search(note, max(0, match.start() - 70), match.start())
        value = float(match[which])
        if is_pressure and int(match["systolic"]) > int(match["diastolic"]):
            return mention_of(asked, value, note, match.start(), match.end())
    for match in NAMED_PRESSURE.finditer(note):
        if match["which"].lower() == which and measured(asked, note) is None:
            return mention_of(asked, float(match["number"]), note, match.start(), match.end())
    return None


def _weight(asked: Input, note: str) -> Mention | None:
    """Return a weight that is named before any other; what was lost or gained is none."""
    found = [match for match in HEAVY.finditer(note) if not _is_change_or_dose(match, note)]
    for match in sorted(found, key=lambda each: not NAMES_WEIGHT.search(note[: each.start()][-40:])):
        value = float(match["number"]) * (1.0 if match["unit"].lower().startswith("k") else POUND_KG)
        if (asked.asked.low or 0) <= value <= (asked.asked.high or 1e9):
            return mention_of(asked, value, note, match.start(), match.end())
    return None


def _is_change_or_dose(match: re.Match[str], note: str) -> bool:
    before, behind = note[: match.start()][-40:], note[match.end() : match.end() + 40]
    return bool(
        CHANGE_BEFORE.search(before) or CHANGE_BEHIND.match(behind) or re.search(r"(?:/|per)\s*$", before)
    )


def _height(asked: Input, note: str) -> Mention | None:
    for match in TALL.finditer(note):
        near = note[max(0, match.start() - 25) : match.end()]
        if not re.search(r"height|tall|stature|kg", near, re.I) and not re.search(
            r"tall|height|kg|kilo", note[match.end() : match.end() + 12]
        ):
            continue
        number = next(numbers_in(note, match.start(), match.end()), None)
        value = in_unit_of(asked, number) if number else None
        if value is not None:
            return mention_of(asked, value, note, match.start(), match.end())
    for match in FEET.finditer(note):
        value = (12 * int(match["feet"]) + int(match["inches"] or 0)) * INCH_CM
        if (match["inches"] or "feet" in match[0] or "ft" in match[0]) and value > 90:
            return mention_of(asked, value, note, match.start(), match.end())
    return None
