"""The value of an Observation or of one of its components, in words."""

from dataclasses import dataclass

from ehr_integration.chart.reading.elements import (
    JsonObject,
    child,
    codes,
    concept_text,
    number,
    number_text,
    objects,
    words,
)
from ehr_integration.chart.reading.quantities import Quantity, read_quantity

SYSTOLIC, DIASTOLIC = "8480-6", "8462-4"  # LOINC
# LOINC of what is a bare number by definition: INR, pH, specific gravity.
WITHOUT_UNIT = frozenset({"6301-6", "34714-6", "2744-1", "11558-4", "2756-5", "2965-2", "5811-5"})


@dataclass(frozen=True, kw_only=True)
class Value:
    """What follows the name in a fact's text; `value` and `unit` where it is one exact number."""

    text: str
    value: float | None = None
    unit: str | None = None
    is_unit_missing: bool = False


def read_value(element: JsonObject, *, name: str) -> Value | None:
    """Return the value of an Observation or component, from its parts where it has no value of its own."""
    if (quantity := _quantity(element, name=name)) is not None:
        return Value(
            text=f" {quantity.text}",
            value=quantity.value,
            unit=quantity.unit,
            is_unit_missing=quantity.is_unit_missing,
        )
    if text := _in_words(element):
        return Value(text=f": {text}")
    return _parts(element)


def read_blood_pressure(resource: JsonObject) -> Value | None:
    """Return " 142/86 mmHg" for a panel with both pressures in one unit, None for anything else."""
    found: dict[str, Quantity | None] = {}
    for component in objects(resource.get("component")):
        for code in codes(child(component, "code")) & {SYSTOLIC, DIASTOLIC}:
            found[code] = read_quantity(child(component, "valueQuantity"))
    high, low = found.get(SYSTOLIC), found.get(DIASTOLIC)
    if high is None or low is None or high.value is None or low.value is None or high.unit != low.unit:
        return None
    return Value(text=f" {number_text(high.value)}/{low.text}", is_unit_missing=low.is_unit_missing)


def _quantity(element: JsonObject, *, name: str) -> Quantity | None:
    count = number(element.get("valueInteger"))
    if count is not None:
        return Quantity(text=number_text(count), value=count, unit=None)
    needs_unit = not codes(child(element, "code")) & WITHOUT_UNIT
    return read_quantity(child(element, "valueQuantity"), name=name, needs_unit=needs_unit)


def _in_words(element: JsonObject) -> str:
    absent = concept_text(child(element, "dataAbsentReason"))
    candidates = (
        concept_text(child(element, "valueCodeableConcept")),
        words(element.get("valueString")),
        _yes_or_no(element.get("valueBoolean")),
        words(element.get("valueDateTime")),
        words(element.get("valueTime")),
        _joined(child(element, "valueRange"), ("low", "high"), " to "),
        _joined(child(element, "valueRatio"), ("numerator", "denominator"), ":"),
        f"no value ({absent})" if absent and not objects(element.get("component")) else "",
    )
    return next(filter(None, candidates), "")


def _yes_or_no(value: object) -> str:
    return "" if not isinstance(value, bool) else "yes" if value else "no"


def _joined(element: JsonObject, ends: tuple[str, str], separator: str) -> str:
    """Return two quantities in words, nothing where one cannot be read."""
    first, second = (read_quantity(child(element, end), needs_unit=False) for end in ends)
    return f"{first.text}{separator}{second.text}" if first and second else ""


def _parts(element: JsonObject) -> Value | None:
    parts = []
    for component in objects(element.get("component")):
        name = concept_text(child(component, "code"))
        value = read_value({**component, "component": None}, name=name) if name else None
        if value is not None:
            parts.append((f"{name}{value.text}", value.is_unit_missing))
    if not parts:
        return None
    text = "; ".join(text for text, _ in parts)
    return Value(text=f": {text}", is_unit_missing=any(is_missing for _, is_missing in parts))
