"""Which types the demo EHR serves, and the search parameters of each, named as in FHIR R4."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a parameter's value is compared; the FHIR search parameter types."""

    TOKEN = "token"  # noqa: S105 - a FHIR search type, not a secret
    REFERENCE = "reference"
    DATE = "date"
    STRING = "string"


@dataclass(frozen=True)
class Parameter:
    """A search parameter: its kind, and the resource's element that it looks at."""

    kind: Kind
    element: str


def _token(element: str) -> Parameter:
    return Parameter(Kind.TOKEN, element)


def _date(element: str) -> Parameter:
    return Parameter(Kind.DATE, element)


_ID = {"_id": _token("id")}
_SUBJECT = {"patient": Parameter(Kind.REFERENCE, "subject"), "subject": Parameter(Kind.REFERENCE, "subject")}
_CODED = {"category": _token("category"), "code": _token("code")}
_STATUS = {"status": _token("status")}
_CLINICAL = {"clinical-status": _token("clinicalStatus")}

PARAMETERS: dict[str, dict[str, Parameter]] = {
    "Patient": {**_ID, "name": Parameter(Kind.STRING, "name")},
    "Practitioner": {**_ID, "name": Parameter(Kind.STRING, "name")},
    "Condition": {**_ID, **_SUBJECT, **_CODED, **_CLINICAL, "recorded-date": _date("recordedDate")},
    "MedicationRequest": {
        **_ID,
        **_SUBJECT,
        **_STATUS,
        "category": _token("category"),
        "code": _token("medicationCodeableConcept"),
        "authoredon": _date("authoredOn"),
    },
    "AllergyIntolerance": {
        **_ID,
        **_CODED,
        **_CLINICAL,
        "patient": Parameter(Kind.REFERENCE, "patient"),
        "date": _date("recordedDate"),
    },
    "Observation": {**_ID, **_SUBJECT, **_CODED, **_STATUS, "date": _date("effectiveDateTime")},
    "Procedure": {**_ID, **_SUBJECT, **_CODED, **_STATUS, "date": _date("performedDateTime")},
    "Encounter": {**_ID, **_SUBJECT, **_STATUS, "class": _token("class"), "date": _date("period")},
    "DocumentReference": {
        **_ID,
        **_SUBJECT,
        **_STATUS,
        "category": _token("category"),
        "type": _token("type"),
        "date": _date("date"),
    },
}
