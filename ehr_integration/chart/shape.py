"""Whether the elements that we read have the JSON type that FHIR gives them: quick enough for every resource.

Full validation by fhir.resources takes about as long for one resource as reading ten; see `validity`.
"""

from collections.abc import Mapping

from ehr_integration.chart.domain import Finding, FindingCode
from ehr_integration.chart.reading.elements import JsonObject
from ehr_integration.chart.reading.readings import label, reference_of

_MEDICATION: Mapping[str, type] = {
    "status": str,
    "medicationCodeableConcept": dict,
    "medicationReference": dict,
    "subject": dict,
}
SHAPES: Mapping[str, Mapping[str, type]] = {  # type: {R4 element: the JSON type of its value}
    "Patient": {"name": list, "gender": str, "birthDate": str, "identifier": list},
    "Condition": {
        "clinicalStatus": dict,
        "verificationStatus": dict,
        "code": dict,
        "subject": dict,
        "onsetDateTime": str,
        "onsetPeriod": dict,
        "recordedDate": str,
        "abatementDateTime": str,
    },
    "AllergyIntolerance": {
        "clinicalStatus": dict,
        "verificationStatus": dict,
        "type": str,
        "criticality": str,
        "code": dict,
        "patient": dict,
        "recordedDate": str,
        "reaction": list,
    },
    "Observation": {
        "status": str,
        "category": list,
        "code": dict,
        "subject": dict,
        "effectiveDateTime": str,
        "effectivePeriod": dict,
        "issued": str,
        "valueQuantity": dict,
        "valueCodeableConcept": dict,
        "valueString": str,
        "component": list,
        "dataAbsentReason": dict,
    },
    "MedicationRequest": {**_MEDICATION, "intent": str, "authoredOn": str, "dosageInstruction": list},
    "MedicationStatement": {**_MEDICATION, "effectiveDateTime": str, "dateAsserted": str, "dosage": list},
    "MedicationAdministration": {**_MEDICATION, "effectiveDateTime": str, "dosage": dict},
    "MedicationDispense": {**_MEDICATION, "whenHandedOver": str, "dosageInstruction": list},
    "Procedure": {
        "status": str,
        "code": dict,
        "subject": dict,
        "performedDateTime": str,
        "performedPeriod": dict,
    },
    "Encounter": {
        "status": str,
        "class": dict,
        "type": list,
        "subject": dict,
        "period": dict,
        "reasonCode": list,
    },
    "DocumentReference": {"status": str, "type": dict, "subject": dict, "date": str, "content": list},
}
NEEDS_STATUS = frozenset(SHAPES) - {"Patient", "Condition", "AllergyIntolerance"}


def departure_in_shape(resource: JsonObject) -> Finding | None:
    """Return the finding that an element we read is not of its FHIR type, or a status is missing, else None."""
    shapes = SHAPES.get(resource["resourceType"], {})
    for element, expected in shapes.items():
        value = resource.get(element)
        if value is not None and not isinstance(value, expected):
            return _departure(resource, element)
    if resource["resourceType"] in NEEDS_STATUS and not resource.get("status"):
        return _departure(resource, "status")
    return None


def _departure(resource: JsonObject, element: str) -> Finding:
    text = f"{label(resource)}: {element} does not follow FHIR, the rest is shown. Check it in the EHR."
    return Finding(code=FindingCode.INVALID_RESOURCE, reference=reference_of(resource), text=text)
