"""A request for authorization, checked before anyone is asked anything.

Source: SMART App Launch 2.2.0; RFC 6749, 4.1; RFC 7636 (PKCE); RFC 9700, which says when not to redirect.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ehr_integration.sandbox.smart.clients import Client
from ehr_integration.sandbox.smart.errors import ClientUnknown, OAuthError
from ehr_integration.sandbox.smart.scopes import clinical, granted

# SMART demands 122 bits, which are 21 characters of base64url. The client that most apps use (npm fhirclient 2.6) sends 16 of
# letters and digits, 95 bits: who refuses that, refuses them. What is shorter can be guessed.
SHORTEST_STATE = 16
CHALLENGE = re.compile(r"[A-Za-z0-9\-_]{43}")


@dataclass(frozen=True, kw_only=True)
class AuthorizationRequest:
    """One that was understood; `scope` is what will be granted."""

    client: Client
    redirect_uri: str
    scope: str
    state: str
    challenge: str
    nonce: str
    launch: str


def client_of(params: Mapping[str, str], clients: Mapping[str, Client]) -> Client:
    """Return the client, where its redirect_uri is exactly as registered. Raises: ClientUnknown."""
    client = clients.get(params.get("client_id", ""))
    if client is None or params.get("redirect_uri") not in client.redirect_uris:
        raise ClientUnknown
    return client


def read_request(params: Mapping[str, str], client: Client, *, fhir_base: str) -> AuthorizationRequest:
    """Return the request. Raises: OAuthError, which goes to the redirect_uri."""
    if params.get("response_type") != "code":
        raise OAuthError("unsupported_response_type", "response_type must be code.")
    if params.get("code_challenge_method") != "S256" or not CHALLENGE.fullmatch(
        params.get("code_challenge", "")
    ):
        raise OAuthError("invalid_request", "PKCE is required: code_challenge with the method S256.")
    if params.get("aud", "").rstrip("/") != fhir_base:
        raise OAuthError("invalid_request", f"aud must be {fhir_base}.")
    if len(params.get("state", "")) < SHORTEST_STATE:
        raise OAuthError("invalid_request", "state must have at least 16 characters that nobody can guess.")
    scope = granted(params.get("scope", ""), client.scopes)
    if not list(clinical(scope)) and "openid" not in scope.split():
        raise OAuthError("invalid_scope", "None of these scopes may be granted to this client.")
    return AuthorizationRequest(
        client=client,
        redirect_uri=params["redirect_uri"],
        scope=scope,
        state=params["state"],
        challenge=params["code_challenge"],
        nonce=params.get("nonce", ""),
        launch=params.get("launch", ""),
    )
