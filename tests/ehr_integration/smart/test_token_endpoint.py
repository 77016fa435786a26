import base64
import time

import pytest

from ehr_integration.connections.store import connection_named
from ehr_integration.errors import EhrTimeout, EhrUnavailable
from ehr_integration.smart import token_endpoint
from ehr_integration.smart.discovery import forget_configurations, smart_configuration
from ehr_integration.smart.errors import AuthorizationFailed
from ehr_integration.smart.token_endpoint import request_tokens

FORM = {"grant_type": "refresh_token", "refresh_token": "secret-token"}


def requested(*, asked="patient/*.rs"):
    connection = connection_named("st-mary")
    return request_tokens(connection, smart_configuration(connection), FORM, asked_scope=asked)


@pytest.mark.parametrize(
    ("said", "life"),
    [
        (60, 60),
        (0, 0),
        (-5, 0),
        (None, 300),
        ("60", 300),
        (True, 300),
        (float("nan"), 0),
        (float("inf"), 24 * 3600),
        pytest.param(10**400, 24 * 3600, id="huge"),
    ],
)
def test_how_long_a_token_lives_is_bounded_whatever_is_said(launching, said, life):
    launching.server.tokens["expires_in"] = said
    now = time.time()
    assert now + life <= requested().expires_at <= time.time() + life


def test_a_server_that_names_no_scopes_granted_those_that_were_asked_for(launching):
    del launching.server.tokens["scope"]
    assert requested(asked="patient/Patient.r").scope == "patient/Patient.r"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"error": "invalid_grant", "error_description": "secret"}, "invalid_grant"),
        ({"error": "Ann Other"}, "status-400"),
        ({"error": ["invalid_grant"]}, "status-400"),
        ([], "status-400"),
    ],
)
def test_a_refusal_is_told_by_its_code_alone(launching, answer, code):
    launching.server.status, launching.server.tokens = 400, answer
    with pytest.raises(AuthorizationFailed) as failed:
        requested()
    assert failed.value.code == code
    assert "secret" not in str(failed.value)
    assert "Ann" not in str(failed.value)


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_what_may_pass_is_no_refusal(launching, status):
    launching.server.status = status
    with pytest.raises(EhrUnavailable):
        requested()


def test_a_redirect_is_not_followed_with_what_proves_us(launching):
    launching.server.status = 307
    with pytest.raises(AuthorizationFailed, match="status-307"):
        requested()
    assert len(launching.server.forms) == 1


def test_a_server_without_a_usable_token_endpoint_cannot_be_reached(launching):
    for url in ("", "https://ehr.example.org:99999999/token"):
        launching.server.configuration["token_endpoint"] = url
        forget_configurations()
        with pytest.raises(EhrUnavailable):
            requested()


def test_too_large_an_answer_is_not_read_to_its_end(launching, monkeypatch):
    monkeypatch.setattr(token_endpoint, "LARGEST_ANSWER", 100)
    with pytest.raises(AuthorizationFailed, match="answer-too-large"):
        requested()


def test_no_answer_is_waited_for_longer_than_its_time(launching, monkeypatch):
    monkeypatch.setattr(token_endpoint, "SECONDS_TO_ANSWER", -1)
    with pytest.raises(EhrTimeout):
        requested()


def test_a_secret_comes_from_its_file_and_goes_into_the_header_alone(launching, tmp_path):
    file = tmp_path / "secret"
    file.write_text("hush\n")
    launching.register(client_authentication="client_secret_basic", client_secret_file=str(file))
    requested()
    ((_, form),) = launching.server.forms
    assert form == FORM
    sent = base64.b64decode(launching.server.seen["/token"].removeprefix("Basic ")).decode()
    assert sent == "tacit-at-st-mary:hush"


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe"])
def test_a_secret_that_cannot_be_read_is_told_without_its_path(launching, tmp_path, content):
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    launching.register(client_authentication="client_secret_basic", client_secret_file=str(file))
    with pytest.raises(AuthorizationFailed) as failed:
        requested()
    assert failed.value.code == "client-secret-file-unreadable"
    assert str(file) not in str(failed.value)


def test_a_public_client_sends_its_name_alone(launching):
    launching.register(client_authentication="none")
    requested()
    assert launching.server.forms == [("/token", {**FORM, "client_id": "tacit-at-st-mary"})]
    assert launching.server.seen["/token"] is None


def test_keys_that_cannot_be_read_are_a_refusal(launching, settings):
    settings.TACIT_CLIENT_KEYS.mkdir()
    (settings.TACIT_CLIENT_KEYS / "ES384-000001.pem").write_text("no key")
    with pytest.raises(AuthorizationFailed, match="client-keys-unreadable"):
        requested()
