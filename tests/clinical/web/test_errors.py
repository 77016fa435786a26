"""Failures as pages and as problem JSON: what, how to fix, and nothing of what was sent."""

from collections.abc import Callable

import pytest
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest
from django.test import Client, RequestFactory

from clinical.web import errors
from clinical.web.views import source
from compliance.access.models import Account
from ehr_integration.errors import EhrTimeout

SignIn = Callable[[str], Client]


@pytest.mark.django_db
def test_an_unknown_address_is_a_page_without_the_address(client: Client) -> None:
    response = client.get("/secret-name?patient=boris")
    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()
    assert "secret-name" not in response.content.decode()
    assert "boris" not in response.content.decode()


@pytest.mark.django_db
def test_an_unknown_address_of_the_api_is_problem_json(client: Client) -> None:
    response = client.get("/api/v1/nowhere")
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["type"] == "urn:tacit:problem:not-found"


@pytest.mark.parametrize("path", ["/ask", "/ask/stream", "/reviews"])
def test_a_body_that_is_too_large_is_told_as_such(sign_in: SignIn, path: str) -> None:
    response = sign_in("alma").post(path, {"question": "SECRET" * 20_000})
    assert response.status_code == 413
    assert "The request is too large" in response.content.decode()
    assert "SECRET" not in response.content.decode()


def test_a_request_that_is_too_large_is_problem_json_for_the_api() -> None:
    response = errors.bad_request(RequestFactory().post("/api/v1/queries"), RequestDataTooBig("x"))
    assert response.status_code == 413
    assert response.headers["Content-Type"] == "application/problem+json"


def test_a_suspicious_request_is_refused_without_its_words() -> None:
    response = errors.bad_request(RequestFactory().get("/"), SuspiciousOperation("SECRET"))
    assert response.status_code == 400
    assert "SECRET" not in response.content.decode()


def test_a_form_without_token_gets_a_page_that_says_what_to_do(rf: RequestFactory) -> None:
    response = errors.csrf_failure(rf.post("/ask"), reason="CSRF token missing")
    assert response.status_code == 403
    assert "reload the page" in response.content.decode()
    assert "CSRF" not in response.content.decode()


def test_an_unexpected_failure_shows_no_trace(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(source_id: str) -> None:
        raise RuntimeError("SECRET detail")

    monkeypatch.setattr(source, "read_source", broken)
    client = sign_in("alma")
    client.raise_request_exception = False
    response = client.get("/source?id=x")
    assert response.status_code == 500
    assert "This is a fault of ours" in response.content.decode()
    assert "SECRET" not in response.content.decode()


def test_an_expected_failure_that_no_view_told_keeps_its_status(rf: RequestFactory) -> None:
    assert _failing(rf.get("/api/v1/x"), EhrTimeout("slow")) == (504, "application/problem+json")
    assert _failing(rf.get("/"), EhrTimeout("slow"))[0] == 504


def test_the_page_of_a_failure_needs_no_database(rf: RequestFactory) -> None:
    assert errors.server_error(rf.get("/")).status_code == 500


def test_a_signed_in_account_keeps_its_navigation_on_a_problem_page(
    cast: dict[str, Account], client: Client
) -> None:
    client.force_login(cast["olga"])
    assert 'href="/audit"' in client.get("/nowhere").content.decode()


def _failing(request: HttpRequest, error: Exception) -> tuple[int, str]:
    try:
        raise error
    except EhrTimeout:
        response = errors.server_error(request)
    return response.status_code, response.headers["Content-Type"]
