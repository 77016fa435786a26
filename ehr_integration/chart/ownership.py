"""Whose record a resource belongs to: another patient's data must never be shown."""

from ehr_integration.chart.reading.elements import JsonObject, child
from ehr_integration.errors import EhrInvalidResponse


def names_patient(resource: JsonObject, *, patient_id: str, base_url: str) -> bool:
    """Whether the resource names the patient; False where it names nobody.

    Raises: EhrInvalidResponse, where it names somebody else, or a patient of another server.
    """
    element = "patient" if resource.get("resourceType") == "AllergyIntolerance" else "subject"
    reference = child(resource, element).get("reference")
    if not isinstance(reference, str) or not reference:
        return False
    relative = reference.removeprefix(f"{base_url.rstrip('/')}/").partition("/_history/")[0]
    if relative != f"Patient/{patient_id}":
        raise EhrInvalidResponse(
            f"{resource.get('resourceType')} search: the EHR answered with another patient's resource:"
            " report it to the EHR's operators, and check FHIR_BASE_URL"
        )
    return True
