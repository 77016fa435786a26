"""What a chart cannot vouch for today is said: old values, and things that no code names."""

from datetime import date, timedelta

import pytest

from ehr_integration.chart.bundles import chart_from_resources
from ehr_integration.chart.currency import prefetch_missing
from ehr_integration.chart.domain import Category, FindingCode
from ehr_integration.chart.reading.elements import ABSENT_OR_UNKNOWN
from tests.ehr_integration.chart.resources import (
    allergy,
    condition,
    observation,
    order,
    patient,
    pregnancy,
)

ON = date(2024, 6, 1)
MEASURED = date(2024, 5, 2)
A_YEAR_LATER = MEASURED + timedelta(days=366)  # never before the anniversary, in a leap year either
CODED = {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "1"}], "text": "Drug"}


def found(*resources, on=ON, code=FindingCode.STALE):
    chart = chart_from_resources([patient(), *resources], patient_id=None, on=on)
    return [finding.reference for finding in chart.findings if finding.code is code]


@pytest.mark.parametrize(
    ("resource", "last_day"),
    [
        (observation(), A_YEAR_LATER),
        (observation(category="vital-signs"), A_YEAR_LATER),
        (pregnancy(), MEASURED + timedelta(weeks=42)),
        (order(medicationCodeableConcept=CODED, authoredOn="2024-05-02"), A_YEAR_LATER),
    ],
)
def test_a_category_is_stale_the_day_after_its_limit(resource, last_day):
    assert found(resource, on=last_day) == []
    assert found(resource, on=date.fromordinal(last_day.toordinal() + 1)) == [
        f"{resource['resourceType']}/{resource['id']}"
    ]


def test_only_the_newest_value_counts_and_problems_do_not_grow_old():
    old = observation("old", effectiveDateTime="2001")
    assert found(old, observation("new"), condition(onsetDateTime="1990")) == []


def test_what_is_named_in_words_only_is_said_once():
    def unknown(*resources):
        return found(*resources, code=FindingCode.UNKNOWN_CODE)

    assert unknown(order()) == ["MedicationRequest/m1"]
    assert unknown(order("1"), order("2", authoredOn="2020")) == ["MedicationRequest/1"]
    assert unknown(order(medicationCodeableConcept=CODED), condition(), observation()) == []
    local = {"coding": [{"system": "urn:local", "code": "x"}], "text": "Drug"}
    assert unknown(order(medicationCodeableConcept=local)) == ["MedicationRequest/m1"]
    mistyped = {"coding": [{"system": "http://snomed.info/sct", "code": "44054007"}], "text": "Diabetes"}
    assert unknown(condition(code=mistyped)) == ["Condition/c1"]
    assert unknown(allergy(code={"text": "No known allergies"})) == []
    absent = {"coding": [{"system": ABSENT_OR_UNKNOWN, "code": "no-allergy-info"}], "text": "No information"}
    assert unknown(allergy(code=absent)) == []


def test_a_prefetch_that_did_not_come_is_said():
    finding = prefetch_missing(Category.VITAL_SIGNS)
    assert finding.code is FindingCode.PREFETCH_MISSING
    assert finding.text == "The EHR did not send the vital signs: they were not considered."
