"""What each resource says as a fact: words that read alone, dates, values and statuses."""

from datetime import date

import pytest

from ehr_integration.chart.domain import Category
from ehr_integration.chart.normalise import normalise
from ehr_integration.chart.reading.patients import read_patient
from tests.ehr_integration.chart.resources import (
    allergy,
    condition,
    note,
    observation,
    order,
    patient,
    pressure,
    quantity,
    status,
)


def fact_of(category, resource):
    """The only fact of a sound resource."""
    found = normalise(category, [resource])
    assert found.findings == ()
    (fact,) = found.facts
    return fact


def text_of(category, resource):
    return fact_of(category, resource).text


def test_a_fact_refers_to_its_resource():
    fact = fact_of(Category.CONDITIONS, condition())
    assert fact.reference == "Condition/c1"
    assert fact.on == date(2021, 3, 1)
    assert fact.name == "Permanent atrial fibrillation"
    assert fact.code == "http://snomed.info/sct|440059007"
    assert fact.status == "active"


@pytest.mark.parametrize(
    ("elements", "said"),
    [
        ({}, "(active since 2021-03)"),
        ({"onsetDateTime": None, "recordedDate": "2019-04-02T08:00:00Z"}, "(active, recorded 2019-04-02)"),
        ({"onsetDateTime": None}, "(active)"),
        ({"onsetDateTime": None, "onsetString": "childhood"}, "(active since childhood)"),
        ({"onsetDateTime": None, "onsetPeriod": {"start": "2001"}}, "(active since 2001)"),
        ({"clinicalStatus": status("relapse")}, "(relapse, since 2021-03)"),
        ({"clinicalStatus": None}, "(clinical status not given, since 2021-03)"),
        (
            {"clinicalStatus": status("resolved"), "abatementDateTime": "2022-01-03"},
            "(resolved 2022-01-03, since 2021-03)",
        ),
        ({"verificationStatus": status("provisional")}, "(provisional, active since 2021-03)"),
    ],
)
def test_a_condition_says_whether_it_holds_and_since_when(elements, said):
    assert text_of(Category.CONDITIONS, condition(**elements)) == f"Permanent atrial fibrillation {said}"


@pytest.mark.parametrize(
    ("category", "resource"),
    [
        (Category.CONDITIONS, condition(verificationStatus=status("refuted"))),
        (Category.ALLERGIES, allergy(verificationStatus=status("refuted"))),
    ],
)
def test_what_was_refuted_says_so_and_is_not_active(category, resource):
    fact = fact_of(category, resource)
    assert "refuted" in fact.text
    assert fact.status == "refuted"


def dosage(**elements):
    return {"dosageInstruction": [elements]}


