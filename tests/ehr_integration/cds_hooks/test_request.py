import json

import pytest

from ehr_integration.cds_hooks.errors import RequestInvalid
from ehr_integration.cds_hooks.request import MAX_BYTES, read_request
from ehr_integration.connections.domain import Connection
from tests.ehr_integration.cds_hooks.documents import AUTHORIZATION, CONTEXTS, call, drafts, order

EHR = Connection(name="north", fhir_base_url="https://ehr.example.org/fhir")


def read(document):
    return read_request(json.dumps(document).encode(), connection=EHR)


def refusal(document):
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    with pytest.raises(RequestInvalid) as caught:
        read_request(body, connection=EHR)
    return caught.value.rule_id


def test_a_call_is_read():
    request = read(call("order-select", prefetch={"patient": None, "conditions": {"resourceType": "Bundle"}}))
    assert (request.hook, request.user, request.patient_id) == ("order-select", "Practitioner/dr1", "p1")
    assert request.hook_instance == "e9f6b9a0-366c-47af-b11b-f6d54797030a"
    assert (request.access_token, request.scope) == ("a-token-for-one-call", "patient/*.rs")
    assert request.selections == ("MedicationRequest/o1",)
    assert [draft["id"] for draft in request.drafts] == ["o1"]
    assert request.prefetch == {"patient": None, "conditions": {"resourceType": "Bundle"}}


@pytest.mark.parametrize("hook", CONTEXTS)
def test_every_hook_is_read(hook):
    assert read(call(hook)).patient_id == "p1"


def test_what_is_empty_is_as_good_as_absent():
    document = call(context={"encounterId": ""}, extension={})
    document |= {"fhirAuthorization": None, "fhirServer": None, "prefetch": None}
    request = read(document)
    assert (request.encounter_id, request.access_token, request.prefetch) == ("", "", {})


def test_a_token_goes_to_the_registered_server_only():
    assert read(call(fhirServer="https://ehr.example.org/fhir/")).access_token
    for server in (
        "https://evil.example.org/fhir",
        "http://ehr.example.org/fhir",
        "https://ehr.example.org/fhir/r4",
        "https://ehr.example.org",
        "https://ehr.example.org@evil.example.org/fhir",
        "https://ehr.example.org./fhir",
    ):
        assert refusal(call(fhirServer=server)) == "fhirServer"
    assert refusal(call(fhirServer=None)) == "cds-r-1"


def test_a_token_without_its_patient_is_served():
    unnamed = {name: value for name, value in AUTHORIZATION.items() if name != "patient"}
    assert read(call(fhirAuthorization=unnamed)).access_token


def test_nothing_of_another_patient_is_taken():
    other = {**AUTHORIZATION, "patient": "p2"}
    assert refusal(call(fhirAuthorization=other)) == "fhirAuthorization.patient"
    for strange in (
        order(patient="p2"),
        order(subject={"reference": "https://other.example.org/fhir/Patient/p1"}),
        order(resourceType="NutritionOrder", subject=None, patient="p1")
        | {"patient": {"reference": "Patient/p2"}},
    ):
        context = {"draftOrders": drafts(order(), strange)}
        assert refusal(call("order-sign", context=context)) == "context.draftOrders"
    same = order(subject={"reference": "https://ehr.example.org/fhir/Patient/p1"})
    assert read(call("order-sign", context={"draftOrders": drafts(same)})).drafts == (same,)


def test_a_hook_that_is_not_known_is_refused():
    assert refusal({**call(), "hook": "com.example-own-hook", "context": {"a": 1}}) == "hook"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'[{"hook": "patient-view"}]',
        b'{"hook": "a", "hook": "b"}',
        b'{"hook": "patient-view"}\n{"hook": "patient-view"}',
        b'{"hook": NaN}',
        b'{"hook": "\xff"}',
        b'{"hook":' + b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"expires_in": ' + b"9" * 5_000 + b"}",
    ],
)
def test_what_is_not_one_clear_json_object_is_refused(body):
    assert refusal(body) == "body"


def test_a_body_that_is_too_large_is_refused():
    assert refusal(b'{"a": "' + b"x" * MAX_BYTES + b'"}') == "body"


def test_a_prefetch_value_that_is_no_resource_is_left_to_its_key():
    assert read(call(prefetch={"conditions": [1]})).prefetch == {"conditions": [1]}


def test_neither_a_refusal_nor_a_call_shows_what_was_sent():
    with pytest.raises(RequestInvalid) as caught:
        read(call(context={"patientId": "secret patient"}))
    assert "secret" not in str(caught.value)
    assert str(caught.value) == "form:patientId: context.patientId is not as CDS Hooks has it"
    shown = repr(read(call("order-select")))
    assert not any(word in shown for word in ("p1", "a-token", "dr1", "Warfarin"))
