"""A MedicationRequest in words: the medication, its dose, and whether it is being taken."""

from ehr_integration.chart.domain import Category, Fact
from ehr_integration.chart.reading.dosages import dosage_text
from ehr_integration.chart.reading.elements import (
    RXNORM,
    JsonObject,
    child,
    concept_text,
    first_code,
    moment,
    words,
)
from ehr_integration.chart.reading.readings import Reading, Readings, reference_of, unreadable
from ehr_integration.fhir.json_values import objects

NOT_YET_ORDERED = frozenset({"proposal", "plan", "option"})


def read_medication_request(resource: JsonObject) -> Readings:
    """Return the order as a fact; one that forbids the medication says so, in its text and as its status."""
    code = medication_code(resource)
    name = medication_name(resource)
    if not name:
        yield unreadable(resource, "it does not name its medication")
        return
    at, is_forbidden = moment(resource, "authoredOn"), resource.get("doNotPerform") is True
    status, intent = words(resource.get("status")) or None, words(resource.get("intent"))
    phrase = (status or "status not given").replace("-", " ")
    if intent in NOT_YET_ORDERED:
        phrase = f"{phrase} {intent}, not ordered"
    subject = (
        f"Not to be given: {name}"
        if is_forbidden
        else ", ".join(filter(None, [name, dosage_text(resource.get("dosageInstruction"))]))
    )
    yield Reading(
        fact=Fact(
            category=Category.MEDICATIONS,
            text=f"{subject} ({phrase})",
            reference=reference_of(resource),
            on=at.on if at else None,
            name=name,
            code=first_code(code, prefer=RXNORM),
            status="not-to-be-given" if is_forbidden else status,
        ),
        at=at,
        ended_on=at.on if at else None,  # an ended order gives way to any later one
    )


def medication_code(resource: JsonObject) -> JsonObject:
    """Return the code of the medication that an order or an event names, empty where it has none."""
    return child(resource, "medicationCodeableConcept") or _contained_code(resource)


def medication_name(resource: JsonObject) -> str:
    """Return the medication in words, empty where it is not named."""
    return concept_text(medication_code(resource)) or words(
        child(resource, "medicationReference").get("display")
    )


def unnamed_medication(resource: JsonObject) -> str | None:
    """Return the id of the Medication that must be read to name this order, None where it is named."""
    if medication_code(resource):
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
