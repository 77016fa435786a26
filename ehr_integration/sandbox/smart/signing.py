"""The demo EHR's own key, made at start: it signs who its user is, and its calls to CDS services."""

import secrets
import time
import uuid
from collections.abc import Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

SECONDS_VALID = 300


class EhrKey:
    """One ES384 key."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP384R1())
        self.key_id = secrets.token_hex(8)

    def public_set(self) -> dict[str, Any]:
        """Return the key as a JWKS (RFC 7517)."""
        jwk = jwt.algorithms.ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [{**jwk, "kid": self.key_id, "alg": "ES384", "use": "sig"}]}

    def sign(
        self,
        claims: Mapping[str, object],
        *,
        issuer: str,
        audience: str,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Return a JWT that is good for five minutes, with the claims beside the usual ones."""
        now = int(time.time())
        usual = {
            "iss": issuer,
            "aud": audience,
            "iat": now,
            "exp": now + SECONDS_VALID,
            "jti": str(uuid.uuid4()),
        }
        return jwt.encode(
            {**usual, **claims}, self._key, algorithm="ES384", headers={"kid": self.key_id, **(headers or {})}
        )
