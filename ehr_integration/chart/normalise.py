"""FHIR resources of one category become facts, newest first, and findings about their quality."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeAlias

from ehr_integration.chart.domain import Category, Fact, Finding, FindingCode
from ehr_integration.chart.quality import (
    denied_allergies,
    newest_of_each,
    with_conflicts_said,
    without_duplicates,
    without_ordered,
)
from ehr_integration.chart.reading.allergies import read_allergy
from ehr_integration.chart.reading.conditions import read_condition
from ehr_integration.chart.reading.elements import JsonObject
from ehr_integration.chart.reading.encounters import read_encounter
from ehr_integration.chart.reading.medication_events import read_medication_event
from ehr_integration.chart.reading.medications import read_medication_request
from ehr_integration.chart.reading.notes import read_note
from ehr_integration.chart.reading.observations import read_laboratory, read_vital_sign
from ehr_integration.chart.reading.pregnancies import (
    is_pregnancy,
    read_pregnancy_condition,
    read_pregnancy_observation,
)
from ehr_integration.chart.reading.procedures import read_procedure
from ehr_integration.chart.reading.readings import Reading, Readings
from ehr_integration.chart.reading.sources import source_of
from ehr_integration.chart.reading.versions import as_r4
from ehr_integration.chart.series import Measurement
from ehr_integration.chart.validity import departure_from_r4, reason_to_leave_out

Reader: TypeAlias = Callable[[JsonObject], Readings]
Check: TypeAlias = Callable[[JsonObject], Finding | None]

READERS: Mapping[
    Category, Mapping[str, Reader]
] = {  # the first type of each is the one that an EHR is asked for
    Category.CONDITIONS: {"Condition": read_condition},
    Category.MEDICATIONS: {
        "MedicationRequest": read_medication_request,
        "MedicationStatement": read_medication_event,
        "MedicationDispense": read_medication_event,
        "MedicationAdministration": read_medication_event,
    },
    Category.ALLERGIES: {"AllergyIntolerance": read_allergy},
    Category.LABORATORY: {"Observation": read_laboratory},
    Category.VITAL_SIGNS: {"Observation": read_vital_sign},
    Category.PREGNANCY: {"Observation": read_pregnancy_observation, "Condition": read_pregnancy_condition},
    Category.PROCEDURES: {"Procedure": read_procedure},
    Category.ENCOUNTERS: {"Encounter": read_encounter},
    Category.NOTES: {"DocumentReference": read_note},
}
MEASURED = frozenset({Category.LABORATORY, Category.VITAL_SIGNS})
LONG_AGO = (date.min, datetime.min.replace(tzinfo=UTC))


@dataclass(frozen=True, kw_only=True)
class Normalised:
    """The facts of one category, newest first, the findings about its resources, and all its exact numbers."""

    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...]
    measurements: tuple[Measurement, ...] = ()


def normalise(
    category: Category, resources: Iterable[object], *, check: Check = departure_from_r4
) -> Normalised:
    """Return what the resources say, whatever JSON they hold; `check` finds what departs from FHIR in them.

    Of laboratory results and vital signs, at most the 5 newest values of each code are kept as facts.
    """
    readings: list[Reading] = []
    findings: list[Finding] = []
    for item in (item for resource in resources for item in _read(category, resource, check)):
        if isinstance(item, Reading):
            readings.append(item)
        else:
            findings.append(item)
    readings.sort(key=_newest_last, reverse=True)
    readings, duplicates = without_duplicates(readings)
    if category is Category.MEDICATIONS:
        readings = without_ordered(readings)
    readings, conflicts = with_conflicts_said(readings)
    if category is Category.ALLERGIES:
        conflicts += denied_allergies(readings)
    kept = newest_of_each(readings) if category in MEASURED else readings
    return Normalised(
        facts=tuple(reading.fact for reading in kept),
        findings=(*findings, *duplicates, *conflicts),
        measurements=tuple(one for reading in readings for one in reading.measurements),
    )


def _sourced(item: Reading | Finding, resource: JsonObject) -> Reading | Finding:
    return item.said_by(source_of(resource)) if isinstance(item, Reading) else item


def _newest_last(reading: Reading) -> tuple[date, datetime]:
    return (reading.at.on, reading.at.instant) if reading.at else LONG_AGO


def _read(category: Category, resource: object, check: Check) -> Readings:
    readers = READERS[category]
    kind = resource.get("resourceType") if isinstance(resource, dict) else None
    reader = readers.get(kind) if isinstance(kind, str) else None
    if reader is None or not isinstance(resource, dict):
        text = f"The EHR sent something else among its {category.value}. Open the record in the EHR."
        yield Finding(code=FindingCode.INVALID_RESOURCE, reference=next(iter(readers)), text=text)
        return
    if category is Category.PREGNANCY and not is_pregnancy(resource):
        return
    resource = as_r4(resource)
    left_out = reason_to_leave_out(resource)
    if left_out is not None:
        yield left_out
        return
    items = [_sourced(item, resource) for item in reader(resource)]
    yield from items
    departure = check(resource) if any(isinstance(item, Reading) for item in items) else None
    if departure is not None:
        yield departure
