"""A MedicationRequest in words: the medication, its dose, and whether it is being taken."""

from ehr_integration.chart.domain import Category, Fact
from ehr_integration.chart.reading.elements import (
    JsonObject,
    child,
    concept_text,
    first_code,
    moment,
    number,
    number_text,
    objects,
    words,
)
from ehr_integration.chart.reading.readings import Reading, Readings, reference_of, unreadable

NOT_YET_ORDERED = frozenset({"proposal", "plan", "option"})
UNITS_OF_TIME = {
    "s": "second",
    "min": "minute",
    "h": "hour",
    "d": "day",
    "wk": "week",
    "mo": "month",
    "a": "year",
}


def read_medication_request(resource: JsonObject) -> Readings:
    """Return the order as a fact; one that forbids the medication says so, in its text and as its status."""
    code = child(resource, "medicationCodeableConcept") or _contained_code(resource)
    name = concept_text(code) or words(child(resource, "medicationReference").get("display"))
    if not name:
        yield unreadable(resource, "it does not name its medication")
        return
    at, is_forbidden = moment(resource, "authoredOn"), resource.get("doNotPerform") is True
    status, intent = words(resource.get("status")) or None, words(resource.get("intent"))
    phrase = (status or "status not given").replace("-", " ")
    if intent in NOT_YET_ORDERED:
        phrase = f"{phrase} {intent}, not ordered"
    subject = (
        f"Not to be given: {name}" if is_forbidden else ", ".join(filter(None, [name, _dosage(resource)]))
    )
    yield Reading(
        fact=Fact(
            category=Category.MEDICATIONS,
            text=f"{subject} ({phrase})",
            reference=reference_of(resource),
            on=at.on if at else None,
            name=name,
            code=first_code(code),
            status="not-to-be-given" if is_forbidden else status,
        ),
        at=at,
        ended_on=at.on if at else None,  # an ended order gives way to any later one
    )


def unnamed_medication(resource: JsonObject) -> str | None:
    """Return the id of the Medication that must be read to name this order, None where it is named."""
    if child(resource, "medicationCodeableConcept") or _contained_code(resource):
        return None
    target = child(resource, "medicationReference")
    kind, _, medication_id = words(target.get("reference")).rpartition("/")
    return None if words(target.get("display")) or kind != "Medication" else medication_id


def named(resource: JsonObject, *, medication: JsonObject) -> JsonObject:
    """Return the order with the Medication's code in the place of the reference to it."""
    rest = {element: value for element, value in resource.items() if element != "medicationReference"}
    return {**rest, "medicationCodeableConcept": child(medication, "code")}


def _contained_code(resource: JsonObject) -> JsonObject:
    target = words(child(resource, "medicationReference").get("reference"))
    for contained in objects(resource.get("contained")):
        if target == f"#{words(contained.get('id'))}":
            return child(contained, "code")
    return {}


def _dosage(resource: JsonObject) -> str:
    return "; ".join(
        filter(None, [_instruction(given) for given in objects(resource.get("dosageInstruction"))])
    )


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
