"""What STU3 and R5 name or shape differently reads as R4 does."""

import pytest

from ehr_integration.chart.domain import Category
from ehr_integration.chart.normalise import normalise
from ehr_integration.chart.reading.versions import as_r4
from ehr_integration.chart.shape import departure_in_shape
from tests.ehr_integration.chart.resources import (
    allergy,
    condition,
    encounter,
    note,
    observation,
    order,
    pressure,
    procedure,
)

CONCEPT = {"text": "Apixaban"}


def statement(**elements):
    base = {"resourceType": "MedicationStatement", "id": "s1", "status": "active", "subject": {}}
    return {**base, **elements}


@pytest.mark.parametrize(
    ("category", "resource", "text"),
    [
        (
            Category.CONDITIONS,
            condition(clinicalStatus="active", onsetDateTime=None, assertedDate="2019-04-02"),
            "Permanent atrial fibrillation (active, recorded 2019-04-02)",
        ),
        (
            Category.CONDITIONS,
            condition(clinicalStatus="active", verificationStatus="refuted"),
            "Permanent atrial fibrillation (refuted: the patient does not have it)",
        ),
        (
            Category.ALLERGIES,
            allergy(clinicalStatus="resolved", verificationStatus="unconfirmed", assertedDate="2010"),
            "Allergy: penicillin, reaction: urticaria (unconfirmed, resolved)",
        ),
        (
            Category.ALLERGIES,
            allergy(
                type={"coding": [{"code": "intolerance"}]},
                reaction=[{"manifestation": [{"concept": {"text": "wheeze"}}]}],
            ),
            "Intolerance: penicillin, reaction: wheeze",
        ),
        (
            Category.MEDICATIONS,
            order(medicationCodeableConcept=None, medication={"concept": CONCEPT}, dosageInstruction=None),
            "Apixaban (active)",
        ),
        (
            Category.MEDICATIONS,
            order(
                medicationCodeableConcept=None,
                medication={"reference": {"reference": "Medication/1", "display": "Apixaban"}},
                dosageInstruction=[{"doseQuantity": {"value": 5, "unit": "mg"}, "asNeeded": True}],
            ),
            "Apixaban, 5 mg as needed (active)",
        ),
        (
            Category.MEDICATIONS,
            statement(medicationCodeableConcept=CONCEPT, taken="n"),
            "Apixaban (not reported as taken)",
        ),
        (
            Category.MEDICATIONS,
            statement(
                medication={"concept": CONCEPT}, adherence={"code": {"coding": [{"code": "not-taking"}]}}
            ),
            "Apixaban (not reported as taken)",
        ),
        (
            Category.MEDICATIONS,
            {
                **statement(medicationCodeableConcept=CONCEPT, notGiven=True),
                "resourceType": "MedicationAdministration",
            },
            "Apixaban (not given)",
        ),
        (
            Category.PROCEDURES,
            procedure(performedDateTime=None, occurrenceDateTime="2019-05-02"),
            "Appendectomy (completed, 2019-05-02)",
        ),
        (Category.PROCEDURES, procedure(notDone=True), "Not done: Appendectomy"),
        (
            Category.ENCOUNTERS,
            encounter(
                **{
                    "class": [{"coding": [{"code": "EMER"}]}],
                    "period": None,
                    "actualPeriod": {"start": "2024-05-02"},
                    "reasonCode": None,
                    "reason": [{"value": [{"concept": {"text": "Chest pain"}}]}],
                }
            ),
            "Emergency visit, Accident and emergency: Chest pain (finished, 2024-05-02)",
        ),
        (
            Category.ENCOUNTERS,
            encounter(reasonCode=None, reason=[{"text": "Chest pain"}], period={"start": "2024-05-02"}),
            "Emergency visit, Accident and emergency: Chest pain (finished, 2024-05-02)",
        ),
    ],
)
def test_other_versions_read_as_r4(category, resource, text):
    found = normalise(category, [resource], check=departure_in_shape)
    assert [fact.text for fact in found.facts] == [text]
    assert found.findings == ()


def test_the_date_of_an_administration_in_r5_is_its_date():
    given = {
        **statement(medication={"concept": CONCEPT}, occurenceDateTime="2024-05-02"),
        "resourceType": "MedicationAdministration",
    }
    (fact,) = normalise(Category.MEDICATIONS, [given], check=departure_in_shape).facts
    assert str(fact.on) == "2024-05-02"


def test_a_note_of_stu3_has_the_date_on_which_it_was_indexed():
    (fact,) = normalise(Category.NOTES, [note("words", date=None, indexed="2024-05-02T10:00:00Z")]).facts
    assert str(fact.on) == "2024-05-02"


def test_the_heading_of_a_panel_in_stu3_is_no_fact():
    panel = observation(
        valueQuantity=None, related=[{"type": "has-member", "target": {"reference": "Observation/2"}}]
    )
    found = normalise(Category.LABORATORY, [panel])
    assert (found.facts, found.findings) == ((), ())


@pytest.mark.parametrize(
    "resource",
    [condition(), order(), allergy(), observation(), pressure(1, 2), procedure(), encounter(), note("w")],
)
def test_what_is_r4_stays_as_it_is(resource):
    assert as_r4(resource) == resource
