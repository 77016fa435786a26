"""What is wrong with a record is a finding, and never a wrong fact."""

import pytest

from ehr_integration.chart.domain import Category, FindingCode
from ehr_integration.chart.normalise import normalise
from tests.ehr_integration.chart.resources import (
    allergy,
    condition,
    note,
    observation,
    order,
    pressure,
    quantity,
    status,
)


def codes_of(found):
    return [finding.code for finding in found.findings]


@pytest.mark.parametrize(
    ("category", "resource"),
    [
        (Category.CONDITIONS, condition(clinicalStatus=None, verificationStatus=status("entered-in-error"))),
        (Category.MEDICATIONS, order(status="entered-in-error")),
        (Category.ALLERGIES, allergy(clinicalStatus=None, verificationStatus=status("entered-in-error"))),
        (Category.LABORATORY, observation(status="entered-in-error")),
        (Category.VITAL_SIGNS, pressure(1, 2, status="entered-in-error")),
        (Category.NOTES, note("text", status="entered-in-error")),
        (Category.NOTES, note("text", docStatus="entered-in-error")),
    ],
)
def test_what_was_entered_in_error_is_never_a_fact(category, resource):
    found = normalise(category, [resource])
    assert found.facts == ()
    assert codes_of(found) == [FindingCode.ENTERED_IN_ERROR]
    assert found.findings[0].reference == f"{resource['resourceType']}/{resource['id']}"


@pytest.mark.parametrize(
    ("category", "resource", "text"),
    [
        (Category.LABORATORY, observation(valueQuantity={"value": 1.9}), "eGFR 1.9 (unit missing)"),
        (
            Category.VITAL_SIGNS,
            pressure(
                1,
                2,
                component=[
                    {"code": {"coding": [{"code": code}]}, "valueQuantity": {"value": value}}
                    for code, value in (("8480-6", 142), ("8462-4", 86))
                ],
            ),
            "Blood pressure 142/86 (unit missing)",
        ),
    ],
)
def test_a_number_without_unit_says_so(category, resource, text):
    found = normalise(category, [resource])
    assert [(fact.text, fact.unit) for fact in found.facts] == [(text, None)]
    assert codes_of(found) == [FindingCode.MISSING_UNIT]


@pytest.mark.parametrize(
    ("category", "make"),
    [
        (Category.CONDITIONS, condition),
        (Category.MEDICATIONS, order),
        (Category.ALLERGIES, allergy),
        (Category.LABORATORY, observation),
        (Category.VITAL_SIGNS, lambda key: pressure(142, 86, key)),
        (Category.NOTES, lambda key: note("the same words", key)),
    ],
)
def test_the_same_thing_said_twice_is_one_fact_and_a_finding_for_the_other(category, make):
    found = normalise(category, [make("one"), make("two")])
    assert [fact.reference.rpartition("/")[2] for fact in found.facts] == ["one"]
    assert codes_of(found) == [FindingCode.DUPLICATE]
    assert found.findings[0].reference.endswith("/two")
    assert "/one" in found.findings[0].text


def test_the_same_condition_under_another_wording_is_a_duplicate():
    other = condition("two", code={**condition()["code"], "text": "AF, permanent"})
    assert codes_of(normalise(Category.CONDITIONS, [condition("one"), other])) == [FindingCode.DUPLICATE]


@pytest.mark.parametrize(
    ("category", "one", "two"),
    [
        (Category.LABORATORY, observation("1"), observation("2", effectiveDateTime="2024-05-03")),
        (
            Category.LABORATORY,
            observation("1", effectiveDateTime="2024-05-02T08:00:00Z"),
            observation("2", effectiveDateTime="2024-05-02T20:00:00Z"),
        ),
        (
            Category.LABORATORY,
            observation("1"),
            observation("2", valueQuantity=quantity(39, "mL/min/1.73 m2", "mL/min/{1.73_m2}")),
        ),
        (
            Category.MEDICATIONS,
            order("1"),
            order("2", dosageInstruction=[{"text": "half a tablet at night"}]),
        ),
    ],
)
def test_what_differs_in_time_value_or_dose_is_no_duplicate(category, one, two):
    found = normalise(category, [one, two])
    assert (len(found.facts), found.findings) == (2, ())


@pytest.mark.parametrize(
    ("category", "active", "ended", "word"),
    [
        (Category.MEDICATIONS, order("1"), order("2", status="stopped"), "stopped"),
        (
            Category.MEDICATIONS,
            order("1"),
            order("2", status="stopped", authoredOn="2023-01-01", dosageInstruction=None),
            "stopped",
        ),
        (Category.CONDITIONS, condition("1"), condition("2", clinicalStatus=status("resolved")), "resolved"),
        (
            Category.CONDITIONS,
            condition("1"),
            condition("2", clinicalStatus=status("resolved"), code={**condition()["code"], "text": "AF"}),
            "resolved",
        ),
    ],
)
def test_active_and_ended_at_once_is_a_conflict_that_both_facts_tell(category, active, ended, word):
    for resources in ([active, ended], [ended, active]):
        found = normalise(category, resources)
        told = {fact.reference.rpartition("/")[2]: fact.text for fact in found.facts}
        assert f"also recorded as {word}" in told["1"]
        assert "also recorded as active" in told["2"]
        assert codes_of(found) == [FindingCode.CONFLICTING_STATUS]
        assert found.findings[0].reference.endswith("/1")
        assert "/2" in found.findings[0].text


