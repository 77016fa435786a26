"""The record of the patient tried: read as a chart is, counted, and never told."""

from ehr_integration.doctor.domain import Severity
from tests.ehr_integration.doctor.healthy import codes, examined, of_code
from tests.ehr_integration.ehr import bundle

SUBJECT = {"reference": "Patient/p1"}
SODIUM = {
    "resourceType": "Observation",
    "id": "na",
    "status": "final",
    "category": [{"coding": [{"code": "laboratory"}]}],
    "code": {"text": "Sodium-of-Anna"},
    "subject": SUBJECT,
    "effectiveDateTime": "2026-01-01",
    "valueQuantity": {"value": 140},
}
ORDER = {
    "resourceType": "MedicationRequest",
    "id": "order",
    "status": "active",
    "intent": "order",
    "subject": SUBJECT,
    "medicationReference": {"reference": "Medication/m1"},
}
MEDICATION = {"resourceType": "Medication", "id": "m1", "code": {"text": "Metformin-of-Anna"}}


def test_what_a_record_lacks_is_counted_by_code_and_not_quoted():
    found = examined({"Observation": bundle(SODIUM)})
    finding = of_code(found, "chart-quality")
    assert "missing-unit" in finding.what
    assert "without a unit" in finding.tell
    assert finding.severity is Severity.NOTE
    assert not any("Anna" in each.what + each.tell for each in found.findings)


def test_a_patient_who_cannot_be_read_is_an_error():
    found = examined({"p1": (403, {}, b"")})
    assert "403" in of_code(found, "patient-refused").tell
    assert "chart" not in codes(found)


def test_medicines_that_orders_only_refer_to_are_read():
    found = examined({"MedicationRequest": bundle(ORDER), "m1": MEDICATION})
    assert "medication-refused" not in codes(found)
    assert of_code(found, "chart").what == "Facts of the patient that could be read: 1."


def test_a_medicine_that_cannot_be_read_is_an_error():
    found = examined({"MedicationRequest": bundle(ORDER), "m1": (403, {}, b"")})
    assert "Medication.r" in of_code(found, "medication-refused").tell


def test_odd_resources_are_findings():
    odd = {"resourceType": "Condition", "id": 7, "subject": SUBJECT, "code": [1], "onsetDateTime": {}}
    assert "invalid-resource" in of_code(examined({"Condition": bundle(odd)}), "chart-quality").what
