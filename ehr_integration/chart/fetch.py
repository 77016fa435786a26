"""One category of one patient's record: searched, checked for whose it is, and normalised."""

from collections.abc import Iterator, Mapping

from compliance.access.domain import AccessGrant
from ehr_integration.chart.domain import Category, Finding, FindingCode
from ehr_integration.chart.normalise import READERS, Normalised, normalise
from ehr_integration.chart.ownership import names_patient
from ehr_integration.chart.reading.elements import JsonObject
from ehr_integration.chart.reading.medications import named, unnamed_medication
from ehr_integration.chart.reading.readings import unreadable
from ehr_integration.errors import EhrInvalidResponse
from ehr_integration.fhir.client import FhirClient, Searchset
from ehr_integration.fhir.deadline import Deadline

PARAMETERS: Mapping[Category, Mapping[str, str]] = {
    Category.CONDITIONS: {"_count": "100"},
    Category.MEDICATIONS: {"_count": "100"},
    Category.ALLERGIES: {"_count": "100"},
    Category.LABORATORY: {"category": "laboratory", "_sort": "-date", "_count": "200"},
    Category.VITAL_SIGNS: {"category": "vital-signs", "_sort": "-date", "_count": "200"},
    Category.NOTES: {"_sort": "-date", "_count": "50"},
}


def fetch_category(
    client: FhirClient, grant: AccessGrant, category: Category, *, deadline: Deadline
) -> Normalised:
    """Return the facts and findings of one category.

    Raises: EhrError; EhrInvalidResponse also for a resource of another patient.
    """
    resource_type, _ = READERS[category]
    params = {"patient": grant.patient_id, **PARAMETERS[category]}
    found = client.search_pages(resource_type, params, deadline=deadline)
    findings, own = list(_incomplete(found, resource_type, category)), []
    for resource in found.resources:
        if resource["resourceType"] != resource_type:
            continue  # included without being asked for
        if names_patient(resource, patient_id=grant.patient_id, base_url=client.base_url):
            own.append(resource)
        else:
            findings.append(unreadable(resource, "it does not say whose it is"))
    if category is Category.MEDICATIONS:
        own = list(_with_names(own, client=client, deadline=deadline))
    part = normalise(category, own)
    return Normalised(facts=part.facts, findings=(*findings, *part.findings))


def _incomplete(found: Searchset, resource_type: str, category: Category) -> Iterator[Finding]:
    label = category.value.replace("-", " ")
    if not found.is_complete:
        text = f"The EHR holds more {label} than could be read. Open the record in the EHR for the rest."
        yield Finding(code=FindingCode.INCOMPLETE, reference=resource_type, text=text)
    if found.has_warning:
        text = f"The EHR warned that its list of {label} may not be complete. Compare it with the EHR."
        yield Finding(code=FindingCode.INCOMPLETE, reference=resource_type, text=text)


def _with_names(orders: list[JsonObject], *, client: FhirClient, deadline: Deadline) -> Iterator[JsonObject]:
    """Yield the orders, those that only refer to a Medication with its code; unknown ones stay unnamed."""
    known: dict[str, JsonObject | None] = {}
    for order in orders:
        medication_id = unnamed_medication(order)
        if medication_id is None:
            yield order
            continue
        if medication_id not in known:
            known[medication_id] = _medication(medication_id, client=client, deadline=deadline)
        medication = known[medication_id]
        yield order if medication is None else named(order, medication=medication)


def _medication(medication_id: str, *, client: FhirClient, deadline: Deadline) -> JsonObject | None:
    try:
        return client.read("Medication", medication_id, deadline=deadline)
    except EhrInvalidResponse:
        return None
