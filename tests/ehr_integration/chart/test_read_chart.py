"""A chart is read for the patient of the grant: the minimum, whole, in time, and of nobody else."""

import threading
from datetime import date

import pytest

from ehr_integration.chart.domain import Category, FindingCode
from ehr_integration.chart.services import read_chart
from ehr_integration.errors import (
    EhrInvalidResponse,
    EhrRefused,
    EhrUnavailable,
    PatientNotFound,
)
from tests.ehr_integration.chart.record import EVERYTHING, need, record, record_with
from tests.ehr_integration.chart.resources import (
    allergy,
    condition,
    observation,
    order,
    patient,
)
from tests.ehr_integration.ehr import bundle

ON = date(2024, 6, 1)


def test_a_whole_chart_is_in_the_order_of_the_categories(ehr_at, grant_for):
    ehr_at(record)
    chart = read_chart(grant_for(), need=EVERYTHING, on=ON)
    assert chart.patient.name == "Wendell A Lorem"
    assert [fact.text for fact in chart.facts] == [
        "Permanent atrial fibrillation (active since 2021-03)",
        "Warfarin 5 mg tablet, 1 tablet once daily (active)",
        "Allergy: penicillin, reaction: urticaria",
        "eGFR 38 mL/min/1.73 m2",
        "Blood pressure 142/86 mmHg",
        "Pregnancy status: Pregnant",
        "Appendectomy (completed, 2019-05-02)",
        "Emergency visit, Accident and emergency: Chest pain (finished, 2024-05-02 to 2024-05-03)",
        "Seen today.",
    ]
    assert [(finding.code, finding.reference) for finding in chart.findings] == [
        (FindingCode.UNKNOWN_CODE, "MedicationRequest/m1"),
        (FindingCode.UNKNOWN_CODE, "AllergyIntolerance/a1"),
        (FindingCode.STALE, "MedicationRequest/m1"),
    ]


def test_what_is_stale_is_judged_on_the_day_of_reading(ehr_at, grant_for, monkeypatch):
    ehr_at(record)
    days = {date(2024, 6, 1): [], date(2026, 6, 1): ["Observation/o1"]}
    for day, expected in days.items():
        monkeypatch.setattr("ehr_integration.chart.services.localdate", lambda day=day: day)
        chart = read_chart(grant_for(), need=need(Category.LABORATORY))
        assert [each.reference for each in chart.findings if each.code is FindingCode.STALE] == expected


@pytest.mark.parametrize(
    ("categories", "paths"),
    [
        ([], []),
        ([Category.ALLERGIES], ["/fhir/AllergyIntolerance"]),
        ([Category.LABORATORY], ["/fhir/Observation"]),
        ([Category.CONDITIONS, Category.VITAL_SIGNS], ["/fhir/Condition", "/fhir/Observation"]),
        (
            list(Category),
            [
                "/fhir/AllergyIntolerance",
                "/fhir/Condition",
                "/fhir/Condition",
                "/fhir/DocumentReference",
                "/fhir/Encounter",
                "/fhir/MedicationRequest",
                "/fhir/Observation",
                "/fhir/Observation",
                "/fhir/Observation",
                "/fhir/Procedure",
            ],
        ),
    ],
)
def test_only_what_is_needed_is_asked_for_and_only_of_the_patient(ehr_at, grant_for, categories, paths):
    ehr = ehr_at(record)
    read_chart(grant_for(), need=need(*categories))
    assert ehr.paths == sorted([*paths, "/fhir/Patient/p1"])
    assert all(query["patient"] == ["p1"] for path, query, _ in ehr.requests if path != "/fhir/Patient/p1")
    assert all(headers["Authorization"] == "Bearer token-1" for _, _, headers in ehr.requests)


def test_a_pregnancy_is_asked_for_by_its_codes(ehr_at, grant_for):
    ehr = ehr_at(record)
    chart = read_chart(grant_for(), need=need(Category.PREGNANCY))
    asked = {path: query["code"][0] for path, query, _ in ehr.requests if "code" in query}
    assert "http://loinc.org|82810-3" in asked["/fhir/Observation"]
    assert {"http://snomed.info/sct|77386006", "Z33.1", "Z34.02", "Z3A.42"} <= set(
        asked["/fhir/Condition"].split(",")
    )
    assert [fact.status for fact in chart.facts] == ["pregnant"]