@pytest.mark.parametrize(
    ("elements", "text"),
    [
        ({}, "Warfarin 5 mg tablet, 1 tablet once daily (active)"),
        ({"status": "stopped"}, "Warfarin 5 mg tablet, 1 tablet once daily (stopped)"),
        ({"status": "on-hold"}, "Warfarin 5 mg tablet, 1 tablet once daily (on hold)"),
        ({"intent": "plan"}, "Warfarin 5 mg tablet, 1 tablet once daily (active plan, not ordered)"),
        ({"doNotPerform": True}, "Not to be given: Warfarin 5 mg tablet (active)"),
        ({"dosageInstruction": None}, "Warfarin 5 mg tablet (active)"),
        (
            dosage(
                doseAndRate=[{"doseQuantity": {"value": 2.5, "unit": "mg"}}],
                route={"text": "by mouth"},
                timing={"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
                asNeededBoolean=True,
            ),
            "Warfarin 5 mg tablet, 2.5 mg by mouth 2 times daily as needed (active)",
        ),
        (
            dosage(timing={"repeat": {"frequency": 1, "period": 8, "periodUnit": "h"}}),
            "Warfarin 5 mg tablet, once every 8 hours (active)",
        ),
        (dosage(timing={"code": {"text": "at night"}}), "Warfarin 5 mg tablet, at night (active)"),
        (dosage(timing={"repeat": {"boundsPeriod": {"start": "2020"}}}), "Warfarin 5 mg tablet (active)"),
    ],
)
def test_an_order_says_the_dose_and_whether_it_is_taken(elements, text):
    assert text_of(Category.MEDICATIONS, order(**elements)) == text


def test_an_order_that_forbids_is_not_active():
    assert fact_of(Category.MEDICATIONS, order(doNotPerform=True)).status == "not-to-be-given"


@pytest.mark.parametrize(
    "elements",
    [
        {"medicationReference": {"reference": "Medication/x", "display": "Apixaban"}},
        {
            "medicationReference": {"reference": "#med"},
            "contained": [{"resourceType": "Medication", "id": "med", "code": {"text": "Apixaban"}}],
        },
    ],
)
def test_a_medication_is_named_by_display_or_contained(elements):
    resource = order(medicationCodeableConcept=None, dosageInstruction=None, **elements)
    assert text_of(Category.MEDICATIONS, resource) == "Apixaban (active)"


@pytest.mark.parametrize(
    ("elements", "text"),
    [
        ({}, "Allergy: penicillin, reaction: urticaria"),
        ({"type": "intolerance", "reaction": None}, "Intolerance: penicillin"),
        ({"criticality": "high"}, "Allergy: penicillin, reaction: urticaria, high criticality"),
        ({"clinicalStatus": status("resolved")}, "Allergy: penicillin, reaction: urticaria (resolved)"),
        (
            {"verificationStatus": status("unconfirmed")},
            "Allergy: penicillin, reaction: urticaria (unconfirmed)",
        ),
        (
            {"reaction": [{"manifestation": [{"text": "wheeze"}, {"text": "rash"}], "severity": "severe"}]},
            "Allergy: penicillin, reaction: wheeze, rash (severe)",
        ),
        ({"code": {"coding": [{"code": "716186003", "display": "No known allergy"}]}}, "No known allergies"),
        ({"code": {"text": "NKDA"}}, "No known drug allergies"),
        ({"code": {"coding": [{"code": "no-known-allergies"}]}}, "No known allergies"),
        ({"code": {"text": "No information about allergies"}}, "No information about allergies"),
    ],
)
def test_an_allergy_says_the_reaction_or_that_none_is_known(elements, text):
    assert text_of(Category.ALLERGIES, allergy(**elements)) == text


@pytest.mark.parametrize(
    ("given", "text", "value", "unit"),
    [
        (
            quantity(38, "mL/min/1.73 m2", "mL/min/{1.73_m2}"),
            "eGFR 38 mL/min/1.73 m2",
            38.0,
            "mL/min/{1.73_m2}",
        ),
        ({"value": 38.5, "code": "mL/min/{1.73_m2}"}, "eGFR 38.5 mL/min/1.73 m2", 38.5, "mL/min/{1.73_m2}"),
        ({"value": 171, "unit": "umol/L"}, "eGFR 171 umol/L", 171.0, "umol/L"),
        (quantity(9.1, "cells/uL", "{Cells}/uL"), "eGFR 9.1 cells/uL", 9.1, "{Cells}/uL"),
        (quantity(7.2, "%"), "eGFR 7.2%", 7.2, "%"),
        (quantity(2.5, "EGFR", "{EGFR}"), "eGFR 2.5", 2.5, "{EGFR}"),
        ({**quantity(90, "mL/min"), "comparator": ">"}, "eGFR >90 mL/min", None, None),
    ],
)
def test_a_measurement_keeps_its_number_and_unit(given, text, value, unit):
    fact = fact_of(Category.LABORATORY, observation(valueQuantity=given))
    assert (fact.text, fact.value, fact.unit) == (text, value, unit)


@pytest.mark.parametrize(
    ("elements", "text"),
    [
        ({"valueCodeableConcept": {"text": "Detected"}}, "eGFR: Detected"),
        ({"valueString": "1:128"}, "eGFR: 1:128"),
        ({"valueBoolean": False}, "eGFR: no"),
        ({"valueInteger": 15}, "eGFR 15"),
        ({"valueRange": {"low": {"value": 1}, "high": {"value": 3}}}, "eGFR: 1 to 3"),
        ({"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 128}}}, "eGFR: 1:128"),
        ({"dataAbsentReason": {"text": "haemolysed"}}, "eGFR: no value (haemolysed)"),
        ({"valueString": "low", "status": "preliminary"}, "eGFR: low (preliminary)"),
        (
            {
                "component": [
                    {"code": {"text": "Colour"}, "valueString": "amber"},
                    {"code": {"text": "Odour"}},
                ]
            },
            "eGFR: Colour: amber",
        ),
    ],
)
def test_a_result_in_words_is_kept_in_words(elements, text):
    assert text_of(Category.LABORATORY, observation(valueQuantity=None, **elements)) == text


def test_inr_needs_no_unit():
    inr = observation(code={"coding": [{"code": "6301-6"}], "text": "INR"}, valueQuantity={"value": 2.5})
    assert text_of(Category.LABORATORY, inr) == "INR 2.5"


def test_a_blood_pressure_panel_is_one_fact():
    assert text_of(Category.VITAL_SIGNS, pressure(142, 86.0)) == "Blood pressure 142/86 mmHg"


def test_half_a_blood_pressure_is_told_by_its_parts():
    half = pressure(142, 86)
    half["component"][1] = {"code": half["component"][1]["code"], "dataAbsentReason": {"text": "Unknown"}}
    assert text_of(Category.VITAL_SIGNS, half) == "BP panel: Systolic 142 mmHg; Diastolic: no value (Unknown)"


def test_another_category_and_the_heading_of_a_panel_are_not_facts():
    panel = observation(valueQuantity=None, hasMember=[{"reference": "Observation/2"}])
    found = normalise(Category.LABORATORY, [panel, pressure(120, 80)])
    assert (found.facts, found.findings) == ((), ())


def test_a_note_is_its_first_500_characters_on_one_line():
    fact = fact_of(Category.NOTES, note("Zoë\r\n\tsays:  " + "å" * 600))
    assert fact.text.startswith("Zoë says: ååå")
    assert len(fact.text) == 500
    assert fact.name == "Progress note"


def test_a_note_of_megabytes_is_read_no_further_than_its_bound():
    assert len(fact_of(Category.NOTES, note("word " * 500_000)).text) == 500


def test_a_superseded_note_is_skipped():
    found = normalise(Category.NOTES, [note("old", status="superseded")])
    assert (found.facts, found.findings) == ((), ())


def test_facts_come_newest_first_and_undated_ones_last():
    dates = ["2019", None, "2024-05-02T10:00:00+02:00", "2024-05-02T09:00:00Z", "2024-05", "2024-05-03"]
    resources = [observation(f"o{n}", effectiveDateTime=day) for n, day in enumerate(dates)]
    found = normalise(Category.LABORATORY, resources)
    assert [fact.reference for fact in found.facts] == [
        "Observation/o5",
        "Observation/o3",
        "Observation/o2",
        "Observation/o4",
        "Observation/o0",
    ]


def test_only_the_five_newest_values_of_a_code_are_kept():
    resources = [observation(f"o{year}", effectiveDateTime=str(year)) for year in range(2000, 2020)]
    other = observation("other", code={"text": "Sodium"}, effectiveDateTime="1990")
    found = normalise(Category.LABORATORY, [*resources, other])
    assert [fact.on.year for fact in found.facts if fact.on] == [2019, 2018, 2017, 2016, 2015, 1990]


@pytest.mark.parametrize(
    ("elements", "name"),
    [
        ({}, "Wendell A Lorem"),
        ({"name": [{"text": "Zoë Øhlenschläger-Đặng"}]}, "Zoë Øhlenschläger-Đặng"),
        ({"name": [{"family": "王", "given": ["小明"]}]}, "小明 王"),
        ({"name": [{"use": "nickname", "text": "Wen"}, {"use": "usual", "text": "Wendell"}]}, "Wendell"),
        ({"name": [{"use": "old", "text": "Before"}]}, "Name not given"),
        ({"name": None}, "Name not given"),
        ({"name": [{"text": "Ali\u202egnirts\x00 \n Reza\ud800"}]}, "Alignirts Reza"),
    ],
)
def test_a_patient_keeps_their_name(elements, name):
    person = read_patient(patient(**elements))
    assert person.name == name
    assert (person.sex, person.birth_date) == ("male", date(1961, 1, 1))


def test_a_patient_may_have_neither_sex_nor_birth_date():
    person = read_patient({"resourceType": "Patient", "id": "p1"})
    assert (person.sex, person.birth_date) == ("unknown", None)
