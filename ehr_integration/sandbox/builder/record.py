"""A whole record: every section of the TOML file becomes resources of one FHIR type."""

from collections.abc import Iterator

from ehr_integration.sandbox.builder import resources
from ehr_integration.sandbox.builder.observations import observations
from ehr_integration.sandbox.builder.terms import Entry, Resource, moment

SECTIONS = {
    "problems": ("Condition", resources.condition),
    "medications": ("MedicationRequest", resources.medication_request),
    "allergies": ("AllergyIntolerance", resources.allergy),
    "procedures": ("Procedure", resources.procedure),
    "encounters": ("Encounter", resources.encounter),
    "notes": ("DocumentReference", resources.document_reference),
}


def build(patient_id: str, record: Entry) -> Iterator[Resource]:
    """Return the patient's resources; an entry's `fhir` table replaces elements, for records wrong on purpose."""
    subject = {"reference": f"Patient/{patient_id}"}
    meta = {"versionId": "1", "lastUpdated": moment(record["updated"])}
    yield {"resourceType": "Patient", "id": patient_id, "meta": meta, **resources.patient(record["patient"])}
    for section, (resource_type, build_one) in SECTIONS.items():
        for key, entry in record.get(section, {}).items():
            head = {"resourceType": resource_type, "id": f"{patient_id}-{key}", "meta": meta}
            yield {**head, **build_one(subject, entry), **entry.get("fhir", {})}
    for key, elements in observations(subject, [*record["labs"], *record["vitals"]]):
        yield {"resourceType": "Observation", "id": f"{patient_id}-{key}", "meta": meta, **elements}
