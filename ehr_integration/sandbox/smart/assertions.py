"""Whether a client is who it says: its signed assertion, checked against its registered key set.

Source: SMART App Launch 2.2.0, "Asymmetric client authentication"; RFC 7523.
"""

import time
from collections.abc import Mapping
from typing import Any

import httpx
import jwt

from ehr_integration.sandbox.smart.clients import Client
from ehr_integration.sandbox.smart.errors import OAuthError
from ehr_integration.sandbox.smart.memory import Memory

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = ["ES384", "RS384"]
LONGEST_SECONDS = 300


async def authenticated(
    form: Mapping[str, str], *, clients: Mapping[str, Client], memory: Memory, token_url: str
) -> Client:
    """Return the client of a token request. Raises: OAuthError."""
    assertion = form.get("client_assertion", "")
    if not assertion:
        client = clients.get(form.get("client_id", ""))
        if client is None or client.jwks_url:
            raise _refused("This client must prove who it is with a client_assertion.")
        return client
    if form.get("client_assertion_type") != TYPE:
        raise _refused(f"client_assertion_type must be {TYPE}.")
    client = clients.get(_issuer(assertion))
    if client is None or not client.jwks_url:
        raise _refused("No such client, or it has no registered key set.")
    claims = _verified(assertion, await _key(client, assertion), client=client, token_url=token_url)
    if claims["exp"] - time.time() > LONGEST_SECONDS:
        raise _refused("exp lies more than five minutes ahead.")
    if not memory.claim_assertion(client.client_id, claims["jti"], claims["exp"]):
        raise _refused("This jti was used before.")
    return client


def _issuer(assertion: str) -> str:
    try:
        return str(jwt.decode(assertion, options={"verify_signature": False}).get("iss"))
    except jwt.PyJWTError:
        raise _refused("The client_assertion is no JWT.") from None


async def _key(client: Client, assertion: str) -> jwt.PyJWK:
    try:
        header = jwt.get_unverified_header(assertion)
        async with httpx.AsyncClient(trust_env=False) as http:
            found = (await http.get(client.jwks_url, timeout=5)).json()["keys"]
        keys = [key for key in found if key["kid"] == header["kid"] and key.get("alg") == header["alg"]]
        return jwt.PyJWK(keys[0])
    except (jwt.PyJWTError, httpx.HTTPError, LookupError, ValueError):
        raise _refused("The assertion's key (kid) is not in the client's registered key set.") from None


def _verified(assertion: str, key: jwt.PyJWK, *, client: Client, token_url: str) -> dict[str, Any]:
    try:
        claims = jwt.decode(
            assertion,
            key,
            algorithms=ALGORITHMS,
            audience=token_url,
            issuer=client.client_id,
            options={"require": ["exp", "iss", "sub", "aud", "jti"], "strict_aud": True},
        )
    except jwt.PyJWTError:
        raise _refused("The client_assertion is not valid: check aud, exp, iss, sub, jti and alg.") from None
    if claims["sub"] != client.client_id:
        raise _refused("sub must be the client_id.")
    return dict(claims)


def _refused(description: str) -> OAuthError:
    return OAuthError("invalid_client", description, status=401)