@pytest.mark.parametrize(
    ("category", "resources"),
    [
        (
            Category.CONDITIONS,
            [
                condition("1", onsetDateTime="2024-02"),
                condition("2", clinicalStatus=status("resolved"), abatementDateTime="2022-05-01"),
            ],
        ),
        (Category.MEDICATIONS, [order("1"), order("2", status="stopped", authoredOn="2019-01-01")]),
        (Category.MEDICATIONS, [order("1"), order("2", status="completed")]),
        (
            Category.MEDICATIONS,
            [order("1"), order("2", status="stopped", medicationCodeableConcept={"text": "Warfarin 3 mg"})],
        ),
    ],
)
def test_a_recurrence_a_new_order_and_another_strength_are_no_conflict(category, resources):
    found = normalise(category, resources)
    assert found.findings == ()
    assert not any("also recorded" in fact.text for fact in found.facts)


def test_no_known_allergies_beside_an_allergy_is_a_conflict():
    none_known = allergy("none", code={"text": "No known allergies"}, reaction=None)
    found = normalise(Category.ALLERGIES, [allergy(), none_known])
    assert codes_of(found) == [FindingCode.CONFLICTING_STATUS]
    refuted = allergy(verificationStatus=status("refuted"))
    assert normalise(Category.ALLERGIES, [refuted, none_known]).findings == ()


@pytest.mark.parametrize(
    ("category", "resource"),
    [
        (Category.CONDITIONS, condition(code=None)),
        (
            Category.MEDICATIONS,
            order(medicationCodeableConcept=None, medicationReference={"reference": "Medication/1"}),
        ),
        (Category.ALLERGIES, allergy(code=None)),
        (Category.LABORATORY, observation(valueQuantity={"value": "high"})),
        (Category.LABORATORY, observation(valueQuantity={"value": 1e999, "unit": "g"})),
        (Category.LABORATORY, observation(valueQuantity=None)),
        (Category.LABORATORY, observation(code=None)),
        (Category.LABORATORY, observation(id=None)),
        (Category.LABORATORY, observation(id="../Patient/2")),
        (Category.LABORATORY, observation(modifierExtension=[{"url": "urn:x", "valueBoolean": True}])),
        (Category.LABORATORY, observation(focus=[{"reference": "Patient/child"}])),
        (Category.NOTES, note("", content=[])),
        (Category.LABORATORY, condition()),
        (Category.LABORATORY, None),
        (Category.LABORATORY, "text"),
    ],
)
def test_what_cannot_be_used_is_left_out_with_one_finding(category, resource):
    found = normalise(category, [resource])
    assert found.facts == ()
    expected = FindingCode.INCOMPLETE if category is Category.NOTES else FindingCode.INVALID_RESOURCE
    assert codes_of(found) == [expected]


@pytest.mark.parametrize(
    ("category", "resource", "text"),
    [
        (Category.LABORATORY, observation(effectiveDateTime="2024-02-30"), "eGFR 38 mL/min/1.73 m2"),
        (Category.LABORATORY, observation(shoe_size=44), "eGFR 38 mL/min/1.73 m2"),
        (Category.LABORATORY, observation(status=None), "eGFR 38 mL/min/1.73 m2 (status not given)"),
        (Category.CONDITIONS, condition(onsetDateTime=["2021"]), "Permanent atrial fibrillation (active)"),
    ],
)
def test_what_is_partly_invalid_keeps_what_is_readable_with_a_finding(category, resource, text):
    found = normalise(category, [resource])
    assert [fact.text for fact in found.facts] == [text]
    assert codes_of(found) == [FindingCode.INVALID_RESOURCE]


@pytest.mark.parametrize(
    ("attachment", "code"),
    [
        ({"contentType": "application/pdf", "data": "AAAA"}, FindingCode.INCOMPLETE),
        ({"contentType": "text/plain", "url": "https://elsewhere.example/Binary/1"}, FindingCode.INCOMPLETE),
        ({"contentType": "text/plain", "data": "*not base64*"}, FindingCode.INVALID_RESOURCE),
        ({"contentType": "text/plain", "data": "AAA"}, FindingCode.INVALID_RESOURCE),
        ({"contentType": "text/plain", "data": ""}, FindingCode.INVALID_RESOURCE),
    ],
)
def test_a_note_that_cannot_be_read_is_a_finding(attachment, code):
    found = normalise(Category.NOTES, [note("", content=[{"attachment": attachment}])])
    assert (found.facts, codes_of(found)) == ((), [code])


def test_a_finding_is_one_or_two_sentences_that_begin_with_the_thing():
    (finding,) = normalise(Category.ALLERGIES, [allergy(code=None)]).findings
    assert finding.text == (
        "An allergy was left out: it does not say to what the patient is allergic. Open it in the EHR."
    )
