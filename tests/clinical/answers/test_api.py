"""The question API: JSON, events, problems, OpenAPI."""

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client
from openapi_spec_validator import validate

from clinical.answers import engines
from compliance.access.models import Account
from tests.clinical.answers.conftest import ScriptedEngine
from tests.conftest import PASSWORD
from tests.ehr_integration.ehr import serving

QUESTION = "Should this patient be anticoagulated, and with what?"
Cast = dict[str, Account]
Ask = Callable[..., Any]


@pytest.fixture
def ask(cast: Cast, engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch) -> Ask:
    monkeypatch.setattr(engines, "configured_engine", lambda: engine)
    client = Client()
    client.login(username="alma", password=PASSWORD)

    def post(body: Any, **headers: str) -> Any:
        data = body if isinstance(body, str) else json.dumps(body)
        return client.post("/api/v1/queries", data, content_type="application/json", headers=headers)

    return post


@pytest.mark.usefixtures("demo_ehr", "small_evidence")
def test_an_answer_has_the_documented_shape(ask: Ask) -> None:
    response = ask({"patient": "af-ckd", "question": QUESTION})
    answer = response.json()
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert answer["status"] == "answered"
    cited = [claim for claim in answer["claims"] if claim["citations"]]
    assert {"source_id", "title", "year", "quote", "start", "end"} <= set(cited[0]["citations"][0])
    assert [claim for claim in answer["claims"] if claim["chart_references"]]
    assert {"facts", "dropped_claims", "receipt_id"} <= set(answer)


@pytest.mark.usefixtures("demo_ehr", "small_evidence")
def test_a_citation_opens_its_source_and_the_quote_is_there(ask: Ask, cast: Cast) -> None:
    answer = ask({"patient": "af-ckd", "question": QUESTION}).json()
    client = Client()
    client.login(username="alma", password=PASSWORD)
    for claim in answer["claims"]:
        for citation in claim["citations"]:
            source = client.get("/api/v1/sources", {"id": citation["source_id"]}).json()
            assert source["text"][citation["start"] : citation["end"]] == citation["quote"]
            assert source["retraction"] == {"state": "unknown", "checked_on": None}
            assert (source["retracted"], source["has_concern"], source["is_corrected"]) == (False,) * 3


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"patient": "af-ckd", "question": ""}, 422, "question-invalid"),
        ({"patient": "af-ckd", "question": "a" * 3_000}, 422, "question-invalid"),
        ({"patient": "af-ckd", "question": "a\x00b"}, 422, "question-invalid"),
        ({"patient": "nobody", "question": QUESTION}, 404, "patient-not-found"),
        ({"question": QUESTION}, 400, "request-invalid"),
        ({"patient": "af-ckd", "question": 5, "purpose": "MARKETING"}, 400, "request-invalid"),
        ("{not json", 400, "parse-error"),
        ([1, 2], 400, "request-invalid"),
    ],
)
def test_bad_input_is_one_clear_problem(ask: Ask, body: object, status: int, code: str) -> None:
    response = ask(body)
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["type"] == f"urn:tacit:problem:{code}"
    assert "Traceback" not in response.content.decode()
    assert response.json()["detail"]


def test_a_body_of_100_kb_is_refused_unread(ask: Ask) -> None:
    response = ask({"patient": "af-ckd", "question": "a" * 100_000})
    assert response.status_code == 413
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.usefixtures("small_evidence")
def test_an_ehr_that_is_down_is_a_problem(ask: Ask, settings: object) -> None:
    settings.FHIR_BASE_URL = "http://127.0.0.1:9/fhir"  # type: ignore[attr-defined]  # pytest-django's
    response = ask({"patient": "af-ckd", "question": QUESTION})
    assert (response.status_code, response.json()["type"]) == (503, "urn:tacit:problem:ehr-unavailable")


