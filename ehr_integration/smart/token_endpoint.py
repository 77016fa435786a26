"""Requests for tokens: for a code, for a refresh token, on our own behalf; and giving tokens back.

Source: RFC 6749; RFC 7009 (revocation); SMART App Launch 2.2.0.
"""

import logging
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import httpx

from ehr_integration.connections.domain import ClientAuthentication, Connection
from ehr_integration.errors import EhrTimeout, EhrUnavailable
from ehr_integration.fhir.addresses import pooled
from ehr_integration.fhir.bodies import bounded
from ehr_integration.fhir.deadline import Deadline
from ehr_integration.fhir.json_values import json_object, text
from ehr_integration.fhir.origin import is_bearer_token
from ehr_integration.smart.assertions import client_assertion
from ehr_integration.smart.discovery import SmartConfiguration
from ehr_integration.smart.domain import Tokens
from ehr_integration.smart.errors import AuthorizationFailed

logger = logging.getLogger(__name__)

OK, SERVER_ERROR = 200, 500
MAY_PASS = frozenset({408, 425, 429})
SECONDS_TO_ANSWER, SECONDS_TO_REVOKE = 8, 4
LARGEST_ANSWER = 256 * 1024
DEFAULT_LIFE_SECONDS, LONGEST_LIFE_SECONDS = 300, 24 * 3600
# RFC 6749, 5.2. Any other word is a server's own and may say anything.
ERRORS = frozenset(
    "invalid_request invalid_client invalid_grant unauthorized_client unsupported_grant_type invalid_scope".split()
)
BESIDE_TOKENS = frozenset(
    "patient encounter fhirContext need_patient_banner intent smart_style_url tenant appContext".split()
)


def request_tokens(
    connection: Connection,
    configuration: SmartConfiguration,
    form: Mapping[str, str],
    *,
    asked_scope: str,
    is_backend: bool = False,
) -> Tokens:
    """Return what the token endpoint gives for a form.

    Raises: AuthorizationFailed, where it says no; EhrUnavailable, EhrTimeout, where it may say yes later.
    """
    client_id = connection.backend_client_id if is_backend else connection.client_id
    proof, auth = _authentication(connection, configuration, client_id, is_backend=is_backend)
    deadline = Deadline.after(SECONDS_TO_ANSWER)
    status, body = _post(connection, configuration.token_endpoint, {**form, **proof}, auth, deadline)
    if status in MAY_PASS or status >= SERVER_ERROR:
        raise EhrUnavailable(f"The EHR's authorization server answered {status}: try again")
    answer = json_object(body) or {}
    if status != OK:
        error = text(answer.get("error"))
        raise AuthorizationFailed(error if error in ERRORS else f"status-{status}")
    return _tokens(answer, asked_scope)


def revoke(connection: Connection, configuration: SmartConfiguration, tokens: Iterable[str]) -> None:
    """Give tokens back, one by one; a server that does not take one is only noted, since it ends by itself.

    Raises: AuthorizationFailed, where we cannot prove who we are.
    """
    if not configuration.revocation_endpoint:
        return
    deadline = Deadline.after(SECONDS_TO_REVOKE)
    for token in tokens:
        proof, auth = _authentication(connection, configuration, connection.client_id, is_backend=False)
        form = {"token": token, **proof}
        try:
            status, _ = _post(connection, configuration.revocation_endpoint, form, auth, deadline)
        except (EhrUnavailable, EhrTimeout):
            status = 0
        if status != OK:
            logger.warning("A token was not taken back by the EHR %s (status %s)", connection.name, status)


def _authentication(
    connection: Connection, configuration: SmartConfiguration, client_id: str, *, is_backend: bool
) -> tuple[dict[str, str], httpx.BasicAuth | None]:
    method = ClientAuthentication.PRIVATE_KEY if is_backend else connection.client_authentication
    if method is ClientAuthentication.PRIVATE_KEY:
        return _assertion(configuration, client_id), None
    if method is ClientAuthentication.CLIENT_SECRET:
        return {}, httpx.BasicAuth(client_id, _secret(connection))
    return {"client_id": client_id}, None


def _assertion(configuration: SmartConfiguration, client_id: str) -> dict[str, str]:
    try:
        return client_assertion(
            client_id=client_id,
            token_endpoint=configuration.token_endpoint,
            accepted=configuration.signing_algorithms,
        )
    except (OSError, ValueError):
        raise AuthorizationFailed("client-keys-unreadable") from None


def _secret(connection: Connection) -> str:
    try:
        secret = Path(connection.client_secret_file).read_text("utf-8").strip()
    except (OSError, ValueError):
        secret = ""
    if not secret:
        raise AuthorizationFailed("client-secret-file-unreadable")
    return secret


def _post(
    connection: Connection,
    url: str,
    form: Mapping[str, str],
    auth: httpx.BasicAuth | None,
    deadline: Deadline,
) -> tuple[int, bytes]:
    try:
        with pooled(is_internal=connection.is_internal).stream(
            "POST",
            url,
            data=dict(form),
            auth=auth,
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
            timeout=deadline.remaining(),
        ) as response:
            body = bounded(response.iter_raw(), limit=LARGEST_ANSWER, deadline=deadline)
            if body is None:
                raise AuthorizationFailed("answer-too-large")
            return response.status_code, body
    except httpx.TimeoutException:
        raise EhrTimeout("The EHR's authorization server did not answer in time") from None
    except (httpx.TransportError, httpx.InvalidURL):
        raise EhrUnavailable("The EHR's authorization server cannot be reached") from None


def _tokens(answer: Mapping[str, Any], asked_scope: str) -> Tokens:
    token, kind = text(answer.get("access_token")), answer.get("token_type")
    if not is_bearer_token(token) or str(kind).lower() != "bearer":
        raise AuthorizationFailed("no-bearer-token")
    scope = answer.get("scope")
    return Tokens(
        access_token=token,
        refresh_token=text(answer.get("refresh_token")),
        id_token=text(answer.get("id_token")),
        expires_at=time.time() + _life(answer.get("expires_in")),
        scope=scope
        if isinstance(scope, str)
        else asked_scope,  # RFC 6749, 5.1: the same where it is not said
        context={name: answer[name] for name in BESIDE_TOKENS if name in answer},
    )


def _life(seconds: object) -> float:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return DEFAULT_LIFE_SECONDS
    return min(max(0, seconds), LONGEST_LIFE_SECONDS)  # in this order no number at all (NaN) is 0
