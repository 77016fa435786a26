"""Which registered EHR calls: proven by the signed token that comes with every call, and that only once.

Source: CDS Hooks 2.0.1, "Trusting CDS Clients".
"""

import logging
import time
from typing import Any

from ehr_integration.cds_hooks.errors import ClientRefused, ClientUnverifiable
from ehr_integration.connections.domain import Connection
from ehr_integration.connections.errors import ConnectionProblem
from ehr_integration.connections.store import connections
from ehr_integration.errors import EhrError
from ehr_integration.jws.errors import TokenInvalid
from ehr_integration.jws.key_sets import KeySet, keys_at
from ehr_integration.jws.verifying import SKEW_SECONDS, claims_of, header_of, verified
from ehr_integration.replay import Replayed, claim_once

logger = logging.getLogger(__name__)

ALGORITHMS = frozenset({"ES384", "RS384"})
LONGEST_SECONDS = 300
LONGEST_ID = 255


def client_of(authorization_header: str, *, endpoint_url: str) -> Connection:
    """Return the registered EHR that signed the call's token, for this very address, now, and never used before.

    Raises: ClientRefused; ClientUnverifiable, also where the registered EHRs cannot be read.
    """
    token = _bearer_token(authorization_header)
    try:
        connection = _registered(header_of(token), claims_of(token))
        _use_once(_proven(token, connection, endpoint_url))
    except TokenInvalid as invalid:
        raise ClientRefused(invalid.code) from None
    except Replayed:
        raise ClientRefused("replayed") from None
    except ClientRefused:
        raise
    except ConnectionProblem as problem:
        logger.error("No CDS client can be known: %s", problem)
        raise ClientUnverifiable("The registered EHRs cannot be read: tell those who run Tacit") from None
    except EhrError:
        raise ClientUnverifiable(
            "The CDS client's key set or Redis does not answer, so its token cannot be checked: retry"
        ) from None
    return connection


def _bearer_token(header: str) -> str:
    scheme, _, token = header.strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise ClientRefused("no-token")
    return token.strip()


def _registered(header: dict[str, Any], claims: dict[str, Any]) -> Connection:
    """Return the one EHR registered with the token's issuer, and with its key set where the token names one."""
    if str(header.get("typ", "")).upper() != "JWT":
        raise ClientRefused("type")
    issued = [each for each in connections() if each.cds_issuer and each.cds_issuer == claims.get("iss")]
    found = [each for each in issued if header.get("jku", each.cds_jku) == each.cds_jku]
    if len(found) != 1:
        raise ClientRefused("ambiguous-client" if found else "key-set" if issued else "issuer")
    return found[0]


def _proven(token: str, connection: Connection, endpoint_url: str) -> dict[str, Any]:
    def keys(key_id: str) -> KeySet:
        return keys_at(connection.cds_jku, is_internal=connection.is_internal, key_id=key_id)

    return verified(
        token,
        keys=keys,
        algorithms=ALGORITHMS,
        issuer=connection.cds_issuer,
        audience=endpoint_url,
        longest_seconds=LONGEST_SECONDS,
    )


def _use_once(claims: dict[str, Any]) -> None:
    token_id = claims.get("jti")
    if not isinstance(token_id, str) or not 0 < len(token_id) <= LONGEST_ID:
        raise ClientRefused("no-token-id")
    # Two issuers may choose the same jti; a token is good for the skew after its end.
    seconds_left = int(claims["exp"] - time.time()) + SKEW_SECONDS + 1
    claim_once("cds-jti", f"{claims['iss']} {token_id}", seconds=seconds_left)
