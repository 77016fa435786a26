import re
import time
import uuid
from contextlib import ExitStack
from datetime import date
from types import SimpleNamespace
from urllib.parse import parse_qsl

import pytest

from compliance.access.domain import Action
from compliance.errors import AccessDenied
from ehr_integration.cds_hooks.errors import PrefetchMissing
from ehr_integration.cds_hooks.prefetch import chart_of, templates
from ehr_integration.cds_hooks.request import CdsRequest
from ehr_integration.chart.domain import Category, FindingCode
from ehr_integration.chart.fetch import SEARCHES
from ehr_integration.connections.domain import Connection
from tests.ehr_integration.chart.record import EVERYTHING, need
from tests.ehr_integration.chart.record import record as record_of_p1
from tests.ehr_integration.chart.resources import (
    allergy,
    condition,
    encounter,
    note,
    observation,
    order,
    patient,
    pregnancy,
    pressure,
    procedure,
)
from tests.ehr_integration.ehr import LoopbackEhr, bundle, serving
from tests.ehr_integration.grants import grant_for

ON = date(2026, 5, 1)
NOT_FOUND = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "not-found"}]}
PROBLEMS = need(Category.CONDITIONS)
WHOLE = {
    "patient": patient(),
    "conditions": bundle(condition()),
    "medications": bundle(order()),
    "allergies": bundle(allergy()),
    "laboratory": bundle(observation()),
    "vital-signs": bundle(pressure(142, 86, "v1")),
    "pregnancy": bundle(pregnancy()),
    "pregnancy-2": bundle(),
    "procedures": bundle(procedure()),
    "encounters": bundle(encounter()),
    "notes": bundle(note("Seen today.")),
}


def record(path, query):
    """The whole record of p1, each resource with an id of its own."""
    return WHOLE["vital-signs"] if query.get("category") == ["vital-signs"] else record_of_p1(path, query)


def record_with(**changed):
    """The record, with the answer to some resource types replaced."""
    return lambda path, query: changed.get(path.split("/")[2]) or record(path, query)


@pytest.fixture
def chart(settings):
    """Reads the chart of a call; with `answer`, the token is good at an EHR that answers so, the last of `ehrs`."""
    settings.TACIT_CDS_DEADLINE_SECONDS = 3
    with ExitStack() as stack:
        ehrs: list[LoopbackEhr] = []

        def read(prefetch, *, needed=EVERYTHING, answer=None, patient_id="p1", scope="patient/*.rs"):
            if answer is not None:
                ehrs.append(stack.enter_context(serving(answer)))
            base_url = ehrs[-1].base_url if answer else "https://ehr.example.org/fhir"
            request = CdsRequest(
                hook="patient-view",
                hook_instance=str(uuid.uuid4()),
                user="Practitioner/dr1",
                patient_id="p1",
                access_token="token-1" if answer else "",
                scope=scope,
                prefetch=prefetch,
            )
            connection = Connection(name="north", fhir_base_url=base_url, is_internal=True)
            allowed = grant_for(patient_id, action=Action.DECISION_SUPPORT)
            return chart_of(request, grant=allowed, need=needed, connection=connection, on=ON)

        yield SimpleNamespace(read=read, ehrs=ehrs)


def missing(chart):
    return {finding.reference for finding in chart.findings if finding.code is FindingCode.PREFETCH_MISSING}


def incomplete(chart):
    return {finding.reference for finding in chart.findings if finding.code is FindingCode.INCOMPLETE}


def references(chart):
    return {fact.reference for fact in chart.facts}


def test_what_was_sent_is_the_chart_and_nothing_is_asked_for(chart):
    found = chart.read(WHOLE, answer=record)
    assert {fact.category for fact in found.facts} == set(Category)
    assert (found.patient.id, missing(found), chart.ehrs[-1].requests) == ("p1", set(), [])


def test_what_was_not_sent_is_fetched_with_the_token(chart):
    found = chart.read({"patient": patient(), "conditions": bundle(condition())}, answer=record)
    assert {fact.category for fact in found.facts} == set(Category)
    assert missing(found) == set()
    assert "/fhir/Patient/p1" not in chart.ehrs[-1].paths
    assert {headers["Authorization"] for _, _, headers in chart.ehrs[-1].requests} == {"Bearer token-1"}
    assert all(query["patient"] == ["p1"] for _, query, _ in chart.ehrs[-1].requests)


def test_what_the_token_may_not_read_is_not_asked_for(chart):
    needed = need(Category.CONDITIONS, Category.ALLERGIES)
    scope = "launch patient/Patient.rs patient/Condition.rs"
    found = chart.read({}, needed=needed, answer=record, scope=scope)
    assert (references(found), missing(found)) == ({"Condition/c1"}, {"allergies"})
    assert chart.ehrs[-1].paths == ["/fhir/Condition", "/fhir/Patient/p1"]


