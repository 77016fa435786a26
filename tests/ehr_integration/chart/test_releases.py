"""A server that speaks STU3 or R5 is read by its own release: shown leniently, and held against its own rules."""

import pytest

from ehr_integration.chart.domain import Category, FindingCode
from ehr_integration.chart.services import read_chart
from ehr_integration.fhir.origin import FhirEndpoint
from tests.ehr_integration.chart.record import need
from tests.ehr_integration.ehr import bundle, serving

SUBJECT = {"reference": "Patient/p1"}
PERSON = {"resourceType": "Patient", "id": "p1", "name": [{"text": "Ann Lorem"}], "gender": "female"}
STU3 = {
    "resourceType": "Condition",
    "id": "c1",
    "clinicalStatus": "active",
    "verificationStatus": "confirmed",
    "code": {"text": "Asthma"},
    "subject": SUBJECT,
    "assertedDate": "2017-03-02",
}
R5 = {
    "resourceType": "Condition",
    "id": "c1",
    "clinicalStatus": {"coding": [{"code": "active"}]},
    "code": {"text": "Asthma"},
    "subject": SUBJECT,
    "recordedDate": "2024-03-02",
}


def chart_of(grant, condition, version):
    def answer(path, query):
        return PERSON if path.endswith("/Patient/p1") else bundle(condition)

    with serving(answer) as ehr:
        endpoint = FhirEndpoint(base_url=ehr.base_url, fhir_version=version)
        return read_chart(grant, need=need(Category.CONDITIONS), endpoint=endpoint)


@pytest.mark.parametrize(("condition", "version"), [(STU3, "3.0"), (R5, "5.0")])
def test_what_is_valid_in_its_own_release_is_a_fact_without_a_finding(grant_for, condition, version):
    chart = chart_of(grant_for(), condition, version)
    assert [fact.name for fact in chart.facts] == ["Asthma"]
    assert FindingCode.INVALID_RESOURCE not in {finding.code for finding in chart.findings}


@pytest.mark.parametrize(("condition", "version"), [(STU3, "3.0"), (R5, "5.0")])
def test_what_is_not_is_shown_with_a_finding(grant_for, condition, version):
    odd = {**condition, "unheardOf": 1}
    chart = chart_of(grant_for(), odd, version)
    assert [fact.name for fact in chart.facts] == ["Asthma"]
    assert [finding.reference for finding in chart.findings if finding.code is FindingCode.INVALID_RESOURCE]


def test_an_unknown_release_is_read_all_the_same(grant_for):
    assert [fact.name for fact in chart_of(grant_for(), R5, "6.0").facts] == ["Asthma"]
