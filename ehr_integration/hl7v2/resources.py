"""One message as FHIR R4 resources, the Patient first."""

from ehr_integration.hl7v2.fhir.context import Context, stable_id
from ehr_integration.hl7v2.fhir.documents import documents
from ehr_integration.hl7v2.fhir.elements import JsonObject
from ehr_integration.hl7v2.fhir.observations import observations
from ehr_integration.hl7v2.fhir.orders import orders
from ehr_integration.hl7v2.fhir.patients import patient_of
from ehr_integration.hl7v2.fhir.problems import allergies, conditions, procedures
from ehr_integration.hl7v2.fhir.visits import encounters
from ehr_integration.hl7v2.message import Message

READERS = (encounters, conditions, allergies, procedures, orders, documents)
DOCUMENTS = "MDM"


def resources_of(message: Message) -> list[JsonObject]:
    """Return the resources of a message; the same id twice becomes two ids.

    Raises: MessageRefused.
    """
    patient = patient_of(message)
    context = Context(message=message, patient_id=patient["id"])
    found = [resource for read in READERS for resource in read(context)]
    if message.kind != DOCUMENTS:  # there the OBX segments are the document
        found += observations(context)
    return [patient, *_told_apart(found)]


def _told_apart(resources: list[JsonObject]) -> list[JsonObject]:
    seen: dict[str, int] = {}
    for resource in resources:
        times = seen[resource["id"]] = seen.get(resource["id"], 0) + 1
        if times > 1:
            resource["id"] = stable_id(resource["id"], str(times))
    return resources
