"""No way out of the patient of the grant: not by what is included, contained, or referred to elsewhere."""

import pytest

from ehr_integration.chart.domain import Category
from ehr_integration.chart.services import read_chart
from ehr_integration.errors import EhrInvalidResponse, ScopeMissing
from ehr_integration.fhir.origin import FhirEndpoint
from ehr_integration.fhir.scopes import Scopes
from tests.ehr_integration.chart.record import need, record_with
from tests.ehr_integration.chart.resources import condition
from tests.ehr_integration.ehr import bundle


def read(ehr_at, grant_for, page):
    ehr_at(record_with(Condition=page))
    return read_chart(grant_for(), need=need(Category.CONDITIONS))


def entry(resource, mode):
    return {"resource": resource, "search": {"mode": mode}}


def another(**changes):
    return {
        **condition(),
        "id": "other",
        "subject": {"reference": "Patient/p2"},
        "code": {"text": "Secret"},
        **changes,
    }


def test_what_an_ehr_includes_of_another_patient_is_no_fact(ehr_at, grant_for):
    page = bundle(condition())
    page["entry"].append(entry(another(), "include"))
    page["entry"].append(entry({"resourceType": "Patient", "id": "p2"}, "include"))
    chart = read(ehr_at, grant_for, page)
    assert "Secret" not in " ".join(fact.text for fact in chart.facts)


def test_what_a_resource_contains_is_no_fact(ehr_at, grant_for):
    chart = read(ehr_at, grant_for, bundle({**condition(), "contained": [another(id="inner")]}))
    assert "Secret" not in " ".join(fact.text for fact in chart.facts)


@pytest.mark.parametrize(
    "reference",
    [
        "Patient/p2",
        "https://other.example.org/fhir/Patient/p1",
        "Patient/p1/../p2",
        "Patient/p1?x=Patient/p2",
        "urn:uuid:7c2b0a8e-8a1f-4a0f-9a55-0e5f9d0f1c11",
        "#p1",
    ],
)
def test_a_reference_to_somebody_else_ends_the_reading(ehr_at, grant_for, reference):
    with pytest.raises(EhrInvalidResponse):
        read(ehr_at, grant_for, bundle(another(subject={"reference": reference})))


def test_what_the_token_may_not_read_is_said_and_the_rest_is_read(ehr_at, grant_for):
    ehr = ehr_at(record_with())
    endpoint = FhirEndpoint(
        base_url=ehr.base_url, scopes=Scopes.parse("patient/Patient.rs patient/Condition.rs")
    )
    chart = read_chart(grant_for(), need=need(Category.CONDITIONS, Category.ALLERGIES), endpoint=endpoint)
    assert {fact.category for fact in chart.facts} == {Category.CONDITIONS}
    assert ("incomplete", "allergies") in {
        (finding.code.value, finding.reference) for finding in chart.findings
    }
    assert "/fhir/AllergyIntolerance" not in ehr.paths


def test_without_a_scope_for_the_patient_there_is_no_chart(ehr_at, grant_for):
    ehr = ehr_at(record_with())
    endpoint = FhirEndpoint(base_url=ehr.base_url, scopes=Scopes.parse("patient/Condition.rs"))
    with pytest.raises(ScopeMissing):
        read_chart(grant_for(), need=need(Category.CONDITIONS), endpoint=endpoint)
