"""Each search of a chart, tried: refused, ignored, unsorted, undeclared, or of somebody else."""

import pytest

from ehr_integration.chart.domain import Category
from ehr_integration.chart.fetch import SEARCHES
from ehr_integration.connections.domain import Connection
from ehr_integration.doctor.domain import Severity
from ehr_integration.doctor.examining import examine
from tests.ehr_integration.doctor.healthy import METADATA, an_ehr, codes, examined, of_code, self_linked
from tests.ehr_integration.ehr import bundle

OUTCOME = b'{"resourceType": "OperationOutcome", "issue": [{"code": "forbidden", "diagnostics": "p1"}]}'


def observation(number, day="2026-01-01", *, patient="p1"):
    return {
        "resourceType": "Observation",
        "id": f"o{number}",
        "status": "final",
        "code": {"text": "Sodium"},
        "subject": {"reference": f"Patient/{patient}"},
        "effectiveDateTime": day,
    }


def test_every_search_of_a_chart_is_tried_as_it_is_used():
    with an_ehr() as ehr:
        connection = Connection(name="x", fhir_base_url=ehr.base_url, is_internal=True)
        examination = examine(connection, patient_id="p1")
        asked = [(path.rpartition("/")[2], query) for path, query, _ in ehr.requests]
    for category in Category:
        for kind, params in SEARCHES[category]:
            wanted = {"patient": ["p1"], **{name: [value] for name, value in params.items()}}
            assert (kind, wanted) in asked
    assert "search" in codes(examination)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((403, {}, OUTCOME), "403, forbidden"),
        ((403, {}, b""), "403"),
        ((200, {}, b'{"resourceType":"OperationOutcome"}'), "200"),
    ],
)
def test_a_search_that_is_refused_is_told_with_its_status_and_never_the_servers_words(answer, said):
    finding = of_code(examined({"Procedure": answer}), "search-refused")
    assert f"answers {said}." in finding.tell
    assert "p1" not in finding.what + finding.tell


def test_a_refused_search_names_the_parameter_that_is_refused_alone():
    def observations(path, query):
        return (400, {}, b"") if "_sort" in query else bundle()

    found = examined({"Observation": observations}).findings
    refused = [each for each in found if each.code == "search-refused"]
    assert refused
    assert all("in place of _sort" in each.tell for each in refused)


def test_a_parameter_that_is_ignored_is_noticed_by_the_self_link():
    def observations(path, query):
        return self_linked(bundle(), path, query, without=("category",))

    found = examined({"Observation": observations}).findings
    assert [each for each in found if each.code == "search-ignored" and "category" in each.what]


def test_without_a_self_link_nothing_is_said_to_be_ignored():
    assert "search-ignored" not in codes(examined({"Procedure": bundle()}))


def test_results_of_another_patient_are_an_error_whatever_the_status():
    found = examined({"Observation": bundle(observation(1), observation(2, patient="p2"))})
    assert "search-other-patient" in codes(found, Severity.ERROR)


def test_a_page_above_the_size_asked_for_is_a_note():
    many = bundle(*(observation(number) for number in range(30)))
    assert "search-count" in codes(examined({"Observation": many}), Severity.NOTE)


@pytest.mark.parametrize(
    ("days", "is_told"),
    [
        (("2026-03-01", "2026-02-01", "2025-01-01"), False),
        (("2026-03-01", "2026-03-02", "2026-03-01"), False),
        (("2026-03-01", "yesterday", "2026-01-01"), False),
        (("2025-01-01", "2026-02-01"), True),
    ],
)
def test_results_that_are_not_newest_first_are_told(days, is_told):
    page = bundle(*(observation(number, day) for number, day in enumerate(days)))
    assert ("search-unsorted" in codes(examined({"Observation": page}), Severity.WARNING)) is is_told


def declaring(**searches):
    resources = [
        {"type": kind, "searchParam": [{"name": name} for name in names]} for kind, names in searches.items()
    ]
    return {**METADATA, "rest": [{"mode": "server", "resource": resources}]}


def test_a_search_that_the_ehr_does_not_declare_is_named():
    found = examined({"metadata": declaring(Observation=["patient", "code"], Condition=["patient", "code"])})
    told = of_code(found, "search-undeclared").tell
    assert "Observation by category" in told
    assert "Procedure by patient" in told
    assert "Condition by" not in told


def test_an_ehr_that_declares_no_search_is_not_held_to_it():
    assert "search-undeclared" not in codes(examined({"metadata": METADATA}))


def test_without_a_patient_the_first_is_taken_and_none_is_said():
    assert "search" in codes(examined(patient_id=""))
    assert "searches-no-patient" in codes(examined({"Patient": bundle()}, patient_id=""))


@pytest.mark.parametrize("patient_id", ["../../admin", "a b", 7, None])
def test_what_is_no_id_is_no_patient_to_try_with(patient_id):
    person = {"resourceType": "Patient", "id": patient_id}
    assert "searches-no-patient" in codes(examined({"Patient": bundle(person)}, patient_id=""))
