"""A signed JSON Web Token, checked claim by claim.

Source: RFC 7515, RFC 7519, RFC 8725 (best practices); SMART App Launch 2.2.0 and CDS Hooks 2.0.1, which allow RS384
and ES384 and forbid "none" and symmetric signatures.
"""

import base64
import binascii
import json
import time
from collections.abc import Callable
from typing import Any

import jwt

from ehr_integration.fhir.json_values import no_name_twice
from ehr_integration.jws.errors import TokenInvalid
from ehr_integration.jws.key_sets import KeySet

LONGEST_TOKEN = 16 * 1024
SKEW_SECONDS = 30
ASYMMETRIC = frozenset({"RS256", "RS384", "ES256", "ES384"})
FindKeys = Callable[[str], KeySet]
TIMES = ("exp", "iat", "nbf")
OPTIONS = jwt.types.Options(
    require=["exp", "iat", "iss", "aud"], verify_aud=False, verify_iss=False, enforce_minimum_key_length=True
)


def header_of(token: str) -> dict[str, Any]:
    """Return the token's header, not yet proven. Raises: TokenInvalid."""
    if len(token) > LONGEST_TOKEN or token.count(".") != 2:
        raise TokenInvalid("not-a-token")
    header = _part(token.split(".")[0])
    if "crit" in header:
        raise TokenInvalid("unknown-critical-header")
    return header


def claims_of(token: str) -> dict[str, Any]:
    """Return the token's claims, not yet proven. Raises: TokenInvalid."""
    header_of(token)
    return _part(token.split(".")[1])


def verified(
    token: str,
    *,
    keys: FindKeys,
    algorithms: frozenset[str],
    issuer: str,
    audience: str,
    longest_seconds: int | None = None,
) -> dict[str, Any]:
    """Return the claims of a token that is signed by one of the keys, for us, by the issuer, and now.

    `keys` returns the set that holds a key id; `longest_seconds` bounds how far ahead `exp` may lie.
    Raises: TokenInvalid; what `keys` raises.
    """
    header = header_of(token)
    algorithm, key_id = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in algorithms & ASYMMETRIC:
        raise TokenInvalid("algorithm-not-allowed")
    if not isinstance(key_id, str) or not key_id:
        raise TokenInvalid("no-key-id")
    _check_times(claims_of(token))  # a name that stands twice is refused here, too, before anybody reads it
    try:
        claims = jwt.decode(
            token,
            key=keys(key_id).key(key_id, algorithm),
            algorithms=[algorithm],
            options=OPTIONS,
            leeway=SKEW_SECONDS,
        )
    except jwt.ExpiredSignatureError:
        raise TokenInvalid("expired") from None
    except jwt.ImmatureSignatureError:
        raise TokenInvalid("not-yet-valid") from None
    except jwt.MissingRequiredClaimError:
        raise TokenInvalid("missing-claim") from None
    except jwt.PyJWTError:
        raise TokenInvalid("signature") from None
    _check(claims, issuer=issuer, audience=audience, longest_seconds=longest_seconds)
    return dict(claims)


def _check_times(claims: dict[str, Any]) -> None:
    # PyJWT takes text for a number, and compares it as one.
    if any(type(claims[name]) not in (int, float) for name in TIMES if name in claims):
        raise TokenInvalid("time-is-no-number")


def _check(claims: dict[str, Any], *, issuer: str, audience: str, longest_seconds: int | None) -> None:
    if claims["iss"] != issuer:
        raise TokenInvalid("issuer")
    named = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if named != [audience]:
        raise TokenInvalid("audience")
    if longest_seconds is not None and claims["exp"] - time.time() > longest_seconds:
        raise TokenInvalid("lives-too-long")


def _part(text: str) -> dict[str, Any]:
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        found = json.loads(raw, object_pairs_hook=no_name_twice)
    except (ValueError, RecursionError, binascii.Error):
        raise TokenInvalid("not-a-token") from None
    if not isinstance(found, dict):
        raise TokenInvalid("not-a-token")
    return found
