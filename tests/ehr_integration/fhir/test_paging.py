"""A search follows its pages, within the EHR's own addresses and within bounds."""

import httpx
import pytest

from ehr_integration.errors import EhrInvalidResponse
from ehr_integration.fhir import client as client_module
from ehr_integration.fhir.client import MAX_PAGES, FhirClient
from ehr_integration.fhir.origin import FhirEndpoint
from tests.ehr_integration.ehr import bundle

BASE = "https://ehr.example/fhir"


def condition(key):
    return {"resourceType": "Condition", "id": str(key)}


def client_of(handler):
    return FhirClient(
        FhirEndpoint(base_url=BASE, bearer_token="token-1"), transport=httpx.MockTransport(handler)
    )


def search(handler, **params):
    with client_of(handler) as client:
        return client.search("Condition", params, deadline=client.deadline())


def search_pages(answer):
    with client_of(lambda request: httpx.Response(200, json=answer)) as client:
        return client.search_pages("Condition", {}, deadline=client.deadline())


@pytest.mark.parametrize(
    "link", [f"{BASE}/Condition?page=2", f"{BASE}?page=2", "/fhir?page=2", "Condition?page=2", "?page=2"]
)
def test_pages_are_followed_within_the_base(link):
    def handler(request):
        if request.url.params.get("page") == "2":
            return httpx.Response(200, json=bundle(condition(2)))
        assert request.url.params["patient"] == "a b"
        return httpx.Response(200, json=bundle(condition(1), next_link=link))

    assert [found["id"] for found in search(handler, patient="a b")] == ["1", "2"]


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/fhir/Condition?page=2",
        "http://ehr.example/fhir/Condition?page=2",
        "https://ehr.example:8443/fhir/Condition?page=2",
        "https://ehr.example.evil.example/fhir",
        "https://ehr.example@evil.example/fhir/Condition",
        "https://user:pass@ehr.example/fhir/Condition",
        "//evil.example/fhir/Condition",
        "https://ehr.example/other?page=2",
        "https://ehr.example/fhirs?page=2",
        "https://ehr.example/fhir/../admin",
        "https://ehr.example/fhir/%2e%2e/admin",
        "https://ehr.example/fhir/%252e%252e/admin",
        "https://ehr.example/fhir/..%2fadmin",
        "https://ehr.example/fhir/..\\admin",
        "file:///etc/passwd",
        "urn:uuid:1",
        "https://[::1",
        "https://ehr.example:99999/fhir",
        "\x00",
    ],
)
def test_a_next_link_that_leaves_the_ehr_is_refused_and_nothing_is_sent_there(link):
    asked = []

    def handler(request):
        asked.append(str(request.url))
        return httpx.Response(200, json=bundle(condition(1), next_link=link))

    with pytest.raises(EhrInvalidResponse):
        search(handler)
    assert asked == [f"{BASE}/Condition"]


def test_pages_without_end_are_an_invalid_answer_or_an_incomplete_searchset():
    asked = []

    def handler(request):
        asked.append(request)
        return httpx.Response(200, json=bundle(condition(len(asked)), next_link=f"{BASE}?page={len(asked)}"))

    with pytest.raises(EhrInvalidResponse):
        search(handler)
    assert len(asked) == MAX_PAGES
    found = search_pages(bundle(condition(1), next_link=f"{BASE}?page=1"))
    assert not found.is_complete
    assert len(found.resources) == MAX_PAGES


def test_a_redirect_is_not_followed():
    asked = []

    def handler(request):
        asked.append(str(request.url))
        return httpx.Response(307, headers={"Location": "https://evil.example/fhir/Condition"})

    with pytest.raises(EhrInvalidResponse):
        search(handler)
    assert asked == [f"{BASE}/Condition"]


def outcome(severity):
    return {"resourceType": "OperationOutcome", "issue": [{"severity": severity, "code": "processing"}]}


@pytest.mark.parametrize(("severity", "has_warning"), [("warning", True), ("information", False)])
def test_an_outcome_among_the_results_is_never_a_resource(severity, has_warning):
    answer = bundle(condition(1))
    answer["entry"].append({"resource": outcome(severity), "search": {"mode": "outcome"}})
    found = search_pages(answer)
    assert [resource["id"] for resource in found.resources] == ["1"]
    assert found.has_warning is has_warning


def test_an_error_among_the_results_is_not_a_complete_answer():
    with pytest.raises(EhrInvalidResponse):
        search_pages(bundle(condition(1), outcome("error")))


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_an_answer_over_the_cap_is_refused(monkeypatch, encoding):
    import gzip

    monkeypatch.setattr(client_module, "MAX_RESPONSE_BYTES", 1000)
    body = b'{"resourceType": "Bundle"' + b" " * 1000 + b"}"
    packed = gzip.compress(body) if encoding == "gzip" else body
    answer = httpx.Response(200, content=packed, headers={"Content-Encoding": encoding})
    with pytest.raises(EhrInvalidResponse, match="over 1000 bytes"):
        search(lambda request: answer)


@pytest.mark.parametrize(("encoding", "body"), [("br", b"{}"), ("gzip, gzip", b"{}"), ("gzip", b"not gzip")])
def test_an_encoding_that_cannot_be_trusted_is_refused(encoding, body):
    with pytest.raises(EhrInvalidResponse):
        search(lambda request: httpx.Response(200, headers={"Content-Encoding": encoding}, stream=Raw(body)))


class Raw(httpx.SyncByteStream):
    def __init__(self, body):
        self.body = body

    def __iter__(self):
        yield self.body