def test_null_says_that_there_is_nothing(chart):
    found = chart.read({**WHOLE, "conditions": None, "pregnancy": None}, answer=record)
    assert not any(fact.category is Category.CONDITIONS for fact in found.facts)
    assert (missing(found), chart.ehrs[-1].requests) == (set(), [])


@pytest.mark.parametrize(
    "value",
    [
        NOT_FOUND,
        bundle(NOT_FOUND),
        "a text",
        [condition()],
        {"resourceType": "Bundle", "entry": "none"},
        {"resourceType": "Bundle", "entry": [{"response": {"status": "404"}}]},
        {"no": "type"},
        allergy(),
        bundle(allergy()),
    ],
)
def test_what_is_no_answer_counts_as_not_sent(chart, value):
    sent = {"patient": patient(), "conditions": value}
    unfetched = chart.read(sent, needed=PROBLEMS)
    assert (missing(unfetched), unfetched.facts) == ({"conditions"}, ())
    fetched = chart.read(sent, needed=PROBLEMS, answer=record)
    assert (missing(fetched), references(fetched)) == (set(), {"Condition/c1"})


def test_a_single_resource_is_a_list_of_one(chart):
    found = chart.read({"patient": patient(), "conditions": condition("only")}, needed=PROBLEMS)
    assert references(found) == {"Condition/only"}


def test_without_a_token_what_was_not_sent_is_said(chart):
    found = chart.read({"patient": patient()}, needed=need(Category.CONDITIONS, Category.VITAL_SIGNS))
    assert missing(found) == {"conditions", "vital-signs"}
    assert not found.facts


def test_what_cannot_be_fetched_either_is_said_and_the_rest_is_used(chart):
    answers = record_with(Condition=(403, {}, b""), AllergyIntolerance=(500, {}, b""))
    found = chart.read({"patient": patient()}, answer=answers)
    assert missing(found) == {"conditions", "allergies", "pregnancy"}
    assert {fact.category for fact in found.facts} == set(Category) - {
        Category.CONDITIONS,
        Category.ALLERGIES,
        Category.PREGNANCY,
    }


def test_without_the_patient_there_is_no_chart(chart):
    for sent in (
        {},
        {"patient": None},
        {"patient": NOT_FOUND},
        {"patient": patient("p2")},
        {"patient": "p1"},
    ):
        with pytest.raises(PrefetchMissing):
            chart.read({"conditions": bundle(condition()), **sent}, needed=PROBLEMS)
    with pytest.raises(PrefetchMissing):
        chart.read({}, needed=PROBLEMS, answer=record_with(Patient=(404, {}, b"")))
    assert chart.read({}, needed=PROBLEMS, answer=record).patient.id == "p1"


def test_a_further_page_is_fetched_from_the_ehr_and_never_from_where_the_link_leads(chart):
    with serving(record) as elsewhere:
        page = bundle(condition("first"), next_link=f"{elsewhere.base_url}/Condition?page=2")
        sent = {"patient": patient(), "conditions": page}
        found = chart.read(sent, needed=PROBLEMS, answer=record)
        assert references(found) == {"Condition/c1"}
        assert incomplete(found) == set()
        unfetched = chart.read(sent, needed=PROBLEMS)
        assert references(unfetched) == {"Condition/first"}
        assert (incomplete(unfetched), missing(unfetched)) == ({"Condition"}, set())
        assert elsewhere.requests == []


def test_a_warning_beside_what_was_sent_is_said(chart):
    warning = {"resourceType": "OperationOutcome", "issue": [{"severity": "warning", "code": "incomplete"}]}
    found = chart.read({"patient": patient(), "conditions": bundle(condition(), warning)}, needed=PROBLEMS)
    assert (references(found), incomplete(found)) == ({"Condition/c1"}, {"Condition"})


@pytest.mark.parametrize(
    "subject",
    [
        "Patient/p2",
        "https://other.example.org/fhir/Patient/p1",
        "https://ehr.example.org/fhir/../Patient/p1",
        "#p1",
        "urn:uuid:e9f6b9a0-366c-47af-b11b-f6d54797030a",
    ],
)
def test_nothing_of_another_patient_enters(chart, subject):
    strange = condition("strange", subject={"reference": subject}, contained=[patient()])
    found = chart.read({"patient": patient(), "conditions": bundle(condition(), strange)}, needed=PROBLEMS)
    assert (found.facts, missing(found)) == ((), {"conditions"})
    fetched = chart.read(
        {"patient": patient()},
        needed=PROBLEMS,
        answer=record_with(Condition=bundle(condition(), strange)),
    )
    assert (fetched.facts, missing(fetched)) == ((), {"conditions"})


