"""What reading one resource yields: facts with what ordering and comparing them needs, and findings."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from ehr_integration.chart.domain import Category, Fact, Finding, FindingCode
from ehr_integration.chart.reading.elements import JsonObject, Moment, words
from ehr_integration.chart.series import Measurement

LABELS = {
    "AllergyIntolerance": "An allergy",
    "Condition": "A condition",
    "DocumentReference": "A note",
    "Encounter": "An encounter",
    "MedicationAdministration": "A medication administration",
    "MedicationDispense": "A dispensed medication",
    "MedicationRequest": "A medication order",
    "MedicationStatement": "A medication statement",
    "Observation": "A measurement",
    "Patient": "The patient's demographics",
    "Procedure": "A procedure",
}


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A fact, its full time, the day on which what it says was over, where known, and its exact numbers."""

    fact: Fact
    at: Moment | None
    ended_on: date | None = None
    measurements: tuple[Measurement, ...] = ()

    def moved_to(self, category: Category) -> "Reading":
        """Return the same reading as one of another category."""
        return replace(self, fact=replace(self.fact, category=category))

    def said_by(self, source: str | None) -> "Reading":
        """Return the same reading with who says it."""
        return replace(self, fact=replace(self.fact, source=source)) if source else self


Readings = Iterator[Reading | Finding]


def reference_of(resource: JsonObject) -> str:
    """Return the relative reference of a resource ("Observation/1"), its type alone where it has no id."""
    return "/".join(filter(None, [words(resource.get("resourceType")), words(resource.get("id"))]))


def label(resource: JsonObject) -> str:
    """Return what a resource is, as a sentence begins ("An allergy")."""
    return LABELS.get(words(resource.get("resourceType")), "A resource")


def unreadable(resource: JsonObject, what: str) -> Finding:
    """Return the finding that a resource was left out for want of something."""
    text = f"{label(resource)} was left out: {what}. Open it in the EHR."
    return Finding(code=FindingCode.INVALID_RESOURCE, reference=reference_of(resource), text=text)
