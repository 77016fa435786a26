"""A fact says who or what says it, where the record does."""

import pytest

from ehr_integration.chart.bundles import chart_from_resources
from ehr_integration.chart.domain import Category
from ehr_integration.chart.normalise import normalise
from tests.ehr_integration.chart.resources import (
    allergy,
    condition,
    encounter,
    note,
    observation,
    order,
    patient,
    procedure,
)
from tests.ehr_integration.chart.test_currency import ON

WHO = {"reference": "Practitioner/1", "display": "Dr Alma Ipsum"}
SENDER = {"source": "https://laboratory.example/fhir"}


@pytest.mark.parametrize(
    ("category", "resource"),
    [
        (Category.CONDITIONS, condition(recorder=WHO)),
        (Category.ALLERGIES, allergy(asserter=WHO)),
        (Category.LABORATORY, observation(performer=[{"reference": "Organization/1"}, WHO])),
        (Category.MEDICATIONS, order(requester=WHO)),
        (Category.PROCEDURES, procedure(performer=[{"actor": WHO}])),
        (Category.ENCOUNTERS, encounter(participant=[{"individual": WHO}])),
        (Category.NOTES, note("Seen today.", author=[WHO])),
    ],
)
def test_the_person_who_says_it_is_the_source(category, resource):
    part = normalise(category, [{**resource, "meta": SENDER}])
    assert [fact.source for fact in part.facts] == ["Dr Alma Ipsum"]


def test_without_a_person_the_sending_system_is_the_source():
    chart = chart_from_resources(
        [
            patient(),
            observation("1", meta=SENDER),
            observation("2", meta=7, effectiveDateTime="2024-05-01"),
        ],
        patient_id=None,
        on=ON,
    )
    assert {fact.reference: fact.source for fact in chart.facts} == {
        "Observation/1": "https://laboratory.example/fhir",
        "Observation/2": None,
    }
