"""What the demo EHR shows of one patient: lists of words, newest first."""

from dataclasses import dataclass

from ehr_integration.sandbox.builder.terms import Resource
from ehr_integration.sandbox.store import Store

LABS_SHOWN = 8


@dataclass(frozen=True, kw_only=True)
class Record:
    """One patient's lists."""

    problems: list[str]
    medications: list[str]
    allergies: list[str]
    labs: list[tuple[str, str, str]]
    notes: list[tuple[str, str]]


def record_of(store: Store, patient: str) -> Record:
    """Return the patient's lists."""

    def own(kind: str, element: str = "subject") -> list[Resource]:
        return [
            each for each in store.all(kind) if each.get(element, {}).get("reference") == f"Patient/{patient}"
        ]

    labs = sorted(own("Observation"), key=lambda each: str(each.get("effectiveDateTime")), reverse=True)
    notes = sorted(own("DocumentReference"), key=lambda each: str(each.get("date")), reverse=True)
    return Record(
        problems=[_text(each["code"]) for each in own("Condition") if "clinicalStatus" in each],
        medications=[
            _text(each["medicationCodeableConcept"])
            for each in own("MedicationRequest")
            if each["status"] == "active" and "medicationCodeableConcept" in each
        ],
        allergies=[
            _text(each["code"]) for each in own("AllergyIntolerance", "patient") if "clinicalStatus" in each
        ],
        labs=[
            (
                _text(each["code"]),
                _quantity(each["valueQuantity"]),
                str(each.get("effectiveDateTime", ""))[:10],
            )
            for each in labs
            if "valueQuantity" in each
        ][:LABS_SHOWN],
        notes=[
            (each["content"][0]["attachment"].get("title", "Note"), str(each.get("date", ""))[:10])
            for each in notes
        ],
    )


def _text(concept: Resource) -> str:
    return str(concept.get("text") or concept["coding"][0].get("display") or concept["coding"][0].get("code"))


def _quantity(quantity: Resource) -> str:
    return f"{quantity.get('value')} {quantity.get('unit', '')}".strip()