def test_a_pregnancy_among_the_conditions_is_one_whatever_its_code(ehr_at, grant_for):
    supervised = condition("c2", code=icd10("O09.02"))
    ehr_at(record_with(Condition=bundle(condition(), supervised), Observation=bundle()))
    both = read_chart(grant_for(), need=need(Category.CONDITIONS, Category.PREGNANCY), on=ON)
    assert [fact.reference for fact in both.facts if fact.category is Category.PREGNANCY] == ["Condition/c2"]
    assert not [each for each in both.findings if each.code is FindingCode.DUPLICATE]


def icd10(code):
    return {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code}]}


def test_observations_are_asked_for_by_category_newest_first(ehr_at, grant_for):
    ehr = ehr_at(record)
    read_chart(grant_for(), need=need(Category.LABORATORY))
    (query,) = [query for path, query, _ in ehr.requests if path == "/fhir/Observation"]
    assert query == {"patient": ["p1"], "category": ["laboratory"], "_sort": ["-date"], "_count": ["200"]}


def test_categories_are_asked_for_at_once(ehr_at, grant_for):
    together = threading.Barrier(6, timeout=2)

    def answer(path, query):
        together.wait()
        return record(path, query)

    ehr_at(answer)
    later = {Category.PREGNANCY, Category.PROCEDURES, Category.ENCOUNTERS, Category.NOTES}
    chosen = set(Category) - later
    assert read_chart(grant_for(), need=need(*chosen)).facts


@pytest.mark.parametrize(
    ("status", "expected"), [(401, EhrRefused), (404, EhrInvalidResponse), (500, EhrUnavailable)]
)
def test_one_category_that_fails_fails_the_chart(ehr_at, grant_for, status, expected):
    ehr_at(record_with(AllergyIntolerance=(status, {}, b"")))
    with pytest.raises(expected, match="AllergyIntolerance search"):
        read_chart(grant_for(), need=EVERYTHING)


def test_an_unknown_patient_is_not_found(ehr_at, grant_for):
    ehr_at(record)
    for patient_id in ("nobody", "../Patient/p1", ""):
        with pytest.raises(PatientNotFound):
            read_chart(grant_for(patient_id), need=need())


@pytest.mark.parametrize(
    "subject",
    [
        {"reference": "Patient/p2"},
        {"reference": "Patient/p1/../p2"},
        {"reference": "https://elsewhere.example/fhir/Patient/p1"},
        {"reference": "Group/p1"},
        {"reference": "urn:uuid:p1"},
    ],
)
def test_a_resource_of_another_patient_is_never_shown(ehr_at, grant_for, subject):
    ehr_at(record_with(Observation=bundle(observation("1"), observation("2", subject=subject))))
    with pytest.raises(EhrInvalidResponse, match="another patient"):
        read_chart(grant_for(), need=need(Category.LABORATORY))


def test_an_allergy_of_another_patient_is_never_shown(ehr_at, grant_for):
    ehr_at(record_with(AllergyIntolerance=bundle(allergy(patient={"reference": "Patient/p2"}))))
    with pytest.raises(EhrInvalidResponse):
        read_chart(grant_for(), need=need(Category.ALLERGIES))


def test_another_patient_in_the_place_of_the_one_asked_for_is_never_shown(ehr_at, grant_for):
    ehr_at(record_with(Patient=patient("p2")))
    with pytest.raises(EhrInvalidResponse):
        read_chart(grant_for(), need=need())


def test_a_resource_that_names_nobody_is_left_out(ehr_at, grant_for):
    ehr_at(
        record_with(Observation=bundle(observation("1"), observation("2", subject={"display": "Wendell"})))
    )
    chart = read_chart(grant_for(), need=need(Category.LABORATORY), on=ON)
    assert [fact.reference for fact in chart.facts] == ["Observation/1"]
    assert [(finding.code, finding.reference) for finding in chart.findings] == [
        (FindingCode.INVALID_RESOURCE, "Observation/2")
    ]


