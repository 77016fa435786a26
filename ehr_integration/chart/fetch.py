"""One category of one patient's record: searched, and checked for whose it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from compliance.access.domain import AccessGrant
from ehr_integration.chart.domain import Category, Finding, FindingCode
from ehr_integration.chart.ownership import names_patient
from ehr_integration.chart.reading.elements import JsonObject
from ehr_integration.chart.reading.medications import named, unnamed_medication
from ehr_integration.chart.reading.pregnancies import CONDITIONS as PREGNANT_CONDITIONS
from ehr_integration.chart.reading.pregnancies import ICD_10_CODES
from ehr_integration.chart.reading.readings import unreadable
from ehr_integration.chart.reading.values import EXPECTED_DATE, PREGNANCY_STATUS
from ehr_integration.errors import EhrInvalidResponse, ScopeMissing
from ehr_integration.fhir.client import FhirClient, Searchset
from ehr_integration.fhir.deadline import Deadline
from ehr_integration.fhir.vendors import fitted

PREGNANCY_OBSERVATIONS = sorted(PREGNANCY_STATUS | EXPECTED_DATE)
PREGNANCY_CONDITIONS = [
    *(f"http://snomed.info/sct|{code}" for code in sorted(PREGNANT_CONDITIONS)),
    *ICD_10_CODES,  # of any system: ICD-10, ICD-10-CM and national editions
]
SEARCHES: Mapping[Category, tuple[tuple[str, Mapping[str, str]], ...]] = {
    Category.CONDITIONS: (("Condition", {"_count": "100"}),),
    Category.MEDICATIONS: (("MedicationRequest", {"_count": "100"}),),
    Category.ALLERGIES: (("AllergyIntolerance", {"_count": "100"}),),
    Category.LABORATORY: (("Observation", {"category": "laboratory", "_sort": "-date", "_count": "200"}),),
    Category.VITAL_SIGNS: (("Observation", {"category": "vital-signs", "_sort": "-date", "_count": "200"}),),
    Category.PREGNANCY: (
        (
            "Observation",
            {
                "code": ",".join(f"http://loinc.org|{code}" for code in PREGNANCY_OBSERVATIONS),
                "_sort": "-date",
                "_count": "20",
            },
        ),
        (
            "Condition",
            {
                "code": ",".join(PREGNANCY_CONDITIONS),
                "_count": "50",
            },
        ),
    ),
    Category.PROCEDURES: (("Procedure", {"_sort": "-date", "_count": "100"}),),
    Category.ENCOUNTERS: (("Encounter", {"_sort": "-date", "_count": "50"}),),
    Category.NOTES: (("DocumentReference", {"_sort": "-date", "_count": "50"}),),
}


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """The patient's resources of one category, and findings about the search."""

    resources: tuple[JsonObject, ...]
    findings: tuple[Finding, ...]


def fetch_category(
    client: FhirClient, grant: AccessGrant, category: Category, *, deadline: Deadline
) -> Fetched:
    """Return what the EHR holds of one category.

    Raises: EhrError; EhrInvalidResponse also for a resource of another patient.
    """
    findings: list[Finding] = []
    own: list[JsonObject] = []
    for resource_type, params in SEARCHES[category]:
        asked = {"patient": grant.patient_id, **fitted(client.endpoint.vendor, resource_type, params)}
        found = client.search_pages(resource_type, asked, deadline=deadline)
        findings += _incomplete(found, resource_type, category)
        for resource in found.resources:
            if resource["resourceType"] != resource_type:
                continue  # included without being asked for
            if names_patient(resource, patient_id=grant.patient_id, base_url=client.base_url):
                own.append(resource)
            else:
                findings.append(unreadable(resource, "it does not say whose it is"))
    if category is Category.MEDICATIONS:
        own = list(_with_names(own, client=client, deadline=deadline))
    return Fetched(resources=tuple(own), findings=tuple(findings))


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
    except (EhrInvalidResponse, ScopeMissing):
        return None
