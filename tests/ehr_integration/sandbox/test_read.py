"""Read, metadata, and what every error looks like."""

import time

import httpx
import pytest
from fhir.resources.R4B import get_fhir_model_class

from ehr_integration.sandbox.parameters import PARAMETERS
from ehr_integration.sandbox.server import Options, create_app
from ehr_integration.sandbox.store import Store


def _outcome(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/fhir+json"
    get_fhir_model_class("OperationOutcome").model_validate(response.json())
    return response.status_code, response.json()["issue"][0]["code"]


def test_a_read_gives_the_resource_its_version_and_its_date(client, store):
    response = client.get("/fhir/Patient/af-ckd")
    assert response.json() == store.read("Patient", "af-ckd")
    assert response.headers["content-type"] == "application/fhir+json"
    assert response.headers["etag"] == 'W/"1"'
    assert response.headers["last-modified"] == "Mon, 12 Oct 2026 10:45:00 GMT"


def test_the_capability_statement_is_valid_and_declares_what_the_search_knows(client):
    statement = client.get("/fhir/metadata").json()
    get_fhir_model_class("CapabilityStatement").model_validate(statement)
    assert statement["fhirVersion"] == "4.0.1"
    declared = {r["type"]: {p["name"] for p in r["searchParam"]} for r in statement["rest"][0]["resource"]}
    assert declared == {name: set(parameters) for name, parameters in PARAMETERS.items()}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/fhir/Spaceship", (404, "not-supported")),
        ("/fhir/Spaceship/1", (404, "not-supported")),
        ("/elsewhere", (404, "not-supported")),
        ("/fhir/Patient/nobody", (404, "not-found")),
        ("/fhir/Observation?colour=red", (400, "not-supported")),
        ("/fhir/Observation?code:text=inr", (400, "not-supported")),
        ("/fhir/Observation?patient=", (400, "value")),
        ("/fhir/Observation?code=6301-6,", (400, "value")),
        ("/fhir/Observation?date=yesterday", (400, "value")),
        ("/fhir/Observation?date=2026-13-01", (400, "value")),
        ("/fhir/Observation?date=ne2026", (400, "value")),
        ("/fhir/Observation?date=9999", (400, "value")),
        ("/fhir/Observation?_count=ten", (400, "value")),
        ("/fhir/Observation?_count=-1", (400, "value")),
        (f"/fhir/Observation?_count={'9' * 5000}", (400, "value")),
        ("/fhir/Observation?_count=5&_count=6", (400, "value")),
        ("/fhir/Observation?_sort=code", (400, "value")),
        ("/fhir/Patient?_sort=date", (400, "value")),
        ("/fhir/Observation?_page=forged", (400, "value")),
        ("/fhir/Observation?_page=é", (400, "value")),
    ],
)
def test_an_error_is_an_operation_outcome(client, path, expected):
    assert _outcome(client.get(path)) == expected


def test_a_wrong_method_is_405_and_names_the_right_one(client):
    response = client.request("POST", "/fhir/Patient")
    assert _outcome(response) == (405, "not-supported")
    assert "GET" in response.headers["allow"]


@pytest.mark.parametrize("accept", ["application/fhir+xml", "text/xml, application/xml;q=0.9"])
def test_a_client_that_takes_only_xml_gets_406(client, accept):
    assert _outcome(client.get("/fhir/metadata", headers={"Accept": accept})) == (406, "not-supported")


@pytest.mark.parametrize(
    "accept", ["application/fhir+json", "application/fhir+xml, */*;q=0.1", "application/json"]
)
def test_a_client_that_takes_json_too_is_answered(client, accept):
    assert client.get("/fhir/metadata", headers={"Accept": accept}).status_code == 200


def test_a_failure_inside_is_500_without_detail(client_of):
    broken = Store({"Patient": {"x": {"resourceType": "Patient", "id": "x", "secret": "of the patient"}}})
    response = client_of(create_app(broken)).get("/fhir/Patient/x")
    assert _outcome(response) == (500, "exception")
    assert "secret" not in response.text
    assert "KeyError" not in response.text


def test_an_error_repeats_nothing_of_the_request(client):
    for path in ("/fhir/Patient/jane-roe", "/fhir/Patient?jane-roe=1", "/fhir/Observation?date=jane-roe"):
        assert "jane-roe" not in client.get(path).text


def test_every_answer_waits_for_the_delay(client_of, store):
    slow = client_of(create_app(store, Options(delay_seconds=0.2)))
    for path in ("/fhir/Patient/child", "/fhir/Patient/nobody"):
        began = time.monotonic()
        slow.get(path)
        assert time.monotonic() - began >= 0.2
