"""Which error each answer of an EHR is."""

import httpx
import pytest

from ehr_integration.errors import (
    EhrInvalidResponse,
    EhrRefused,
    EhrTimeout,
    EhrUnavailable,
    PatientNotFound,
)
from ehr_integration.fhir.client import FhirClient
from ehr_integration.fhir.origin import FhirEndpoint

SECRET = "pat-secret-7"
ENDPOINT = FhirEndpoint(base_url="https://ehr.example/fhir", bearer_token="token-1", deadline_seconds=2)


def ask(answer, *, operation="read"):
    """The resource or the resources, from an EHR that gives one answer to everything."""
    handler = answer if callable(answer) else lambda request: answer
    with FhirClient(ENDPOINT, transport=httpx.MockTransport(handler)) as client:
        if operation == "read":
            return client.read("Patient", SECRET, deadline=client.deadline())
        return client.search("Condition", {"patient": SECRET}, deadline=client.deadline())


@pytest.mark.parametrize(
    ("status", "on_read", "on_search"),
    [
        (401, EhrRefused, EhrRefused),
        (403, EhrRefused, EhrRefused),
        (404, PatientNotFound, EhrInvalidResponse),
        (410, PatientNotFound, EhrInvalidResponse),
        (400, EhrInvalidResponse, EhrInvalidResponse),
        (201, EhrInvalidResponse, EhrInvalidResponse),
        (302, EhrInvalidResponse, EhrInvalidResponse),
        (429, EhrUnavailable, EhrUnavailable),
        (500, EhrUnavailable, EhrUnavailable),
        (503, EhrUnavailable, EhrUnavailable),
        (504, EhrUnavailable, EhrUnavailable),
    ],
)
def test_every_status_is_its_error_and_the_message_names_no_patient(status, on_read, on_search):
    body = {"resourceType": "OperationOutcome", "issue": [{"diagnostics": SECRET}]}
    headers = {"Location": f"https://elsewhere.example/{SECRET}"}
    for operation, expected in (("read", on_read), ("search", on_search)):
        with pytest.raises(expected) as caught:
            ask(httpx.Response(status, json=body, headers=headers), operation=operation)
        assert type(caught.value) is expected
        assert SECRET not in str(caught.value)
        assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (httpx.ConnectError, EhrUnavailable),
        (httpx.ReadError, EhrUnavailable),
        (httpx.RemoteProtocolError, EhrUnavailable),
        (httpx.ConnectTimeout, EhrTimeout),
        (httpx.ReadTimeout, EhrTimeout),
    ],
)
def test_a_broken_connection_is_unavailable_and_a_slow_one_a_timeout(failure, expected):
    def fail(request):
        raise failure(f"at {request.url}", request=request)

    with pytest.raises(expected) as caught:
        ask(fail)
    assert SECRET not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    "body",
    [
        b"<html>Sign in</html>",
        b"",
        b"[]",
        b"null",
        b'{"resourceType": "Patient", "id": NaN}',
        b"[" * 100_000,
        b"\xff\xfe{",
        b'{"resourceType": "Practitioner", "id": "pat-secret-7"}',
        b'{"resourceType": "Patient", "id": "another"}',
    ],
)
def test_an_answer_that_is_not_the_patient_asked_for_is_invalid(body):
    with pytest.raises(EhrInvalidResponse):
        ask(httpx.Response(200, content=body))


@pytest.mark.parametrize(
    "answer",
    [
        {"resourceType": "OperationOutcome", "issue": []},
        {"resourceType": "Bundle", "entry": {}},
        {"resourceType": "Bundle", "entry": [None]},
        {"resourceType": "Bundle", "entry": [{"fullUrl": "urn:1"}]},
        {"resourceType": "Bundle", "entry": [{"resource": {"id": "1"}}]},
        {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Observation"}}]},
    ],
)
def test_an_answer_that_is_not_a_searchset_of_the_type_is_invalid(answer):
    with pytest.raises(EhrInvalidResponse):
        ask(httpx.Response(200, json=answer), operation="search")


@pytest.mark.parametrize("patient_id", ["", "a/b", "..", "a?b", "é", "x" * 65, "a\n", "%2e", "$everything"])
def test_what_is_no_fhir_id_never_reaches_an_address(patient_id):
    transport = httpx.MockTransport(lambda request: pytest.fail("was asked"))
    with FhirClient(ENDPOINT, transport=transport) as client, pytest.raises(PatientNotFound):
        client.read("Patient", patient_id, deadline=client.deadline())


def test_the_token_is_sent_and_never_shown():
    seen = []

    def handler(request):
        seen.append(request.headers["Authorization"])
        return httpx.Response(200, json={"resourceType": "Patient", "id": SECRET})

    ask(handler)
    assert seen == ["Bearer token-1"]
    assert "token-1" not in repr(ENDPOINT)
