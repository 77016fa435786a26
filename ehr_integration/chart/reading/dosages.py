"""Dosage elements in words: as written, or put together from dose, route and timing."""

from ehr_integration.chart.reading.elements import (
    JsonObject,
    child,
    concept_text,
    number,
    number_text,
    words,
)
from ehr_integration.fhir.json_values import objects

UNITS_OF_TIME = {
    "s": "second",
    "min": "minute",
    "h": "hour",
    "d": "day",
    "wk": "week",
    "mo": "month",
    "a": "year",
}


def dosage_text(dosages: object) -> str:
    """Return a list of Dosage elements in words, empty where nothing can be read."""
    return "; ".join(filter(None, [_instruction(given) for given in objects(dosages)]))


def _instruction(dosage: JsonObject) -> str:
    """Return the instruction as written, or put together from its parts."""
    if text := words(dosage.get("text")):
        return text
    doses = [_dose(rate) for rate in objects(dosage.get("doseAndRate"))]
    as_needed = "as needed" if dosage.get("asNeededBoolean") is True else ""
    parts = [*doses, concept_text(child(dosage, "route")), _timing(child(dosage, "timing")), as_needed]
    return " ".join(filter(None, parts))


def _dose(rate: JsonObject) -> str:
    quantity = child(rate, "doseQuantity")
    value = number(quantity.get("value"))
    unit = words(quantity.get("unit")) or words(quantity.get("code"))
    return "" if value is None else f"{number_text(value)} {unit or '(unit missing)'}"


def _timing(timing: JsonObject) -> str:
    """Return how often: "once daily", "2 times every 3 days"."""
    if text := concept_text(child(timing, "code")):
        return text
    repeat = child(timing, "repeat")
    times, period = number(repeat.get("frequency", 1)), number(repeat.get("period"))
    unit = UNITS_OF_TIME.get(words(repeat.get("periodUnit")))
    if times is None or period is None or unit is None or "frequencyMax" in repeat or "periodMax" in repeat:
        return ""
    often = "once" if times == 1 else f"{number_text(times)} times"
    if period == 1:
        return f"{often} daily" if unit == "day" else f"{often} every {unit}"
    return f"{often} every {number_text(period)} {unit}s"
