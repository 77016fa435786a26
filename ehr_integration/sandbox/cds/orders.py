"""Medicines that may be ordered in the demo: name, and RxNorm's code of the ingredient."""

from ehr_integration.sandbox.builder.terms import SYSTEMS, Resource

ORDERS = {
    "amoxicillin": ("Amoxicillin 500 mg oral capsule", "723"),
    "apixaban": ("Apixaban 5 mg oral tablet", "1364430"),
    "clarithromycin": ("Clarithromycin 500 mg oral tablet", "21212"),
    "ibuprofen": ("Ibuprofen 400 mg oral tablet", "5640"),
    "lisinopril": ("Lisinopril 10 mg oral tablet", "29046"),
    "metformin": ("Metformin 500 mg oral tablet", "6809"),
    "sertraline": ("Sertraline 50 mg oral tablet", "36437"),
    "warfarin": ("Warfarin 3 mg oral tablet", "11289"),
}


def draft_order(order: str, *, patient: str, user: str) -> Resource:
    """Return the draft MedicationRequest of an order."""
    text, code = ORDERS[order]
    return {
        "resourceType": "MedicationRequest",
        "id": f"draft-{order}",
        "status": "draft",
        "intent": "order",
        "medicationCodeableConcept": {
            "coding": [{"system": SYSTEMS["rxnorm"], "code": code, "display": order}],
            "text": text,
        },
        "subject": {"reference": f"Patient/{patient}"},
        "requester": {"reference": f"Practitioner/{user}"},
    }