def test_absolute_and_versioned_references_to_the_patient_are_theirs(ehr_at, grant_for):
    def answer(path, query):
        if path != "/fhir/Observation":
            return record(path, query)
        absolute = {"reference": f"{ehr.base_url}/Patient/p1"}
        versioned = {"reference": "Patient/p1/_history/3"}
        return bundle(
            observation("1", subject=absolute), observation("2", subject=versioned, effectiveDateTime="1999")
        )

    ehr = ehr_at(answer)
    assert len(read_chart(grant_for(), need=need(Category.LABORATORY)).facts) == 2


def test_pages_are_followed_and_their_facts_joined(ehr_at, grant_for):
    def answer(path, query):
        if path != "/fhir/Condition":
            return record(path, query)
        if "page" in query:
            return bundle(condition("2", code={"text": "Gout"}))
        return bundle(condition("1"), next_link=f"{ehr.base_url}/Condition?page=2")

    ehr = ehr_at(answer)
    chart = read_chart(grant_for(), need=need(Category.CONDITIONS))
    assert {fact.reference for fact in chart.facts} == {"Condition/1", "Condition/2"}


def test_a_next_link_to_another_host_gets_no_request_and_no_token(ehr_at, grant_for):
    elsewhere = ehr_at(lambda path, query: bundle())
    ehr_at(record_with(Condition=bundle(condition(), next_link=f"{elsewhere.base_url}/Condition?page=2")))
    with pytest.raises(EhrInvalidResponse, match="leaves the EHR"):
        read_chart(grant_for(), need=need(Category.CONDITIONS))
    assert elsewhere.requests == []


def test_more_pages_than_are_read_is_said(ehr_at, grant_for):
    def answer(path, query):
        if path != "/fhir/Observation":
            return record(path, query)
        return bundle(observation(), next_link=f"{ehr.base_url}/Observation?page=2")

    ehr = ehr_at(answer)
    codes = [finding.code for finding in read_chart(grant_for(), need=need(Category.LABORATORY)).findings]
    assert FindingCode.INCOMPLETE in codes


def test_a_warning_of_the_ehr_is_said(ehr_at, grant_for):
    warning = {"resourceType": "OperationOutcome", "issue": [{"severity": "warning", "code": "suppressed"}]}
    ehr_at(record_with(Condition=bundle(condition(), warning)))
    (finding,) = read_chart(grant_for(), need=need(Category.CONDITIONS)).findings
    assert (finding.code, finding.reference) == (FindingCode.INCOMPLETE, "Condition")


def test_a_patient_who_is_not_valid_fhir_is_read_with_a_finding(ehr_at, grant_for):
    ehr_at(record_with(Patient=patient(birthDate="around 1961")))
    chart = read_chart(grant_for(), need=need())
    assert chart.patient.birth_date is None
    assert [finding.reference for finding in chart.findings] == ["Patient/p1"]


def test_a_medication_behind_a_reference_is_read_once_and_named(ehr_at, grant_for):
    def referring(key, medication_id):
        reference = {"reference": f"Medication/{medication_id}"}
        return order(
            key, medicationCodeableConcept=None, medicationReference=reference, authoredOn=f"202{key}"
        )

    def answer(path, query):
        if path == "/fhir/MedicationRequest":
            return bundle(referring("1", "apixaban"), referring("2", "apixaban"), referring("3", "lost"))
        if path == "/fhir/Medication/apixaban":
            return {"resourceType": "Medication", "id": "apixaban", "code": {"text": "Apixaban 5 mg"}}
        return record(path, query)

    ehr = ehr_at(answer)
    chart = read_chart(grant_for(), need=need(Category.MEDICATIONS))
    assert {fact.name for fact in chart.facts} == {"Apixaban 5 mg"}
    nameless = [each for each in chart.findings if each.code is FindingCode.INVALID_RESOURCE]
    assert [finding.reference for finding in nameless] == ["MedicationRequest/3"]
    assert ehr.paths.count("/fhir/Medication/apixaban") == 1
