"""FHIR R4 resources of one category become facts, newest first, and findings about their quality."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeAlias

from ehr_integration.chart.domain import Category, Fact, Finding, FindingCode
from ehr_integration.chart.quality import (
    denied_allergies,
    newest_of_each,
    with_conflicts_said,
    without_duplicates,
)
from ehr_integration.chart.reading.allergies import read_allergy
from ehr_integration.chart.reading.conditions import read_condition
from ehr_integration.chart.reading.elements import JsonObject
from ehr_integration.chart.reading.medications import read_medication_request
from ehr_integration.chart.reading.notes import read_note
from ehr_integration.chart.reading.observations import read_laboratory, read_vital_sign
from ehr_integration.chart.reading.readings import Reading, Readings
from ehr_integration.chart.validity import departure_from_r4, reason_to_leave_out

Reader: TypeAlias = Callable[[JsonObject], Readings]

READERS: dict[Category, tuple[str, Reader]] = {
    Category.CONDITIONS: ("Condition", read_condition),
    Category.MEDICATIONS: ("MedicationRequest", read_medication_request),
    Category.ALLERGIES: ("AllergyIntolerance", read_allergy),
    Category.LABORATORY: ("Observation", read_laboratory),
    Category.VITAL_SIGNS: ("Observation", read_vital_sign),
    Category.NOTES: ("DocumentReference", read_note),
}
MEASURED = frozenset({Category.LABORATORY, Category.VITAL_SIGNS})
LONG_AGO = (date.min, datetime.min.replace(tzinfo=UTC))


@dataclass(frozen=True, kw_only=True)
class Normalised:
    """The facts of one category, newest first, and the findings about its resources."""

    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...]


def normalise(category: Category, resources: Iterable[object]) -> Normalised:
    """Return what the resources say, whatever JSON they hold.

    Of laboratory results and vital signs, at most the 5 newest values of each code are kept.
    """
    readings: list[Reading] = []
    findings: list[Finding] = []
    for item in (item for resource in resources for item in _read(category, resource)):
        if isinstance(item, Reading):
            readings.append(item)
        else:
            findings.append(item)
    readings.sort(key=_newest_last, reverse=True)
    readings, duplicates = without_duplicates(readings)
    readings, conflicts = with_conflicts_said(readings)
    if category is Category.ALLERGIES:
        conflicts += denied_allergies(readings)
    kept = newest_of_each(readings) if category in MEASURED else readings
    return Normalised(
        facts=tuple(reading.fact for reading in kept),
        findings=(*findings, *duplicates, *conflicts),
    )


def _newest_last(reading: Reading) -> tuple[date, datetime]:
    return (reading.at.on, reading.at.instant) if reading.at else LONG_AGO


def _read(category: Category, resource: object) -> Readings:
    resource_type, reader = READERS[category]
    if not isinstance(resource, dict) or resource.get("resourceType") != resource_type:
        text = f"The EHR sent something else among its {category.value}. Open the record in the EHR."
        yield Finding(code=FindingCode.INVALID_RESOURCE, reference=resource_type, text=text)
        return
    left_out = reason_to_leave_out(resource)
    if left_out is not None:
        yield left_out
        return
    items = list(reader(resource))
    yield from items
    departure = departure_from_r4(resource) if any(isinstance(item, Reading) for item in items) else None
    if departure is not None:
        yield departure
