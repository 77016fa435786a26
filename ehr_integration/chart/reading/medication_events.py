"""What was taken, given or dispensed, in words: it stands in for an order where there is none."""

from ehr_integration.chart.domain import Category, Fact
from ehr_integration.chart.reading.dosages import dosage_text
from ehr_integration.chart.reading.elements import RXNORM, JsonObject, child, first_code, moment, words
from ehr_integration.chart.reading.medications import medication_code, medication_name
from ehr_integration.chart.reading.readings import Reading, Readings, reference_of, unreadable

TIMES = {
    "MedicationStatement": ("effectiveDateTime", "effectivePeriod", "dateAsserted"),
    "MedicationAdministration": ("effectiveDateTime", "effectivePeriod"),
    "MedicationDispense": ("whenHandedOver", "whenPrepared"),
}
SAID = {
    "MedicationStatement": "reported as taken",
    "MedicationAdministration": "given",
    "MedicationDispense": "dispensed",
}
NOT_DONE = frozenset({"not-taken", "not-done", "declined", "cancelled"})


def read_medication_event(resource: JsonObject) -> Readings:
    """Return the statement, administration or dispense as a fact that says which of these it is."""
    name, kind = medication_name(resource), resource["resourceType"]
    if not name:
        yield unreadable(resource, "it does not name its medication")
        return
    at, status = moment(resource, *TIMES[kind]), words(resource.get("status")) or None
    said = f"not {SAID[kind]}" if status in NOT_DONE else f"{SAID[kind]}, {status or 'status not given'}"
    subject = ", ".join(filter(None, [name, _dosage(resource)]))
    yield Reading(
        fact=Fact(
            category=Category.MEDICATIONS,
            text=f"{subject} ({said})",
            reference=reference_of(resource),
            on=at.on if at else None,
            name=name,
            code=first_code(medication_code(resource), prefer=RXNORM),
            status=status,
        ),
        at=at,
        ended_on=at.on if at else None,
    )


def _dosage(resource: JsonObject) -> str:
    given = child(resource, "dosage")  # an administration has one dosage, the others have lists
    return words(given.get("text")) or dosage_text(
        resource.get("dosage") or resource.get("dosageInstruction")
    )
