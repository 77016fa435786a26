"""What a token may not do is not even asked; what the EHR refuses has a type."""

import json

import httpx
import pytest

from ehr_integration.errors import EhrInvalidResponse, EhrRefused, EhrUnavailable, ScopeMissing, TokenExpired
from ehr_integration.fhir.client import FhirClient, Version
from ehr_integration.fhir.origin import FhirEndpoint
from ehr_integration.fhir.scopes import Scopes
from tests.ehr_integration.ehr import bundle, serving

PATIENT = {"resourceType": "Patient", "id": "1"}


def client_for(ehr, scopes=None):
    return FhirClient(
        FhirEndpoint(
            base_url=ehr.base_url, bearer_token="secret", scopes=Scopes.parse(scopes) if scopes else None
        )
    )


def asked(ehr, ask, scopes=None):
    with client_for(ehr, scopes) as client:
        return ask(client, client.deadline())


def test_without_its_scope_nothing_is_sent():
    with serving(lambda path, query: bundle()) as ehr:
        with pytest.raises(ScopeMissing, match=r"Condition\.s"):
            asked(ehr, lambda c, d: c.search("Condition", {"patient": "1"}, deadline=d), "patient/Patient.rs")
        with pytest.raises(ScopeMissing, match=r"Patient\.r"):
            asked(ehr, lambda c, d: c.read("Patient", "1", deadline=d), "patient/Observation.rs")
        assert ehr.requests == []


def test_within_a_granular_scope_it_is():
    scopes = "patient/Observation.rs?category=laboratory"
    with serving(lambda path, query: bundle()) as ehr:
        asked(ehr, lambda c, d: c.search("Observation", {"category": "laboratory"}, deadline=d), scopes)
        with pytest.raises(ScopeMissing):
            asked(ehr, lambda c, d: c.search("Observation", {"category": "vital-signs"}, deadline=d), scopes)
        assert len(ehr.requests) == 1


def outcome(code):
    document = {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "error", "code": code, "diagnostics": "Ann"}],
    }
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("status", "headers", "body", "error", "code"),
    [
        (400, {}, outcome("too-costly"), EhrInvalidResponse, "too-costly"),
        (422, {}, outcome("not-supported"), EhrInvalidResponse, "not-supported"),
        (400, {}, outcome("Ann Samplewick"), EhrInvalidResponse, ""),
        (400, {}, b"<html>Ann</html>", EhrInvalidResponse, ""),
        (400, {}, b"[" * 70_000, EhrInvalidResponse, ""),
        (400, {}, outcome("throttled"), EhrUnavailable, None),
        (403, {"WWW-Authenticate": 'Bearer error="insufficient_scope"'}, b"", ScopeMissing, None),
        (401, {"WWW-Authenticate": 'Bearer error="invalid_token"'}, b"", TokenExpired, None),
        (401, {}, outcome("expired"), TokenExpired, None),
        (403, {}, outcome("forbidden"), EhrRefused, None),
    ],
)
def test_a_refusal_has_a_type_and_quotes_nothing(status, headers, body, error, code):
    with serving(lambda path, query: (status, headers, body)) as ehr, pytest.raises(error) as caught:
        asked(ehr, lambda c, d: c.search("Condition", {"patient": "1"}, deadline=d))
    assert "Ann" not in str(caught.value)
    if code is not None:
        assert caught.value.issue_code == code


def test_what_is_included_is_kept_apart_from_what_matches():
    page = bundle({"resourceType": "MedicationRequest", "id": "r"})
    page["entry"].append(
        {"resource": {"resourceType": "Medication", "id": "m"}, "search": {"mode": "include"}}
    )
    with serving(lambda path, query: page) as ehr:
        params = {"patient": "1", "_include": ["MedicationRequest:medication", "MedicationRequest:requester"]}
        found = asked(ehr, lambda c, d: c.search_pages("MedicationRequest", params, deadline=d))
        assert [each["id"] for each in found.resources] == ["r"]
        assert [each["id"] for each in found.included] == ["m"]
        assert ehr.requests[0][1]["_include"] == params["_include"]


def test_a_version_that_still_holds_is_not_sent_again():
    def handler(request):
        if request.headers.get("If-None-Match") == 'W/"7"':
            return httpx.Response(304)
        return httpx.Response(200, json=PATIENT, headers={"ETag": 'W/"7"'})

    endpoint = FhirEndpoint(base_url="https://ehr.example/fhir")
    with FhirClient(endpoint, transport=httpx.MockTransport(handler)) as client:
        first = client.read_version("Patient", "1", deadline=client.deadline())
        assert first == Version(resource=PATIENT, etag='W/"7"')
        assert client.read_version("Patient", "1", deadline=client.deadline(), known=first) is first


def test_a_batch_answers_each_in_its_place_and_sends_only_what_the_token_may_do():
    sent: list[str] = []

    def handler(request):
        document = json.loads(request.content)
        sent.extend(entry["request"]["url"] for entry in document["entry"])
        gone = {"response": {"status": "404 Not Found", "outcome": json.loads(outcome("not-found"))}}
        return httpx.Response(
            200,
            json={
                "resourceType": "Bundle",
                "entry": [{"resource": PATIENT, "response": {"status": "200"}}, gone],
            },
        )

    endpoint = FhirEndpoint(
        base_url="https://ehr.example/fhir", scopes=Scopes.parse("patient/Patient.r patient/Condition.rs")
    )
    with FhirClient(endpoint, transport=httpx.MockTransport(handler)) as client:
        asked_for = ["Patient/1", "Procedure?patient=1", "Condition/9"]
        patient, refused, missing = client.batch(asked_for, deadline=client.deadline())
    assert patient == PATIENT
    assert isinstance(refused, ScopeMissing)
    assert isinstance(missing, EhrInvalidResponse)
    assert missing.issue_code == "not-found"
    assert sent == ["Patient/1", "Condition/9"]


def test_two_users_share_connections_and_never_a_token():
    with serving(lambda path, query: PATIENT) as ehr:
        for token in ("first", "second", None):
            with FhirClient(FhirEndpoint(base_url=ehr.base_url, bearer_token=token)) as client:
                client.read("Patient", "1", deadline=client.deadline())
        assert [headers.get("Authorization") for _, _, headers in ehr.requests] == [
            "Bearer first",
            "Bearer second",
            None,
        ]
