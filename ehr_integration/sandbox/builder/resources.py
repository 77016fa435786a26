"""One function a FHIR type: the elements of the resource that an entry of a record describes."""

from base64 import b64encode

from ehr_integration.sandbox.builder.terms import (
    HL7,
    SYSTEMS,
    Entry,
    Resource,
    concept,
    hl7_concept,
    moment,
    present,
)

ENCOUNTER_CLASSES = {"AMB": "ambulatory", "IMP": "inpatient encounter", "EMER": "emergency"}
US_CORE_NOTE = "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category"


def patient(entry: Entry) -> Resource:
    """Demographics, from `given`, `family`, `gender`, `birth_date` and `mrn`."""
    full_name = " ".join([*entry["given"], entry["family"]])
    return present(
        identifier=[{"system": "https://ehr.example/mrn", "value": entry["mrn"]}],
        active=True,
        name=[{"use": "official", "text": full_name, "family": entry["family"], "given": entry["given"]}],
        gender=entry["gender"],
        birthDate=moment(entry["birth_date"]),
    )


def condition(subject: Resource, entry: Entry) -> Resource:
    """Return a problem or diagnosis; one entered in error has no clinical status (FHIR con-5)."""
    return present(
        **_certainty(entry, clinical="condition-clinical", verification="condition-ver-status"),
        category=[hl7_concept("condition-category", entry.get("category", "problem-list-item"))],
        code=concept(entry),
        subject=subject,
        onsetDateTime=moment(entry.get("onset")),
        abatementDateTime=moment(entry.get("abated")),
        recordedDate=moment(entry.get("recorded", entry.get("onset"))),
    )


def allergy(subject: Resource, entry: Entry) -> Resource:
    """Return an allergy or intolerance, or the statement that none is known."""
    reaction = {"manifestation": [{"text": entry["reaction"]}]} if "reaction" in entry else None
    severity = present(severity=entry.get("severity"))
    return present(
        **_certainty(
            entry, clinical="allergyintolerance-clinical", verification="allergyintolerance-verification"
        ),
        type=entry.get("type"),
        category=["medication"] if reaction else None,
        criticality=entry.get("criticality"),
        code=concept(entry),
        patient=subject,
        onsetDateTime=moment(entry.get("onset")),
        recordedDate=moment(entry["recorded"]),
        reaction=[reaction | severity] if reaction else None,
    )


def _certainty(entry: Entry, *, clinical: str, verification: str) -> Resource:
    verified = entry.get("verification", "confirmed")
    status = (
        None if verified == "entered-in-error" else hl7_concept(clinical, entry.get("clinical", "active"))
    )
    return present(clinicalStatus=status, verificationStatus=hl7_concept(verification, verified))


def medication_request(subject: Resource, entry: Entry) -> Resource:
    """Return an order with its dose in words; `setting` is community, inpatient or outpatient."""
    return present(
        status=entry.get("status", "active"),
        intent="order",
        category=[hl7_concept("medicationrequest-category", entry.get("setting", "community"))],
        medicationCodeableConcept=concept(entry),
        subject=subject,
        authoredOn=moment(entry["start"]),
        reasonCode=[{"text": entry["reason"]}] if "reason" in entry else None,
        statusReason={"text": entry["status_reason"]} if "status_reason" in entry else None,
        dosageInstruction=[{"text": entry["dose"]}],
    )


def procedure(subject: Resource, entry: Entry) -> Resource:
    """Something done to the patient, with its result in `outcome`."""
    return present(
        status=entry.get("status", "completed"),
        code=concept(entry),
        subject=subject,
        performedDateTime=moment(entry["at"]),
        outcome={"text": entry["outcome"]} if "outcome" in entry else None,
    )


def encounter(subject: Resource, entry: Entry) -> Resource:
    """Return a visit or stay; without an `end` it is in progress."""
    return {
        "status": "finished" if "end" in entry else "in-progress",
        "class": {
            "system": HL7 + "v3-ActCode",
            "code": entry["class"],
            "display": ENCOUNTER_CLASSES[entry["class"]],
        },
        "type": [{"text": entry["text"]}],
        "subject": subject,
        "period": present(start=moment(entry["start"]), end=moment(entry.get("end"))),
        "reasonCode": [{"text": entry["reason"]}],
    }


def document_reference(subject: Resource, entry: Entry) -> Resource:
    """Return a progress note as base64 of its UTF-8 text."""
    note = entry["note"].strip()
    data = b64encode(note.encode()).decode()
    note_type = {"system": SYSTEMS["loinc"], "code": "11506-3", "display": "Progress note"}
    return present(
        status="current",
        docStatus="final",
        type={"coding": [note_type], "text": "Progress note"},
        category=[
            {"coding": [{"system": US_CORE_NOTE, "code": "clinical-note", "display": "Clinical Note"}]}
        ],
        subject=subject,
        date=moment(entry["at"]),
        author=[{"display": entry["author"]}],
        content=[{"attachment": {"contentType": "text/plain", "data": data, "title": entry["title"]}}],
    )
