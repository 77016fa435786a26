"""The header of a document: whose record it is."""

from ehr_integration.ccda.elements import Element, JsonObject, attribute, first, path, plain_text
from ehr_integration.errors import ChartRefusal, DocumentRefused
from ehr_integration.hl7v2.fhir.context import stable_id
from ehr_integration.hl7v2.fhir.elements import without_absent
from ehr_integration.hl7v2.fhir.times import as_date

GENDERS = {"M": "male", "F": "female", "UN": "other"}  # HL7 v3 AdministrativeGender


def patient_of(document: Element) -> JsonObject:
    """Return the Patient.

    Raises: DocumentRefused, where the header names no patient, or several.
    """
    roles = path(document, "recordTarget", "patientRole")
    if not roles:
        raise _refused(ChartRefusal.NO_PATIENT, "no patientRole: add the patient")
    people = [_patient(role) for role in roles]
    if len({person["id"] for person in people}) > 1:
        raise _refused(ChartRefusal.SEVERAL_PATIENTS, "several patients: send a document for each")
    return people[0]


def _patient(role: Element) -> JsonObject:
    ids = [(attribute(each, "root"), attribute(each, "extension")) for each in path(role, "id")]
    known = [(root, extension) for root, extension in ids if root or extension]
    if not known:
        raise _refused(ChartRefusal.NO_PATIENT, "the patient has no id: add it")
    person = first(role, "patient")
    found = {} if person is None else _demographics(person)
    return without_absent(
        {
            "resourceType": "Patient",
            "id": stable_id(*known[0]),
            "identifier": [
                {"system": f"urn:oid:{root}", "value": extension or root} for root, extension in known if root
            ],
            **found,
        }
    )


def _demographics(person: Element) -> JsonObject:
    names = path(person, "name")
    return {
        "name": [name for each in names if (name := _name(each))],
        "gender": GENDERS.get(attribute(first(person, "administrativeGenderCode"), "code")),
        "birthDate": as_date(attribute(first(person, "birthTime"), "value")[:8]),
    }


def _name(name: Element) -> JsonObject:
    found = {
        "family": " ".join(plain_text(each) for each in path(name, "family")),
        "given": [words for each in path(name, "given") if (words := plain_text(each))],
    }
    if not any(found.values()):
        found = {"text": plain_text(name)}
    # L is the legal name, P the pseudonym or nickname.
    uses = {"L": "official", "P": "nickname"}
    return (
        without_absent({**found, "use": uses.get(attribute(name, "use").split(" ")[0])})
        if any(found.values())
        else {}
    )


def _refused(code: ChartRefusal, message: str) -> DocumentRefused:
    return DocumentRefused(code, message, section="recordTarget")
