"""Whether a resource may be shown at all, and whether it follows FHIR: R4, or the release that its server speaks."""

import re
from importlib import import_module

from fhir.resources.R4B.allergyintolerance import AllergyIntolerance
from fhir.resources.R4B.condition import Condition
from fhir.resources.R4B.documentreference import DocumentReference
from fhir.resources.R4B.encounter import Encounter
from fhir.resources.R4B.medicationadministration import MedicationAdministration
from fhir.resources.R4B.medicationdispense import MedicationDispense
from fhir.resources.R4B.medicationrequest import MedicationRequest
from fhir.resources.R4B.medicationstatement import MedicationStatement
from fhir.resources.R4B.observation import Observation
from fhir.resources.R4B.patient import Patient
from fhir.resources.R4B.procedure import Procedure
from pydantic import BaseModel, ValidationError

from ehr_integration.chart.domain import Finding, FindingCode
from ehr_integration.chart.reading.elements import JsonObject, child, status_code
from ehr_integration.chart.reading.readings import label, reference_of, unreadable
from ehr_integration.fhir.origin import is_fhir_id

MODELS: dict[str, type[BaseModel]] = {
    "AllergyIntolerance": AllergyIntolerance,
    "Condition": Condition,
    "DocumentReference": DocumentReference,
    "Encounter": Encounter,
    "MedicationAdministration": MedicationAdministration,
    "MedicationDispense": MedicationDispense,
    "MedicationRequest": MedicationRequest,
    "MedicationStatement": MedicationStatement,
    "Observation": Observation,
    "Patient": Patient,
    "Procedure": Procedure,
}
# Loaded only where a server speaks it: each has hundreds of models.
RELEASES = {
    "3.": ("fhir.resources.STU3", "STU3"),
    "4.0": ("fhir.resources.R4B", "R4"),
    "4.3": ("fhir.resources.R4B", "R4B"),
    "5.": ("fhir.resources", "R5"),
}
IN_ERROR = "entered-in-error"
_ELEMENT = re.compile(r"[A-Za-z]{1,40}")


def reason_to_leave_out(resource: JsonObject) -> Finding | None:
    """Return why a resource must not become a fact, whatever it says; None where it may."""
    stated = (
        resource.get("status"),
        resource.get("docStatus"),
        status_code(child(resource, "verificationStatus")),
    )
    if IN_ERROR in stated:
        return Finding(
            code=FindingCode.ENTERED_IN_ERROR,
            reference=reference_of(resource),
            text=f"{label(resource)} was entered in error, and left out.",
        )
    if not is_fhir_id(resource.get("id")):
        return unreadable(resource, "it has no id to refer to it by")
    if resource.get("modifierExtension"):
        return unreadable(resource, "it carries a modifier that may change its meaning")
    if resource.get("focus"):
        return unreadable(resource, "it is about something else than the patient")
    return None


def departure_from_r4(resource: JsonObject) -> Finding | None:
    """Return the finding that a resource of a type we read is not valid FHIR R4, None for a valid one."""
    return _departure(resource, MODELS[resource["resourceType"]], "R4")


def departure_from_release(resource: JsonObject, fhir_version: str) -> Finding | None:
    """Return the finding that a resource is not valid in the release that its server speaks ("3.0", "5.0"), None for a valid one.

    None also for what we have no model of: it is read all the same.
    """
    release = next((each for number, each in RELEASES.items() if fhir_version.startswith(number)), None)
    kind = resource["resourceType"]
    if release is None or kind not in MODELS:
        return None
    package, name = release
    try:
        module = import_module(f"{package}.{kind.lower()}")
    except ImportError:
        return None
    return _departure(resource, getattr(module, kind), name)


def _departure(resource: JsonObject, model: type[BaseModel], release: str) -> Finding | None:
    try:
        model.model_validate(resource)
    except ValidationError as error:
        path = error.errors(include_input=False, include_context=False, include_url=False)[0]["loc"]
        element = str(path[0]) if path and _ELEMENT.fullmatch(str(path[0])) else "an element"
    except RecursionError:
        element = "an element"
    else:
        return None
    text = f"{label(resource)}: {element} does not follow FHIR {release}, the rest is shown. Check it in the EHR."
    return Finding(code=FindingCode.INVALID_RESOURCE, reference=reference_of(resource), text=text)