def test_what_was_put_beside_the_answer_does_not_enter(chart):
    other = {
        "resource": condition("other", subject={"reference": "Patient/p2"}),
        "search": {"mode": "include"},
    }
    vital = {"resource": pressure(142, 86), "search": {"mode": "include"}}
    page = bundle(allergy())
    page["entry"] += [other, vital, {"resource": patient("p2"), "search": {"mode": "include"}}]
    found = chart.read(
        {
            "patient": patient(),
            "allergies": page,
            "vital-signs": bundle(pressure(142, 86, "v1")),
            "user": patient("p3"),
        },
        needed=need(Category.ALLERGIES),
    )
    assert {fact.category for fact in found.facts} == {Category.ALLERGIES}
    assert references(found) == {"AllergyIntolerance/a1"}


def test_a_search_for_pregnancy_brings_no_other_facts(chart):
    needed = need(Category.PREGNANCY)
    found = chart.read({}, needed=needed, answer=record)
    assert {fact.category for fact in found.facts} == {Category.PREGNANCY}


def test_of_what_was_sent_in_part_the_part_is_used_and_the_rest_is_said(chart):
    half = chart.read(
        {"patient": patient(), "pregnancy": bundle(pregnancy())}, needed=need(Category.PREGNANCY)
    )
    assert (references(half), missing(half)) == ({"Observation/g1"}, {"pregnancy"})


def test_a_list_that_was_fetched_and_is_not_all_is_said(chart):
    warning = {"resourceType": "OperationOutcome", "issue": [{"severity": "warning", "code": "incomplete"}]}
    answers = record_with(Condition=bundle(condition(), warning))
    found = chart.read({"patient": patient()}, needed=PROBLEMS, answer=answers)
    assert (references(found), incomplete(found)) == ({"Condition/c1"}, {"Condition"})


def test_a_slow_ehr_holds_up_a_call_no_longer_than_the_deadline(chart, settings):
    def answer(path, query):
        time.sleep(0.3)
        return record(path, query)

    settings.TACIT_CDS_DEADLINE_SECONDS = 0.1
    found = chart.read({"patient": patient()}, needed=PROBLEMS, answer=answer)
    assert (found.facts, missing(found)) == ((), {"conditions"})


def test_a_medicine_that_only_a_reference_names_is_read(chart):
    reference = {"reference": "Medication/med1"}
    medication = {"resourceType": "Medication", "id": "med1", "code": {"text": "Apixaban 5 mg tablet"}}
    nameless = order(medicationCodeableConcept=None, medicationReference=reference)
    sent = {"patient": patient(), "medications": bundle(nameless)}
    needed = need(Category.MEDICATIONS)
    answers = {
        "/fhir/MedicationRequest": bundle(nameless),
        "/fhir/Medication/med1": medication,
    }
    fetched = chart.read(sent, needed=needed, answer=lambda path, query: answers[path])
    assert [fact.name for fact in fetched.facts] == ["Apixaban 5 mg tablet"]
    page = bundle(nameless)
    page["entry"].append({"resource": medication, "search": {"mode": "include"}})
    beside = chart.read(
        {**sent, "medications": page}, needed=needed, answer=lambda path, query: answers[path]
    )
    assert [fact.name for fact in beside.facts] == ["Apixaban 5 mg tablet"]
    assert chart.ehrs[-1].requests == []
    assert missing(chart.read(sent, needed=needed)) == set()


def test_a_grant_to_something_else_is_refused(chart):
    with pytest.raises(AccessDenied):
        chart.read(WHOLE, patient_id="p2")


def test_templates_ask_for_what_a_chart_is_read_from():
    asked = templates(EVERYTHING)
    assert asked.pop("patient") == "Patient/{{context.patientId}}"
    assert set(asked) == set(WHOLE) - {"patient"}
    searches = sorted((kind, params) for found in SEARCHES.values() for kind, params in found_in(found))
    assert searches == sorted(
        (query.partition("?")[0], tuple(parse_qsl(query.partition("&")[2]))) for query in asked.values()
    )
    assert set(templates(PROBLEMS)) == {"patient", "conditions"}


def found_in(searches):
    return [(kind, tuple(params.items())) for kind, params in searches]


def test_templates_use_only_what_every_client_can_do():
    """Source: CDS Hooks 2.0.1, "Prefetch query restrictions"."""
    plain = r"(?:category|code|_count|_sort)=[A-Za-z0-9\-.,:/|]+"
    form = re.compile(rf"[A-Z][A-Za-z]+\?patient={{{{context\.patientId}}}}(?:&{plain})*")
    asked = templates(EVERYTHING)
    del asked["patient"]
    assert all(form.fullmatch(template) for template in asked.values())
