"""PID, and the MRG of a merge, as a FHIR Patient."""

from ehr_integration.errors import MessageRefused
from ehr_integration.hl7v2.fhir.context import stable_id
from ehr_integration.hl7v2.fhir.elements import JsonObject, identifier, without_absent
from ehr_integration.hl7v2.fhir.times import as_date
from ehr_integration.hl7v2.message import Message, Segment

GENDERS = {"M": "male", "F": "female", "O": "other", "A": "other", "N": "other", "U": "unknown"}  # table 0001
IDENTIFIER_FIELDS = (3, 2, 4, 18)  # PID-2 and PID-4 in old versions; the account number where nothing else is


def patient_of(message: Message) -> JsonObject:
    """Return the Patient of the message.

    Raises: MessageRefused, where there is no PID or no identifier, or PIDs name several patients.
    """
    segments = message.all("PID")
    if not segments:
        raise MessageRefused(101, "no patient: a message needs a PID segment", segment="PID")
    people = [_patient(segment, message) for segment in segments]
    if len({person["id"] for person in people}) > 1:
        raise MessageRefused(
            204, "several patients in one message: send a message for each", segment="PID", field=3
        )
    return people[0]


def _patient(segment: Segment, message: Message) -> JsonObject:
    identifiers = _identifiers(segment)
    if not identifiers:
        raise MessageRefused(101, "no patient identifier: fill it in", segment="PID", field=3)
    first = identifiers[0]
    authority = first.get("system") or first.get("assigner", {}).get("display") or message.header.text(4)
    return without_absent(
        {
            "resourceType": "Patient",
            "id": stable_id(authority, first["value"]),
            "identifier": identifiers,
            "name": _names(segment),
            "gender": GENDERS.get(segment.text(8).upper()),
            "birthDate": as_date(segment.text(7)[:8]),
            "deceasedBoolean": True if segment.text(30).upper() == "Y" else None,
            "link": _replaced(message),
        }
    )


def _identifiers(segment: Segment) -> list[JsonObject]:
    for field in IDENTIFIER_FIELDS:
        found = [
            identifier(row[0][0], row[3] if len(row) > 3 else ())
            for row in segment.repetitions(field)
            if row and row[0][0]
        ]
        if found:
            return found
    return []


def _names(segment: Segment) -> list[JsonObject]:
    rows = zip(segment.texts(5), segment.texts(5, 2), segment.texts(5, 3), segment.texts(5, 7), strict=True)
    return [
        without_absent(
            {
                "family": family,
                "given": [name for name in (given, further) if name],
                "use": "official" if kind == "L" else None,
            }
        )
        for family, given, further, kind in rows
        if family or given
    ]


def _replaced(message: Message) -> list[JsonObject]:
    """Return a link to each record that a merge replaces, by its identifier."""
    return [
        {"other": {"identifier": {"value": segment.text(1)}}, "type": "replaces"}
        for segment in message.all("MRG")
        if segment.text(1)
    ]
