"""Daily doses and steroids that a note tells: how much, of what, how often."""

import re

from clinical.calculators.domain import Input
from clinical.calculators.notes.domain import Mention

AMOUNT = r"(?P<amount>\d+(?:\.\d+)?)\s*(?P<unit>mg|milligrams?|µg|μg|mcg|micrograms?)(?P<hourly>\s*/\s*h(?:r|our)?)?"
OFTEN = (
    r"(?P<often>(?:(?P<times>\d+|once|one|twice|two|three|four|five|six) (?:times? )?(?:a|per|each|every)? ?(?:day|daily))"
    r"|every (?P<hours>\d+) ?h(?:ours?|rs?)?|b\.?i\.?d\b|t\.?i\.?d\b|q\.?i\.?d\b|daily|a day)"
)
NUMBERS = {"once": 1, "one": 1, "twice": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
SHORT = {"b": 2, "t": 3, "q": 4}
DAILY = re.compile(r"^(?P<drug>\w+?)_(?P<kind>patch_|buccal_)?(?P<unit>mg|ug)_(?P<per>day|hour)$")
NAME_AND_ROUTE = (
    r"\b(?P<steroid>betamethasone|cortisone|dexamethasone|hydrocortisone|methylprednisolone|prednisolone|prednisone|triamcinolone)\b"
    r"\s*(?P<route>PO\b|IV\b|orally|by mouth|oral\b|intravenous(?:ly)?)?"
)
NAMED = re.compile(NAME_AND_ROUTE, re.I)
STEROID = re.compile(rf"{AMOUNT} (?:of )?(?:\w+ )?{NAME_AND_ROUTE}", re.I)


def told_dose(asked: Input, note: str) -> Mention | None:
    """Return a daily dose, a steroid or its amount; None where the note tells none in the unit that is asked for."""
    if asked.name in ("steroid", "dose_mg"):
        return _steroid(asked, note)
    named = DAILY.match(asked.name)
    return _daily(asked, note, named) if named else None


def names_medicine(asked: Input, note: str) -> bool:
    """Whether an input is a daily dose of a medicine that the note names."""
    named = DAILY.match(asked.name)
    return named is not None and bool(re.search(rf"{_drug(named)}(?! (?:milligram|equivalent))", note, re.I))


def _daily(asked: Input, note: str, named: re.Match[str]) -> Mention | None:
    is_hourly = named["per"] == "hour"
    for pattern in _patterns(named, is_hourly=is_hourly):
        for match in re.finditer(pattern, note, re.I):
            if _is_milligrams(match["unit"]) == (named["unit"] == "mg") and is_hourly == bool(
                match["hourly"]
            ):
                value = float(match["amount"]) * (1 if is_hourly else _times(match))
                return Mention(
                    name=asked.name, value=value, quote=match[0], start=match.start(), end=match.end()
                )
    return None


def _patterns(named: re.Match[str], *, is_hourly: bool) -> tuple[str, str]:
    """Return amount before drug and drug before amount; how often a day, but for what is given by the hour."""
    drug = _drug(named)
    often = "" if is_hourly else rf"[^.;,\n]{{0,25}}?{OFTEN}"
    return rf"{AMOUNT} (?:of )?{drug}{often}", rf"{drug}\W+(?:\w+\W+)?{AMOUNT}{often}"


def _drug(named: re.Match[str]) -> str:
    kind = (named["kind"] or "").rstrip("_")
    return rf"\b{named['drug']}\b" + (rf"\s+{kind}" if kind else r"(?!\s+(?:patch|buccal))")


def _is_milligrams(unit: str) -> bool:
    return unit.lower() == "mg" or unit.lower().startswith("mill")


def _times(match: re.Match[str]) -> float:
    if match["hours"]:
        return 24 / int(match["hours"])
    if match["times"]:
        word = match["times"].lower()
        return int(word) if word.isdigit() else NUMBERS[word]
    return SHORT.get(match["often"][0].lower(), 1)


def _steroid(asked: Input, note: str) -> Mention | None:
    match = STEROID.search(note)
    if match is None or not match["unit"].lower().startswith(("mg", "milli")):
        return None
    if asked.name == "dose_mg":
        value = float(match["amount"])
        return Mention(name=asked.name, value=value, quote=match[0], start=match.start(), end=match.end())
    return chosen_steroid(asked, match["steroid"], match["route"] or "", match)


def asked_steroid(asked: Input, question: str) -> Mention | None:
    """Return the steroid that a question wants to change to: the last one that it names."""
    if asked.name != "target_steroid":
        return None
    for match in reversed(list(NAMED.finditer(question))):
        return chosen_steroid(asked, match["steroid"], match["route"] or "", match)
    return None


def chosen_steroid(asked: Input, steroid: str, route: str, match: re.Match[str]) -> Mention | None:
    """Return the choice of a steroid by a route; by mouth where none is said. None where there is no such choice."""
    is_vein = route.lower().startswith(("iv", "intra"))
    choice = f"{steroid.lower()} {'iv' if is_vein else 'po'}"
    if choice not in asked.choices:
        return None
    return Mention(
        name=asked.name, value=asked.kind(choice), quote=match[0], start=match.start(), end=match.end()
    )
