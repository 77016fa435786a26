"""A signed statement that a request for tokens is ours. Source: SMART App Launch 2.2.0, "Asymmetric client authentication"."""

import time
import uuid

import jwt

from ehr_integration.smart.keys import ALGORITHMS, signing_key

# At most five minutes ahead; a server's clock may be behind ours.
SECONDS_VALID = 240
TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def client_assertion(*, client_id: str, token_endpoint: str, accepted: frozenset[str]) -> dict[str, str]:
    """Return the two form fields that authenticate the client, signed with an algorithm that the server accepts."""
    algorithm = next((each for each in ALGORITHMS if each in accepted), ALGORITHMS[0])
    key, now = signing_key(algorithm), int(time.time())
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": token_endpoint,
        "iat": now,
        "exp": now + SECONDS_VALID,
        "jti": str(uuid.uuid4()),
    }
    assertion = jwt.encode(claims, key.private_key, algorithm=algorithm, headers={"kid": key.key_id})
    return {"client_assertion_type": TYPE, "client_assertion": assertion}
