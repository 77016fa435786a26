"""The eight invented patients: valid R4, whole, and true to their stories."""

import base64
import re
from collections import Counter

import pytest
from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

from ehr_integration.sandbox import PATIENTS
from ehr_integration.sandbox.builder.terms import Resource
from ehr_integration.sandbox.store import Store

IDS = ["af-ckd", "asthma-pregnancy", "child", "diabetes-hf", "messy", "non-ascii", "oncology", "sepsis"]
BROKEN_ON_PURPOSE = {"messy-sodium-2", "messy-crp-1"}
VITAL_SIGNS = {"85354-9", "8867-4", "29463-7", "8302-2", "8310-5", "59408-5"}


def _of(store: Store, patient_id: str, resource_type: str) -> list[Resource]:
    owner = "patient" if resource_type == "AllergyIntolerance" else "subject"
    return [
        r for r in store.all(resource_type) if r.get(owner, {}).get("reference") == f"Patient/{patient_id}"
    ]


def _code(resource: Resource) -> str:
    return str(resource["code"]["coding"][0]["code"])


def _values(store: Store, patient_id: str, loinc: str) -> list[float]:
    mine = [o for o in _of(store, patient_id, "Observation") if _code(o) == loinc]
    return [o["valueQuantity"]["value"] for o in sorted(mine, key=lambda o: o["effectiveDateTime"])]


def _note(store: Store, patient_id: str) -> str:
    document, *_ = _of(store, patient_id, "DocumentReference")
    return base64.b64decode(document["content"][0]["attachment"]["data"]).decode()


def test_the_eight_patients_are_there(store):
    assert sorted(store.by_type["Patient"]) == IDS
    assert sorted(path.stem for path in PATIENTS.glob("*.toml")) == IDS


def test_every_resource_is_valid_r4_but_those_broken_on_purpose(store):
    invalid = set()
    for resources in store.by_type.values():
        for resource in resources.values():
            try:
                get_fhir_model_class(resource["resourceType"]).model_validate(resource)
            except ValidationError:
                invalid.add(resource["id"])
    assert invalid == BROKEN_ON_PURPOSE


def test_every_id_begins_with_the_patient_and_is_a_fhir_id(store):
    for resource_type in set(store.by_type) - {"Patient"}:
        for patient_id in IDS:
            for resource in _of(store, patient_id, resource_type):
                assert resource["id"].startswith(f"{patient_id}-")
                assert re.fullmatch(r"[A-Za-z0-9.-]{1,64}", resource["id"])


@pytest.mark.parametrize("patient_id", IDS)
def test_every_patient_has_every_part(store, patient_id):
    for resource_type in ("Condition", "MedicationRequest", "AllergyIntolerance", "Encounter"):
        assert _of(store, patient_id, resource_type), resource_type
    assert len(_note(store, patient_id)) > 300
    assert all(m["dosageInstruction"][0]["text"] for m in _of(store, patient_id, "MedicationRequest"))


@pytest.mark.parametrize("patient_id", IDS)
def test_every_patient_has_labs_over_time_and_all_vital_signs(store, patient_id):
    days = {(_code(o), o["effectiveDateTime"]) for o in _of(store, patient_id, "Observation")}
    measured = Counter(code for code, _ in days)
    labs = {
        _code(o)
        for o in _of(store, patient_id, "Observation")
        if o["category"][0]["coding"][0]["code"] == "laboratory"
    }
    assert sum(measured[code] >= 3 for code in labs) >= 3
    assert set(measured) >= VITAL_SIGNS


def test_every_sound_quantity_has_a_ucum_unit(store):
    without = {
        o["id"] for o in store.all("Observation") if "code" not in o.get("valueQuantity", {"code": ""})
    }
    assert without == {"messy-creatinine-2", "messy-weight-1"}


def test_blood_pressure_is_a_panel_of_two_components(store):
    panel = store.read("Observation", "sepsis-blood-pressure-3")
    readings = {_code(part): part["valueQuantity"]["value"] for part in panel["component"]}
    assert readings == {"8480-6": 82, "8462-4": 44}


def test_the_kidneys_of_af_ckd_decline_and_the_inr_is_labile(store):
    creatinine = _values(store, "af-ckd", "2160-0")
    egfr = _values(store, "af-ckd", "98979-8")
    assert creatinine == sorted(creatinine)
    assert egfr == sorted(egfr, reverse=True)
    assert 30 <= egfr[-1] < 45, "stage 3b"
    inr = _values(store, "af-ckd", "6301-6")
    assert sum(2.0 <= value <= 3.0 for value in inr) == 3, "as the note says"
    assert len(inr) == 10


@pytest.mark.parametrize(
    ("patient_id", "loinc"),
    [
        ("af-ckd", "2160-0"),
        ("af-ckd", "6301-6"),
        ("diabetes-hf", "4548-4"),
        ("asthma-pregnancy", "718-7"),
        ("child", "1988-5"),
        ("sepsis", "2524-7"),
        ("oncology", "751-8"),
        ("non-ascii", "3016-3"),
    ],
)
def test_the_note_tells_the_latest_value(store, patient_id, loinc):
    assert str(_values(store, patient_id, loinc)[-1]) in _note(store, patient_id)


def test_no_known_allergy_is_said_explicitly(store):
    (allergy,) = _of(store, "sepsis", "AllergyIntolerance")
    assert _code(allergy) == "716186003"


def test_messy_is_messy_as_its_comments_say(store):
    copd = [store.read("Condition", f"messy-copd-{n}") for n in (1, 2)]
    assert [c["clinicalStatus"]["coding"][0]["code"] for c in copd] == ["active", "resolved"]
    orders = [store.read("MedicationRequest", f"messy-amlodipine-{n}") for n in (1, 2)]
    assert [order["status"] for order in orders] == ["active", "stopped"]
    twice = [dict(store.read("Observation", f"messy-potassium-{n}"), id=None) for n in (2, 3)]
    assert twice[0] == twice[1]
    assert store.read("Observation", "messy-potassium-4")["status"] == "entered-in-error"
    assert "clinicalStatus" not in store.read("Condition", "messy-diabetes")
    assert store.read("Patient", "messy")["birthDate"] == "1961"
