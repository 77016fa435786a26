"""Inputs that follow from what else a note tells: a mean pressure, a fever, drinks a week, oxygen of room air."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

from clinical.calculators import inputs
from clinical.calculators.declaring import asked_of
from clinical.calculators.domain import Asked, Input
from clinical.calculators.notes.domain import Mention
from clinical.calculators.notes.measuring import measured
from clinical.calculators.notes.people import told_of_person

FEVER_CELSIUS = 38.0
HIGH_SYSTOLIC = 160.0
ROOM_AIR_PERCENT = 21.0
ROOM_AIR = re.compile(r"\b(?:room air|ambient air|breathing air)\b", re.I)
UREA = re.compile(
    r"(?<![\w-])(?:blood urea|serum urea|urea)(?! nitrogen)\b[^\d.;\n]{0,20}(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>mg|mmol)",
    re.I,
)
BUN_IN_UREA = 28.014 / 60.056
BUN_PER_MMOL = 2.8014
WORDS = {
    "zero": 0, "no": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15, "twenty": 20,
}  # fmt: skip
NUMBER = rf"(?P<number>\d+|{'|'.join(WORDS)})"
DRINK = (
    r"(?:[\w-]+ ){0,2}?(?:drinks?|beverages?|cocktails?|beers?|glasses(?: of \w+)?|units?(?: of alcohol)?)"
)
SPAN = r"(?P<span>(?:per|a|each|every|on a) (?:week|day|weekly|daily)|weekly|daily)"
DRINKS = (
    re.compile(rf"\b{NUMBER} {DRINK} (?:[\w-]+ ){{0,2}}?{SPAN}", re.I),
    re.compile(
        rf"\b{SPAN} (?:average |intake |consumption )(?:of )?(?:about |around )?{NUMBER} {DRINK}", re.I
    ),
)
A_WEEK = 7


def derived(asked: Input, note: str) -> Mention | None:
    """Return what follows for an input; None where nothing does."""
    rule = RULES.get(asked.name)
    return rule(asked, note) if rule else None


def _mean_pressure(asked: Input, note: str) -> Mention | None:
    systolic, diastolic = (_told(name, note) for name in ("systolic_mmhg", "diastolic_mmhg"))
    if systolic is None or diastolic is None:
        return None
    return replace(systolic, name=asked.name, value=(systolic.value + 2 * diastolic.value) / 3)  # type: ignore[operator]


def _fever(asked: Input, note: str) -> Mention | None:
    temperature = _told("temperature_celsius", note)
    if temperature is None:
        return None
    return replace(temperature, name=asked.name, value=float(temperature.value) > FEVER_CELSIUS)  # type: ignore[arg-type]


def _high_pressure(asked: Input, note: str) -> Mention | None:
    systolic = _told("systolic_mmhg", note)
    if systolic is None or float(systolic.value) <= HIGH_SYSTOLIC:  # type: ignore[arg-type]
        return None
    return replace(systolic, name=asked.name, value=True)


def _room_air(asked: Input, note: str) -> Mention | None:
    match = ROOM_AIR.search(note)
    return _mention(asked, ROOM_AIR_PERCENT, match) if match else None


def _nitrogen_of_urea(asked: Input, note: str) -> Mention | None:
    """Return urea as its nitrogen: 28 of its 60 grams."""
    match = UREA.search(note)
    if match is None:
        return None
    factor = BUN_PER_MMOL if match["unit"].lower() == "mmol" else BUN_IN_UREA
    return _mention(asked, float(match["number"]) * factor, match)


def _drinks(asked: Input, note: str) -> Mention | None:
    match = next((found for each in DRINKS if (found := each.search(note))), None)
    if match is None:
        return Mention(name=asked.name, value=0.0, is_assumed=True)
    word = match["number"].lower()
    number = float(WORDS.get(word, word))
    return _mention(asked, number * (A_WEEK if "da" in match["span"].lower() else 1), match)


RULES: Mapping[str, Callable[[Input, str], Mention | None]] = {
    "mean_arterial_mmhg": _mean_pressure,
    "has_fever": _fever,
    "has_uncontrolled_hypertension": _high_pressure,
    "fio2_percent": _room_air,
    "urea_nitrogen_mg_dl": _nitrogen_of_urea,
    "drinks_per_week": _drinks,
}


@cache
def _parts() -> Mapping[str, Input]:
    kinds: dict[str, object] = {
        "systolic_mmhg": inputs.SystolicMmHg,
        "diastolic_mmhg": inputs.DiastolicMmHg,
        "temperature_celsius": inputs.TemperatureCelsius,
    }
    return {name: _input(name, asked) for name, kind in kinds.items() if (asked := asked_of(kind))}


def _input(name: str, asked: Asked) -> Input:
    return Input(name=name, asked=asked, kind=float, is_required=True)


def _told(name: str, note: str) -> Mention | None:
    asked = _parts()[name]
    return told_of_person(asked, note) or measured(asked, note)


def _mention(asked: Input, value: float, match: re.Match[str]) -> Mention:
    return Mention(name=asked.name, value=value, quote=match[0], start=match.start(), end=match.end())
