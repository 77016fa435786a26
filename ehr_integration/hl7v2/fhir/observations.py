"""OBR and OBX as FHIR Observations."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ehr_integration.hl7v2.fhir.context import Context
from ehr_integration.hl7v2.fhir.elements import JsonObject, concept, is_number, person_name, quantity
from ehr_integration.hl7v2.message import Segment

STATUSES = {  # table 0085
    "F": "final",
    "P": "preliminary",
    "S": "preliminary",
    "R": "preliminary",
    "I": "registered",
    "O": "registered",
    "C": "corrected",
    "U": "final",
    "X": "cancelled",
    "N": "cancelled",
    "D": "entered-in-error",
    "W": "entered-in-error",
}
RESULT_STATUSES = {"F": "final", "C": "corrected", "P": "preliminary", "X": "cancelled"}  # table 0123
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
LABORATORY = frozenset("LAB CH HM MB BLB SR TX VR IMM MCB SP CP BG GE OSL".split())  # table 0074
IMAGING = frozenset("RAD CT MR NMR US RUS NMS XRC CUS VUS RX OUS MAM".upper().split())
CODED = frozenset({"CE", "CWE", "CNE", "CF", "IS", "ID"})
TEXTUAL = frozenset({"ST", "TX", "FT", "SI", ""})
TIMES = frozenset({"DT", "TS", "DTM"})
COMPARATORS = frozenset({"<", ">", "<=", ">="})
NUMBER_IN_TEXT = re.compile(r"(<=|>=|<|>)?\s*([+-]?\d{1,15}(?:\.\d{1,15})?)")


@dataclass(kw_only=True)
class Group:
    """An OBR, or None before the first, with the OBX segments under it and the notes on each."""

    order: Segment | None
    results: list[tuple[Segment, list[str]]] = field(default_factory=list)


def groups(context: Context) -> Iterator[Group]:
    """Yield the observations by the order that they answer."""
    group = Group(order=None)
    for segment in context.message.segments:
        if segment.name == "OBR":
            yield group
            group = Group(order=segment)
        elif segment.name == "OBX":
            group.results.append((segment, []))
        elif segment.name == "NTE" and group.results:
            group.results[-1][1].extend(text for text in segment.texts(3) if text)
    yield group


def observations(context: Context) -> Iterator[JsonObject]:
    """Yield an Observation for each OBX; what documents hold is read by `documents`."""
    for group in groups(context):
        for segment, notes in group.results:
            yield _observation(segment, notes, group.order, context)


def _observation(segment: Segment, notes: list[str], order: Segment | None, context: Context) -> JsonObject:
    at = context.at(segment.text(14)) or (context.at(order.text(7) or order.text(22)) if order else None)
    number = (order.text(3) or order.text(2)) if order else ""
    performer = segment.text(23) or person_name(segment, 16, start=2)
    return context.resource(
        "Observation",
        [
            number or context.control_id,
            segment.text(3) or segment.text(3, 2),
            segment.text(4),
            segment.text(1),
        ],
        {
            "status": _status(segment, order),
            "category": _categories(order),
            "code": concept(segment, 3),
            "effectiveDateTime": at,
            "performer": [{"display": performer}] if performer else None,
            "interpretation": [{"text": flag} for flag in segment.texts(8) if flag],
            "referenceRange": [{"text": segment.text(7)}] if segment.text(7) else None,
            "note": [{"text": note} for note in notes],
            **value_of(segment, context),
        },
    )


def _status(segment: Segment, order: Segment | None) -> str:
    given = segment.text(11).upper()
    if given or order is None:
        return STATUSES.get(given, "unknown")
    return RESULT_STATUSES.get(order.text(25).upper(), "unknown")


def section_of(order: Segment | None) -> str:
    """Return the kind of department that answers an order: laboratory, imaging, or "" where it is not told."""
    given = order.text(24).upper() if order else ""
    return "laboratory" if given in LABORATORY else "imaging" if given in IMAGING else ""


def _categories(order: Segment | None) -> list[JsonObject]:
    section = section_of(order)
    return [{"coding": [{"system": CATEGORY, "code": section}]}] if section else []


def value_of(segment: Segment, context: Context) -> JsonObject:
    """Return the value element of an OBX, by its OBX-2; empty where it has none that FHIR can hold."""
    kind, value = segment.text(2).upper(), segment.text(5)
    if kind == "SN":
        return _structured(segment)
    if kind == "NM":
        return _numeric(value, segment)
    if kind in CODED:
        found = concept(segment, 5)
        return {"valueCodeableConcept": found} if found else {}
    if kind in TIMES:
        at = context.at(value)
        return {"valueDateTime": at} if at else {}
    if kind in TEXTUAL:
        text = "\n".join(filter(None, segment.texts(5)))
        return {"valueString": text} if text else {}
    return {}


def _numeric(value: str, segment: Segment) -> JsonObject:
    """Return a number, with a comparator that a sender may have put before it; other text as it is."""
    match = NUMBER_IN_TEXT.fullmatch(value)
    if match is None:
        return {"valueString": value} if value else {}
    found = quantity(match[2], segment, 6)
    return {"valueQuantity": {**found, "comparator": match[1]} if match[1] else found}


def _structured(segment: Segment) -> JsonObject:
    """Return a structured numeric: <5, 1:128, 10-20, 2+. Source: HL7 v2.8, section 2A.3.67."""
    comparator, first, separator, second = (segment.text(5, part) for part in (1, 2, 3, 4))
    if not is_number(first):
        return {}
    one = quantity(first, segment, 6)
    if not separator and not second and comparator in COMPARATORS | {"", "="}:
        return {"valueQuantity": one | ({"comparator": comparator} if comparator in COMPARATORS else {})}
    if separator == "-" and is_number(second):
        return {"valueRange": {"low": one, "high": quantity(second, segment, 6)}}
    if separator in {":", "/"} and is_number(second):
        return {"valueRatio": {"numerator": {"value": one["value"]}, "denominator": {"value": float(second)}}}
    return {
        "valueString": " ".join(filter(None, [comparator, f"{first}{separator}{second}", segment.text(6)]))
    }
