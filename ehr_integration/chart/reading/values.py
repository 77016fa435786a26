"""The value of an Observation or of one of its components, in words."""

from dataclasses import dataclass

from ehr_integration.chart.domain import FindingCode
from ehr_integration.chart.reading.elements import (
    LOINC,
    JsonObject,
    child,
    codes,
    concept_text,
    first_code,
    number,
    number_text,
    words,
)
from ehr_integration.chart.reading.quantities import Quantity, read_quantity
from ehr_integration.chart.units.analytes import BY_CODE, Analyte
from ehr_integration.fhir.json_values import objects

SYSTOLIC, DIASTOLIC = "8480-6", "8462-4"  # LOINC
# LOINC of what is a bare number by definition: INR, pH, specific gravity.
WITHOUT_UNIT = frozenset({"6301-6", "34714-6", "2744-1", "11558-4", "2756-5", "2965-2", "5811-5"})
PREGNANCY_STATUS = frozenset({"82810-3", "11449-6"})  # LOINC: pregnancy status
EXPECTED_DATE = frozenset({"11778-8", "11779-6", "11780-4", "11781-2"})  # LOINC: delivery date estimated
Part = tuple[str | None, str, float | None, str | None]  # code, name, value, UCUM unit


@dataclass(frozen=True, kw_only=True)
class Value:
    """What follows the name in a fact's text; `value` and `unit` where it is one exact number.

    `parts` are the exact numbers of components; `doubts` say what is wrong with the numbers.
    """

    text: str
    value: float | None = None
    unit: str | None = None
    doubts: frozenset[FindingCode] = frozenset()
    parts: tuple[Part, ...] = ()


def analyte_of(element: JsonObject) -> Analyte | None:
    """Return what an Observation or component measures, None where its code is none that we know."""
    for coding in objects(child(element, "code").get("coding")):
        if (found := BY_CODE.get(words(coding.get("code")))) is not None:
            return found
    return None


def read_value(element: JsonObject, *, name: str) -> Value | None:
    """Return the value of an Observation or component, from its parts where it has no value of its own."""
    if (quantity := _quantity(element, name=name)) is not None:
        return Value(
            text=f" {quantity.text}",
            value=quantity.value,
            unit=quantity.unit,
            doubts=_doubts(quantity),
        )
    if text := _in_words(element):
        return Value(text=f": {text}")
    return _components(element)


def read_blood_pressure(resource: JsonObject) -> Value | None:
    """Return " 142/86 mmHg" for a panel with both pressures in one unit, None for anything else."""
    found: dict[str, Quantity | None] = {}
    for component in objects(resource.get("component")):
        for code in codes(child(component, "code")) & {SYSTOLIC, DIASTOLIC}:
            found[code] = read_quantity(child(component, "valueQuantity"), analyte=BY_CODE[code])
    high, low = found.get(SYSTOLIC), found.get(DIASTOLIC)
    if high is None or low is None or high.value is None or low.value is None or high.unit != low.unit:
        return None
    return Value(
        text=f" {number_text(high.value)}/{low.text}",
        doubts=_doubts(low),
        parts=(
            (f"http://loinc.org|{SYSTOLIC}", "Systolic blood pressure", high.value, high.unit),
            (f"http://loinc.org|{DIASTOLIC}", "Diastolic blood pressure", low.value, low.unit),
        ),
    )


def _doubts(quantity: Quantity) -> frozenset[FindingCode]:
    return frozenset({quantity.doubt} if quantity.doubt else ())


def _quantity(element: JsonObject, *, name: str) -> Quantity | None:
    count = number(element.get("valueInteger"))
    if count is not None:
        return Quantity(text=number_text(count), value=count, unit=None)
    given = child(element, "valueQuantity")
    if not given:
        return None
    needs_unit = not codes(child(element, "code")) & WITHOUT_UNIT
    return read_quantity(given, name=name, needs_unit=needs_unit, analyte=analyte_of(element))


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


def _components(element: JsonObject) -> Value | None:
    texts: list[str] = []
    parts: list[Part] = []
    doubts: frozenset[FindingCode] = frozenset()
    for component in objects(element.get("component")):
        name = concept_text(child(component, "code"))
        value = read_value({**component, "component": None}, name=name) if name else None
        if value is not None:
            texts.append(f"{name}{value.text}")
            parts.append((first_code(child(component, "code"), prefer=LOINC), name, value.value, value.unit))
            doubts |= value.doubts
    return Value(text=f": {'; '.join(texts)}", doubts=doubts, parts=tuple(parts)) if texts else None
