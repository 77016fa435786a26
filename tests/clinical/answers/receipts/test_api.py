"""POST /api/v1/receipts/verify."""

import json
from typing import Any

import pytest
from django.test import Client

from compliance.access.models import Account
from tests.clinical.answers.receipts.conftest import QUESTION, Give

ADDRESS = "/api/v1/receipts/verify"
Cast = dict[str, Account]


def post(account: Account, body: object) -> Any:
    client = Client()
    client.force_login(account)
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(ADDRESS, text, content_type="application/json")


def test_a_clinician_proves_their_own_answer(cast: Cast, give: Give) -> None:
    response = post(cast["alma"], {"document": give()})
    found = response.json()
    assert (response.status_code, found["outcome"]) == (200, "genuine")
    assert set(found["given"]) == {
        *("at", "by", "role", "purpose", "model", "prompt_version", "event_id", "ledger"),
    }
    assert response["Cache-Control"] == "no-store"


def test_neither_question_nor_answer_comes_back(cast: Cast, give: Give) -> None:
    document = give()
    document["message"] += " canary-in-the-answer"
    response = post(cast["olga"], {"document": document, "question": f"{QUESTION} canary-in-the-question"})
    assert response.json()["outcome"] == "altered"
    assert "canary" not in response.content.decode()


def test_a_long_answer_is_read_too(cast: Cast, give: Give) -> None:
    found = post(cast["olga"], {"document": {**give(), "padding": "x" * 200_000}})
    assert (found.status_code, found.json()["outcome"]) == (200, "altered")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ('{"document": {}, "document": {}}', 400, "parse-error"),
        ("{", 400, "parse-error"),
        ({"question": "q"}, 400, "request-invalid"),
        ([], 400, "request-invalid"),
    ],
)
def test_a_body_that_cannot_be_read_is_one_clear_problem(
    cast: Cast, body: object, status: int, code: str
) -> None:
    response = post(cast["olga"], body)
    assert (response.status_code, response.json()["type"]) == (status, f"urn:tacit:problem:{code}")


def test_other_roles_are_refused(cast: Cast) -> None:
    response = post(cast["ada"], {"document": {}})
    assert (response.status_code, response.json()["type"]) == (403, "urn:tacit:problem:access-denied")


def test_the_openapi_document_says_so(db: None) -> None:
    response = Client().get("/api/v1/schema", headers={"Accept": "application/vnd.oai.openapi+json"})
    assert response.json()["paths"][ADDRESS]["post"]["operationId"] == "verify-receipt"
