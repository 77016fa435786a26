"""An EHR's `.well-known/smart-configuration`: where it authorizes, and what it can do.

Source: SMART App Launch 2.2.0, "Conformance".
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ehr_integration.connections.checking import is_safe_address
from ehr_integration.connections.domain import Connection
from ehr_integration.fhir.addresses import get_json
from ehr_integration.fhir.deadline import Deadline
from ehr_integration.fhir.json_values import text, texts
from ehr_integration.smart.errors import LaunchRefused

SECONDS_TO_FETCH, SECONDS_KEPT = 4, 300


@dataclass(frozen=True, kw_only=True)
class SmartConfiguration:
    """What an authorization server says of itself; an endpoint that it does not have is empty."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    revocation_endpoint: str
    introspection_endpoint: str
    capabilities: frozenset[str]
    code_challenge_methods: frozenset[str]
    signing_algorithms: frozenset[str]
    names_itself: bool


_kept: dict[str, tuple[float, SmartConfiguration]] = {}
_locks: dict[str, threading.Lock] = {}


def smart_configuration(connection: Connection) -> SmartConfiguration:
    """Return the EHR's configuration, kept for some minutes. Raises: LaunchRefused, EhrError."""
    with _locks.setdefault(connection.fhir_base_url, threading.Lock()):  # one EHR does not wait for another
        fetched_at, found = _kept.get(connection.fhir_base_url, (0.0, None))
        if found is not None and time.monotonic() - fetched_at < SECONDS_KEPT:
            return found
        found = read_configuration(fetch_configuration(connection))
        _kept[connection.fhir_base_url] = (time.monotonic(), found)
        return found


def forget_configurations() -> None:
    """Fetch every configuration anew from now on."""
    _kept.clear()


def fetch_configuration(connection: Connection) -> dict[str, Any]:
    """Return the document as it is. Raises: EhrError."""
    document, _ = get_json(
        f"{connection.fhir_base_url.rstrip('/')}/.well-known/smart-configuration",
        is_internal=connection.is_internal,
        deadline=Deadline.after(SECONDS_TO_FETCH),
        what="The EHR's SMART configuration",
    )
    return document


def read_configuration(document: Mapping[str, Any]) -> SmartConfiguration:
    """Return what the document says. Raises: LaunchRefused, where an endpoint is no safe address."""
    return SmartConfiguration(
        issuer=text(document.get("issuer")),
        authorization_endpoint=_address(document, "authorization_endpoint"),
        token_endpoint=_address(document, "token_endpoint"),
        jwks_uri=_address(document, "jwks_uri"),
        revocation_endpoint=_address(document, "revocation_endpoint"),
        introspection_endpoint=_address(document, "introspection_endpoint"),
        capabilities=frozenset(texts(document.get("capabilities"))),
        code_challenge_methods=frozenset(texts(document.get("code_challenge_methods_supported"))),
        signing_algorithms=frozenset(texts(document.get("token_endpoint_auth_signing_alg_values_supported"))),
        names_itself=document.get("authorization_response_iss_parameter_supported") is True,
    )


def _address(document: Mapping[str, Any], name: str) -> str:
    url = text(document.get(name))
    if url and not is_safe_address(url):
        raise LaunchRefused("unsafe-endpoint", f"The EHR's {name} is neither https nor on this machine")
    return url
