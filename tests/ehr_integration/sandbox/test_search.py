"""Search finds what a plain walk over the store finds."""

from collections.abc import Callable

import pytest

from ehr_integration.sandbox.builder.terms import Resource
from ehr_integration.sandbox.store import Store


def _ids(store: Store, resource_type: str, keep: Callable[[Resource], bool]) -> list[str]:
    return [resource["id"] for resource in store.all(resource_type) if keep(resource)]


def _has(element: Resource, code: str) -> bool:
    return any(coding["code"] == code for coding in element["coding"])


def _of(patient_id: str, owner: str = "subject") -> Callable[[Resource], bool]:
    return lambda resource: bool(resource[owner]["reference"] == f"Patient/{patient_id}")


@pytest.mark.parametrize("value", ["sepsis", "Patient/sepsis", "http://ehr.test/fhir/Patient/sepsis"])
@pytest.mark.parametrize("parameter", ["patient", "subject"])
def test_a_patient_is_named_in_three_ways(store, found_ids, parameter, value):
    expected = _ids(store, "Observation", _of("sepsis"))
    assert len(expected) > 40
    assert found_ids("Observation", **{parameter: value}) == expected


@pytest.mark.parametrize(
    "resource_type",
    ["Condition", "MedicationRequest", "Observation", "Procedure", "Encounter", "DocumentReference"],
)
def test_every_type_is_searched_by_patient(store, found_ids, resource_type):
    assert found_ids(resource_type, patient="af-ckd") == _ids(store, resource_type, _of("af-ckd"))


def test_allergies_are_searched_by_patient(store, found_ids):
    expected = _ids(store, "AllergyIntolerance", _of("messy", "patient"))
    assert found_ids("AllergyIntolerance", patient="messy") == expected != []


def test_an_unknown_patient_has_nothing(found_ids):
    assert found_ids("Observation", patient="nobody") == []


def test_a_group_is_not_a_patient(found_ids):
    assert found_ids("Observation", subject="Group/sepsis") == []


@pytest.mark.parametrize("category", ["laboratory", "vital-signs", "imaging"])
def test_observations_by_category(store, found_ids, category):
    expected = _ids(store, "Observation", lambda r: _has(r["category"][0], category))
    assert found_ids("Observation", category=category) == expected != []


def test_a_code_with_and_without_its_system(store, found_ids):
    expected = _ids(store, "Observation", lambda r: _has(r["code"], "6301-6"))
    assert found_ids("Observation", code="6301-6") == expected != []
    assert found_ids("Observation", code="http://loinc.org|6301-6") == expected
    assert found_ids("Observation", code="http://snomed.info/sct|6301-6") == []
    assert found_ids("Observation", code="|6301-6") == []


def test_a_system_alone_means_any_of_its_codes(store, found_ids):
    icd10 = "http://hl7.org/fhir/sid/icd-10-cm"
    expected = _ids(
        store, "Condition", lambda r: any(coding["system"] == icd10 for coding in r["code"].get("coding", []))
    )
    assert found_ids("Condition", code=f"{icd10}|") == expected != []


def test_a_medication_by_ingredient(found_ids):
    warfarin = "http://www.nlm.nih.gov/research/umls/rxnorm|11289"
    assert found_ids("MedicationRequest", code=warfarin) == ["af-ckd-warfarin"]


def test_status_and_clinical_status(store, found_ids):
    stopped = _ids(store, "MedicationRequest", lambda r: r["status"] == "stopped")
    assert found_ids("MedicationRequest", status="stopped") == stopped != []
    resolved = _ids(
        store, "Condition", lambda r: "clinicalStatus" in r and _has(r["clinicalStatus"], "resolved")
    )
    assert found_ids("Condition", **{"clinical-status": "resolved"}) == resolved != []


def test_comma_is_or_and_repetition_is_and(store, found_ids):
    either = _ids(store, "MedicationRequest", lambda r: r["status"] in ("stopped", "on-hold"))
    assert found_ids("MedicationRequest", status="stopped,on-hold") == either != []
    assert found_ids("MedicationRequest", status=["stopped", "on-hold"]) == []
    assert found_ids("Patient", _id="child,messy,nobody") == ["child", "messy"]


@pytest.mark.parametrize(
    ("asked", "keep"),
    [
        ("2026-10-12", lambda day: day == "2026-10-12"),
        ("eq2026-10", lambda day: day.startswith("2026-10")),
        ("ge2026-10-12", lambda day: day >= "2026-10-12"),
        ("gt2026-10-12", lambda day: day > "2026-10-12"),
        ("le2025", lambda day: day < "2026"),
        ("lt2025-10-13", lambda day: day < "2025-10-13"),
    ],
)
def test_dates_with_prefixes(store, found_ids, asked, keep):
    expected = _ids(
        store,
        "Observation",
        lambda r: r["effectiveDateTime"] != "2026-02-30" and keep(r["effectiveDateTime"][:10]),
    )
    assert found_ids("Observation", date=asked) == expected != []


def test_a_date_is_compared_as_an_instant_across_zones(found_ids):
    shock = {"patient": "sepsis", "code": "85354-9"}
    assert found_ids("Observation", date="gt2026-11-08T22:00:00+01:00", **shock) == [
        "sepsis-blood-pressure-4"
    ]
    assert found_ids("Observation", date="2026-11-08T21:00Z", **shock) == ["sepsis-blood-pressure-3"]


def test_two_dates_make_a_range(found_ids):
    assert found_ids("Observation", patient="af-ckd", code="6301-6", date=["ge2026-06", "lt2026-08"]) == [
        "af-ckd-inr-6",
        "af-ckd-inr-7",
    ]


def test_a_stay_in_progress_reaches_into_the_future(found_ids):
    assert found_ids("Encounter", date="gt2030") == ["oncology-stay", "sepsis-stay"]
    assert found_ids("Encounter", status="in-progress") == ["oncology-stay", "sepsis-stay"]


def test_the_other_dates_carry_their_own_r4_names(found_ids):
    assert "af-ckd-warfarin" in found_ids("MedicationRequest", authoredon="2021-06")
    assert "af-ckd-ckd" in found_ids("Condition", **{"recorded-date": "2024"})


def test_sorting_by_date_both_ways_with_unreadable_dates_last(store, found_ids):
    day = {r["id"]: r["effectiveDateTime"] for r in store.all("Observation")}
    newest = found_ids("Observation", patient="messy", _sort="-date")
    oldest = found_ids("Observation", patient="messy", _sort="date")
    assert newest[-1] == oldest[-1] == "messy-crp-1"
    assert [day[i] for i in newest[:-1]] == sorted((day[i] for i in newest[:-1]), reverse=True)
    assert [day[i] for i in oldest[:-1]] == sorted(day[i] for i in oldest[:-1])


@pytest.mark.parametrize("part", ["Žofie", "zofie", "PRIHODOVA", "nguyen", "Příhodová-Nguyễn"])
def test_a_name_is_found_without_accents_and_in_any_case(found_ids, part):
    assert found_ids("Patient", name=part) == ["non-ascii"]


def test_a_name_may_be_given_in_part(found_ids):
    assert found_ids("Patient", name="samplew") == ["af-ckd"]
    assert len(found_ids("Patient")) == 8