@pytest.mark.usefixtures("small_evidence")
def test_an_ehr_that_is_slow_is_a_problem(ask: Ask, settings: object) -> None:
    with serving(lambda _path, _query: lambda _connection: time.sleep(1)) as slow:
        settings.FHIR_BASE_URL = slow.base_url  # type: ignore[attr-defined]  # pytest-django's
        settings.FHIR_DEADLINE_SECONDS = 0.2  # type: ignore[attr-defined]
        response = ask({"patient": "af-ckd", "question": QUESTION})
    assert (response.status_code, response.json()["type"]) == (504, "urn:tacit:problem:ehr-timeout")


@pytest.mark.usefixtures("demo_ehr", "small_evidence")
def test_a_model_that_is_missing_leaves_the_sources_own_words(ask: Ask, engine: ScriptedEngine) -> None:
    engine.is_down = True
    response = ask({"patient": "af-ckd", "question": QUESTION})
    document = response.json()
    assert (response.status_code, document["status"], document["model"]) == (200, "answered", None)
    assert {claim["drafted_by"] for claim in document["claims"]} == {"chart", "source"}


def test_who_is_not_signed_in_gets_nothing(db: None) -> None:
    response = Client().post("/api/v1/queries", "{}", content_type="application/json")
    assert response.status_code in {401, 403}
    assert response["Content-Type"] == "application/problem+json"


def test_a_reviewer_may_not_ask_about_a_patient(cast: Cast) -> None:
    credentials = base64.b64encode(f"ravi:{PASSWORD}".encode()).decode()
    response = Client().post(
        "/api/v1/queries",
        json.dumps({"patient": "af-ckd", "question": QUESTION}),
        content_type="application/json",
        headers={"Authorization": f"Basic {credentials}"},
    )
    assert (response.status_code, response.json()["type"]) == (403, "urn:tacit:problem:access-denied")


@pytest.mark.usefixtures("demo_ehr")
def test_patients_in_care_are_listed(cast: Cast) -> None:
    client = Client()
    client.login(username="alma", password=PASSWORD)
    patients = client.get("/api/v1/patients").json()
    assert len(patients) == 8
    assert {"id", "name", "sex", "birth_date", "age_years"} == set(patients[0])
    client.login(username="carla", password=PASSWORD)
    assert client.get("/api/v1/patients").json() == []


def test_an_unknown_source_is_not_found(ask: Ask, cast: Cast, small_evidence: None) -> None:
    client = Client()
    client.login(username="alma", password=PASSWORD)
    response = client.get("/api/v1/sources", {"id": "pmid:999"})
    assert (response.status_code, response.json()["type"]) == (404, "urn:tacit:problem:source-not-found")


def test_the_openapi_document_is_served_and_valid(db: None) -> None:
    response = Client().get("/api/v1/schema", headers={"Accept": "application/vnd.oai.openapi+json"})
    document = response.json()
    validate(document)
    assert {"/api/v1/queries", "/api/v1/patients", "/api/v1/reviews"} <= set(document["paths"])


@pytest.mark.usefixtures("demo_ehr", "small_evidence")
def test_events_arrive_one_by_one(
    cast: Cast, engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "configured_engine", lambda: engine)

    async def event_names() -> list[str]:
        client = AsyncClient()
        await client.alogin(username="alma", password=PASSWORD)
        response = await client.post(
            "/api/v1/queries",
            json.dumps({"patient": "af-ckd", "question": QUESTION}),
            content_type="application/json",
            headers={"Accept": "text/event-stream"},
        )
        assert response["Content-Type"] == "text/event-stream"
        stream = response.streaming_content  # type: ignore[attr-defined]  # the stubs know plain responses only
        return [part.decode().split("\n")[0].removeprefix("event: ") async for part in stream]

    names = async_to_sync(event_names)()
    assert names[:5] == ["facts", "specialty", "calculators", "safety", "evidence"]
    assert set(names[5:-2]) == {"claim"}
    assert names[-2:] == ["answer", "receipt"]
