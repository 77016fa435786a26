"""The contract with a real FHIR server in its own process: the demo EHR."""

from collections import Counter
from datetime import date

import pytest

from ehr_integration.chart.domain import Category, FindingCode, Need
from ehr_integration.chart.services import read_chart, read_patients
from ehr_integration.errors import PatientNotFound
from ehr_integration.sandbox import patient_ids

pytestmark = pytest.mark.usefixtures("demo_ehr")
EVERYTHING = Need(categories=frozenset(Category))
ON = date(2026, 11, 26)
# What a well-kept record has, too: a medication without RxNorm code, an order of some years ago.
ORDINARY = {FindingCode.UNKNOWN_CODE, FindingCode.STALE}


def test_every_demo_patient_is_read_and_only_the_messy_record_is_wrong(grant_for):
    for patient_id in patient_ids():
        chart = read_chart(grant_for(patient_id), need=EVERYTHING, on=ON)
        assert {fact.category for fact in chart.facts} >= set(Category) - {Category.PREGNANCY}
        wrong = {finding.code for finding in chart.findings} - ORDINARY
        assert bool(wrong) is (patient_id == "messy"), patient_id


def test_the_pregnant_demo_patient_is_pregnant(grant_for):
    chart = read_chart(grant_for("asthma-pregnancy"), need=Need(categories=frozenset({Category.PREGNANCY})))
    assert "Condition/asthma-pregnancy-pregnancy" in {fact.reference for fact in chart.facts}


def test_a_combination_that_no_code_names_is_said(grant_for):
    chart = read_chart(grant_for("diabetes-hf"), need=EVERYTHING, on=ON)
    unknown = [each.reference for each in chart.findings if each.code is FindingCode.UNKNOWN_CODE]
    assert unknown == ["MedicationRequest/diabetes-hf-sacubitril-valsartan"]


def test_the_messy_record_has_a_finding_for_everything_wrong_with_it(grant_for):
    chart = read_chart(grant_for("messy"), need=EVERYTHING, on=ON)
    found = {(finding.code, finding.reference.rpartition("/")[2]) for finding in chart.findings}
    assert found == {
        (FindingCode.CONFLICTING_STATUS, "messy-copd-1"),
        (FindingCode.CONFLICTING_STATUS, "messy-amlodipine-1"),
        (FindingCode.CONFLICTING_STATUS, "messy-none-known"),
        (FindingCode.ENTERED_IN_ERROR, "messy-diabetes"),
        (FindingCode.ENTERED_IN_ERROR, "messy-insulin-glargine"),
        (FindingCode.ENTERED_IN_ERROR, "messy-potassium-4"),
        (FindingCode.DUPLICATE, "messy-potassium-3"),
        (FindingCode.DUPLICATE, "messy-blood-pressure-4"),
        (FindingCode.MISSING_UNIT, "messy-creatinine-2"),
        (FindingCode.MISSING_UNIT, "messy-weight-1"),
        (FindingCode.INVALID_RESOURCE, "messy-sodium-2"),
        (FindingCode.INVALID_RESOURCE, "messy-crp-1"),
        (FindingCode.UNKNOWN_CODE, "messy-tiotropium"),
    }


def test_facts_read_as_a_clinician_would_write_them(grant_for):
    texts = Counter(fact.text for fact in read_chart(grant_for("af-ckd"), need=EVERYTHING).facts)
    assert max(texts.values()) < 3
    assert any(text.startswith("Permanent atrial fibrillation (active since ") for text in texts)
    assert any(text.startswith("Warfarin") and text.endswith("(active)") for text in texts)
    assert any(text.startswith("eGFR") and text.endswith("mL/min/1.73 m2") for text in texts)


def test_all_patients_are_listed_with_their_names(grant_for):
    people = read_patients([grant_for(patient_id) for patient_id in [*patient_ids(), "nobody"]])
    assert [person.id for person in people] == list(patient_ids())
    (non_ascii,) = [person.name for person in people if person.id == "non-ascii"]
    assert not non_ascii.isascii()


def test_an_unknown_patient_is_not_found(grant_for):
    with pytest.raises(PatientNotFound):
        read_chart(grant_for("nobody"), need=EVERYTHING)
