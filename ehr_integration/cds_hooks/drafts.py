"""Draft orders that say in themselves which medicine they are for, as far as the call tells."""

from collections.abc import Sequence
from typing import Any

from ehr_integration.chart.reading.elements import child, words
from ehr_integration.chart.reading.medications import medication_code, named


def with_medicines(drafts: Sequence[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Return the drafts; one that refers to a Medication, as EHRs often do, with its code in place of the reference.

    The Medication is one within the order, one among the drafts, or known by no more than the reference's display.
    """
    medications = {
        f"Medication/{draft.get('id')}": draft for draft in drafts if draft["resourceType"] == "Medication"
    }
    return tuple(_with_medicine(draft, medications) for draft in drafts)


def _with_medicine(draft: dict[str, Any], medications: dict[str, dict[str, Any]]) -> dict[str, Any]:
    reference = child(draft, "medicationReference")
    if not reference or "medicationCodeableConcept" in draft:
        return draft
    target = "/".join(words(reference.get("reference")).split("/")[-2:])
    code = medication_code(draft) or child(medications.get(target, {}), "code")
    display = words(reference.get("display"))
    told = {"text": display, **code} if display else code
    return named(draft, medication={"code": told}) if told else draft
