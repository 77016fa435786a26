"""Any FHIR resources of one patient become a chart: bundles of every kind, single resources, NDJSON.

R4 first; what we read of STU3, R4B and R5 is told by what a resource holds. Nothing odd is a crash: a resource that
cannot be read is a finding, and where it is not clear whose record it is, there is no chart.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from ehr_integration.chart.assembling import assembled
from ehr_integration.chart.domain import Category, Chart, Finding, FindingCode, Patient
from ehr_integration.chart.entries import Entries, Entry, read_entries
from ehr_integration.chart.normalise import READERS, normalise
from ehr_integration.chart.reading.elements import JsonObject, child, words
from ehr_integration.chart.reading.medications import named, unnamed_medication
from ehr_integration.chart.reading.observations import categories_of
from ehr_integration.chart.reading.patients import read_patient
from ehr_integration.chart.reading.pregnancies import is_pregnancy
from ehr_integration.chart.reading.readings import label, reference_of
from ehr_integration.chart.reading.versions import as_r4
from ehr_integration.chart.records import read_json
from ehr_integration.chart.shape import departure_in_shape
from ehr_integration.chart.whose import Record, record_of_one
from ehr_integration.errors import ChartRefusal, ChartRefused
from ehr_integration.fhir.json_values import objects

CATEGORY_OF: Mapping[str, Category] = {
    kind: category
    for category in (category for category in Category if category is not Category.PREGNANCY)
    for kind in READERS[category]
    if kind != "Observation"
}
KINDS = frozenset(CATEGORY_OF) | {"Observation"}


def chart_from_json(body: bytes, *, on: date) -> Chart:
    """Return the chart of a Bundle, a resource, a list of them, or NDJSON, as of the given day.

    Raises: ChartRefused, where the body is not FHIR JSON, or not the record of one patient.
    """
    return chart_from_resources(read_json(body), patient_id=None, on=on)


def chart_from_resources(resources: Iterable[object], *, patient_id: str | None, on: date) -> Chart:
    """Return the chart of one patient's resources, bundles among them unpacked, as of the given day.

    Raises: ChartRefused, where there is nothing of FHIR, no patient, several, or another than `patient_id`.
    """
    sent = read_entries(resources)
    if not sent.is_fhir and patient_id is None:
        raise ChartRefused(
            ChartRefusal.NOT_FHIR,
            "No FHIR resource in what was sent: send a Bundle, or resources as FHIR JSON",
        )
    record = record_of_one(sent, kinds=KINDS, patient_id=patient_id)
    sorted_out = _by_category(record, sent)
    parts = [normalise(category, sorted_out[category], check=departure_in_shape) for category in Category]
    findings = (*sent.findings, *record.findings, *_about_person(record), *_held_within(record))
    chart = assembled(_patient(record), parts, findings=findings, on=on)
    return replace(chart, findings=tuple(dict.fromkeys(chart.findings)))


def _by_category(record: Record, sent: Entries) -> dict[Category, list[JsonObject]]:
    found: dict[Category, list[JsonObject]] = {category: [] for category in Category}
    for entry in record.entries:
        resource = _with_medication(entry, sent)
        for category in _categories(resource):
            found[category].append(resource)
    return found


def _categories(resource: JsonObject) -> Iterator[Category]:
    kind = resource["resourceType"]
    if kind == "Observation":
        yield from categories_of(resource)
        return
    yield CATEGORY_OF[kind]
    if kind == "Condition" and is_pregnancy(resource):
        yield Category.PREGNANCY


def _with_medication(entry: Entry, sent: Entries) -> JsonObject:
    """Return the resource as R4, with the code of the Medication that it refers to where that was sent."""
    resource = as_r4(entry.resource)
    if CATEGORY_OF.get(resource["resourceType"]) is not Category.MEDICATIONS:
        return resource
    reference = words(child(resource, "medicationReference").get("reference"))
    if not reference or unnamed_medication(resource) is None and not reference.startswith(("urn:", "http")):
        return resource
    medication = sent.find(reference, source=entry)
    if medication is None or medication.resource["resourceType"] != "Medication":
        return resource
    return named(resource, medication=medication.resource)


def _patient(record: Record) -> Patient:
    if record.person is None:
        return Patient(id=record.patient_id, name="Name not given", sex="unknown", birth_date=None)
    return read_patient(record.person)


def _about_person(record: Record) -> Iterator[Finding]:
    departure = departure_in_shape(record.person) if record.person else None
    if departure is not None:
        yield departure


def _held_within(record: Record) -> Iterator[Finding]:
    """Yield a finding for each resource that holds others within itself which we would read on their own."""
    for entry in record.entries:
        inner = {words(held.get("resourceType")) for held in objects(entry.resource.get("contained"))}
        if inner & KINDS:
            text = f"{label(entry.resource)} holds further records within it that were not read. Open it in the EHR."
            yield Finding(code=FindingCode.INCOMPLETE, reference=reference_of(entry.resource), text=text)
