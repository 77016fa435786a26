"""Doses that a note tells: what is taken of a medicine in a day, and steroids with their route."""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache

from clinical.calculators.domain import Input
from clinical.calculators.notes.domain import Mention
from ehr_integration.chart.units.printed import candidates
from ehr_integration.chart.units.ucum import converted

DAILY_UNITS = frozenset({"mg/d", "ug/d", "ug/h"})
# Medicines that are told by more than their name.
FORMS: Mapping[str, str] = {
    "fentanyl_patch": r"fentanyl (?:transdermal )?patch(?:es)?|transdermal fentanyl(?: patch(?:es)?)?",
    "fentanyl_buccal": r"fentanyl buccal(?: tablets?| films?)?|buccal fentanyl(?: tablets?| films?)?",
}
DOSE = r"(?P<dose>\d+(?:\.\d+)?)\s*(?P<unit>mg|milligrams?|mcg|µg|μg|ug|micrograms?)(?P<rate>\s*/\s*h(?:r|our)?\b|\s+(?:per|an) hour)?"
ROUTE = r"(?:(?P<{0}>IV|intravenous(?:ly)?|PO|oral(?:ly)?|by mouth)\s+)?"
TIMES = re.compile(
    r"(?P<times>\d+|once|twice|thrice|one|two|three|four|five|six)(?: times?)?(?: (?:a|per|each|every) day|/day| daily| a day)"
    r"|(?P<latin>\b(?:qd|od|bid|tid|qid|b\.i\.d|t\.i\.d|q\.i\.d|qhs|nightly|at bedtime)\b)"
    r"|(?:every|q)\s?(?P<hours>\d{1,2})\s?(?:h\b|hours?|hourly|hrs?)"
    r"|(?P<daily>\b(?:daily|a day|per day|every day|each day)\b)",
    re.I,
)
NUMBERS = {"once": 1, "twice": 2, "thrice": 3, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
LATIN = {"qd": 1, "od": 1, "bid": 2, "tid": 3, "qid": 4, "qhs": 1, "nightly": 1, "at bedtime": 1}
HOURS_A_DAY = 24
# How far behind a dose its times a day may stand.
REACH = 40


def is_daily_dose(asked: Input) -> bool:
    """Whether an input is how much of a medicine is taken in a day."""
    return asked.asked.unit in DAILY_UNITS


def names_medicine(asked: Input, note: str) -> bool:
    """Whether a note names the medicine at all: one that is taken in a dose that cannot be read is not left out."""
    return bool(re.search(rf"\b(?:{_words(asked)})\b", note, re.I))


def daily_dose(asked: Input, note: str) -> Mention | None:
    """Return what is taken in a day; None where dose, unit or times a day are not told."""
    for match in _doses_of(_words(asked), note):
        is_rate = asked.asked.unit == "ug/h"
        if bool(match["rate"]) is not is_rate:
            continue
        times = (1.0, match.end()) if is_rate else _times(note, match.end())
        dose = _in_unit(asked, float(match["dose"]), match["unit"])
        if times is not None and dose is not None and _is_in_range(asked, dose * times[0]):
            end = times[1]
            return Mention(
                name=asked.name,
                value=dose * times[0],
                quote=note[match.start() : end],
                start=match.start(),
                end=end,
            )
    return None


def _words(asked: Input) -> str:
    medicine = asked.name.rsplit("_", 2)[0]
    return FORMS.get(medicine, medicine.replace("_", " "))


def _doses_of(words: str, note: str) -> Iterator[re.Match[str]]:
    """Yield doses before the medicine ("60 mg of codeine"), then behind it ("codeine 60 mg")."""
    yield from re.finditer(rf"{DOSE}\s+(?:of\s+)?(?:oral\s+)?(?:{words})\b", note, re.I)
    yield from re.finditer(rf"\b(?:{words})\b(?:\s+(?:at|of|PO|oral|tablets?))?[\s,(]+{DOSE}", note, re.I)


def _times(note: str, start: int) -> tuple[float, int] | None:
    reach = re.split(r"[;\n]|\.\s|, \d|, and \d", note[start : start + REACH])[0]
    match = TIMES.search(note, start, start + len(reach))
    if match is None:
        return None
    if match["times"]:
        word = match["times"].lower()
        return float(NUMBERS.get(word) or word), match.end()
    if match["latin"]:
        return float(LATIN[match["latin"].lower().replace(".", "")]), match.end()
    if match["hours"]:
        return HOURS_A_DAY / max(1, int(match["hours"])), match.end()
    return 1.0, match.end()


def _in_unit(asked: Input, number: float, unit: str) -> float | None:
    target = asked.asked.unit.partition("/")[0]
    found = (converted(number, source, target) for source in candidates(unit.rstrip("s")))
    return next((each for each in found if each is not None), None)


def _is_in_range(asked: Input, value: float) -> bool:
    return (asked.asked.low or 0) <= value <= (asked.asked.high or float("inf"))


def told_steroid(asked: Input, note: str) -> Mention | None:
    """Return the steroid given, its dose, or the steroid wanted, by the input's name."""
    if asked.name == "target_steroid":
        return _wanted(asked, note)
    given = next(_given(note), None)
    if given is None:
        return None
    match, steroid = given
    value = float(match["dose"]) if asked.name == "dose_mg" else _kind(asked, steroid)
    if value is None:
        return None
    return Mention(name=asked.name, value=value, quote=match[0], start=match.start(), end=match.end())


DRUGS = (
    "betamethasone|cortisone|dexamethasone|hydrocortisone|methylprednisolone|prednisolone|prednisone|triamcinolone"
)
GIVEN = (
    rf"{DOSE}\s+(?:of\s+)?{ROUTE.format('before')}\b(?P<drug>{DRUGS})\b(?:\s+(?P<behind>IV|PO|intravenous(?:ly)?|oral(?:ly)?|by mouth)\b)?",
    rf"{ROUTE.format('before')}\b(?P<drug>{DRUGS})\b(?:\s+(?P<behind>IV|PO|intravenous(?:ly)?|oral(?:ly)?))?[\s,(]+{DOSE}",
)
WANTED = re.compile(
    r"\b(?:equivalent|convert\w*|conver[st]ion|switch\w*|chang\w+)\b[^.?;]{0,80}?\b(?:of|to|into|in|as)\s+"
    rf"(?:\w+ )?{ROUTE.format('before')}\b(?P<drug>{DRUGS})\b(?:\s+(?P<behind>IV|PO|intravenous(?:ly)?|oral(?:ly)?)\b)?",
    re.I,
)


def _given(note: str) -> Iterator[tuple[re.Match[str], str]]:
    for pattern in GIVEN:
        for match in re.finditer(pattern, note, re.I):
            if match["unit"].lower().startswith(("mg", "milli")):
                yield match, _with_route(match)


def _wanted(asked: Input, note: str) -> Mention | None:
    for match in WANTED.finditer(note):
        value = _kind(asked, _with_route(match))
        if value is not None:
            return Mention(name=asked.name, value=value, quote=match[0], start=match.start(), end=match.end())
    return None


def _with_route(match: re.Match[str]) -> str:
    route = (match["behind"] or match["before"] or "").lower()
    return f"{match['drug'].lower()} {_route(route)}".strip()


@cache
def _route(words: str) -> str:
    if not words:
        return ""
    return "iv" if words.startswith(("iv", "intra")) else "po"


def _kind(asked: Input, steroid: str) -> StrEnum | None:
    """Return the choice; where the note tells no route, by mouth before into a vein: the doses are the same."""
    choices = [each for each in asked.choices if each == steroid or each.partition(" ")[0] == steroid]
    chosen = sorted(choices, key=lambda each: not each.endswith("po"))
    found: StrEnum | None = asked.kind(chosen[0]) if chosen else None
    return found
