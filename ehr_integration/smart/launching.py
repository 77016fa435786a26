"""The two halves of a launch: to the EHR's authorization server, and back with a code.

Source: SMART App Launch 2.2.0; RFC 7636 (PKCE); RFC 9207 (the issuer in the answer); RFC 9700 (OAuth security).
"""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from ehr_integration.connections.domain import Connection
from ehr_integration.fhir.origin import is_fhir_id
from ehr_integration.fhir.scopes import Scopes
from ehr_integration.replay import Replayed, claim_once
from ehr_integration.smart.discovery import SmartConfiguration, smart_configuration
from ehr_integration.smart.domain import Launch, Pending, Tokens
from ehr_integration.smart.errors import LaunchRefused
from ehr_integration.smart.id_tokens import fhir_user
from ehr_integration.smart.scopes import launch_scopes
from ehr_integration.smart.token_endpoint import request_tokens

SECONDS_TO_RETURN = 300
LONGEST_APP_CONTEXT = 2_000
NEEDED_OF_THE_SERVER = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
# What a server may answer in place of a code. Source: RFC 6749, 4.1.2.1; OpenID Connect Core 1.0, 3.1.2.6.
ERRORS = frozenset(
    "access_denied invalid_request invalid_scope unauthorized_client unsupported_response_type server_error "
    "temporarily_unavailable login_required interaction_required consent_required account_selection_required".split()
)


def callback_url() -> str:
    """Return our redirect_uri, as it is registered with every EHR."""
    return f"{settings.TACIT_BASE_URL}/smart/callback"


def begin(connection: Connection, *, launch: str = "") -> tuple[str, Pending]:
    """Return where to send the browser, and what to remember until it comes back; `launch` is the EHR's, if it began.

    Raises: LaunchRefused, EhrError.
    """
    configuration = smart_configuration(connection)
    _check_can_launch(configuration)
    pending = Pending(
        connection=connection.name,
        state=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(64),
        nonce=secrets.token_urlsafe(32),
        ends_at=time.time() + SECONDS_TO_RETURN,
    )
    params = {
        "response_type": "code",
        "client_id": connection.client_id,
        "redirect_uri": callback_url(),
        "scope": launch_scopes(connection, is_from_ehr=bool(launch)),
        "state": pending.state,
        "aud": connection.fhir_base_url,
        "code_challenge": _challenge(pending.verifier),
        "code_challenge_method": "S256",
        "nonce": pending.nonce,
        **({"launch": launch} if launch else {}),
    }
    mark = "&" if "?" in configuration.authorization_endpoint else "?"
    return f"{configuration.authorization_endpoint}{mark}{urlencode(params)}", pending


def _check_can_launch(configuration: SmartConfiguration) -> None:
    if "S256" not in configuration.code_challenge_methods:
        raise LaunchRefused(
            "no-pkce", "The EHR does not offer PKCE with S256, which SMART App Launch 2 demands"
        )
    for name in NEEDED_OF_THE_SERVER:
        if not getattr(configuration, name):
            raise LaunchRefused("no-endpoint", f"The EHR's SMART configuration does not name its {name}")


def finish(connection: Connection, pending: Pending, params: Mapping[str, str]) -> Launch:
    """Return the launch for what the browser brought back. Raises: LaunchRefused, AuthorizationFailed, EhrError."""
    configuration = smart_configuration(connection)
    _check_return(pending, params, configuration)
    asked = launch_scopes(connection, is_from_ehr=True)
    tokens = request_tokens(
        connection,
        configuration,
        {
            "grant_type": "authorization_code",
            "code": params["code"],
            "redirect_uri": callback_url(),
            "code_verifier": pending.verifier,
        },
        asked_scope=asked,
    )
    user = fhir_user(tokens.id_token, connection=connection, configuration=configuration, nonce=pending.nonce)
    return _launch(connection, tokens, user=user, asked=asked)


def _check_return(pending: Pending, params: Mapping[str, str], configuration: SmartConfiguration) -> None:
    if pending.ends_at < time.time():
        raise LaunchRefused("too-late", "The launch took too long: open Tacit again from the EHR")
    if not hmac.compare_digest(params.get("state", "").encode(), pending.state.encode()):
        raise LaunchRefused("state", "This is not the answer to the launch that began here: open Tacit again")
    try:
        claim_once("state", pending.state, seconds=SECONDS_TO_RETURN)
    except Replayed:
        raise LaunchRefused("state", "This launch has been used already: open Tacit again") from None
    # Another server's answer in place of this one's (a mix-up) is told by its name.
    issuer = params.get("iss", "")
    if (issuer or configuration.names_itself) and issuer != configuration.issuer:
        raise LaunchRefused("issuer", "The answer comes from another authorization server than was asked")
    if error := params.get("error"):
        code = error if error in ERRORS else "refused"
        raise LaunchRefused(code, f"The EHR did not open its record ({code.replace('_', ' ')})")
    if not params.get("code"):
        raise LaunchRefused("no-code", "The EHR sent the browser back without a code: open Tacit again")


def _launch(connection: Connection, tokens: Tokens, *, user: str, asked: str) -> Launch:
    context = tokens.context
    return Launch(
        id=secrets.token_urlsafe(16),
        connection=connection.name,
        fhir_user=user,
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token,
        expires_at=tokens.expires_at,
        scope=str(Scopes.parse(tokens.scope).within(Scopes.parse(asked))),
        patient=_patient(context),
        encounter=_fhir_id(context.get("encounter")),
        fhir_context=_references(context.get("fhirContext")),
        need_patient_banner=context.get("need_patient_banner") is not False,
        intent=_short(context.get("intent")),
        app_context=_short(context.get("appContext")),
    )


def _patient(context: Mapping[str, Any]) -> str:
    """Return the patient's id. One that cannot be must not read as none, which lets the user choose."""
    patient = context.get("patient") or ""
    if patient and not is_fhir_id(patient):
        raise LaunchRefused("patient", "The EHR did not name its patient by a FHIR id")
    return str(patient)


def _fhir_id(value: Any) -> str:  # noqa: ANN401
    return str(value) if is_fhir_id(value) else ""


def _short(value: Any) -> str:  # noqa: ANN401
    return value if isinstance(value, str) and len(value) <= LONGEST_APP_CONTEXT else ""


def _references(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    given = (
        [each.get("reference") for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    )
    return tuple(each for each in given if isinstance(each, str))


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
