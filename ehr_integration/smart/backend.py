"""Coming to an EHR on our own behalf. Source: SMART App Launch 2.2.0, "Backend Services"."""

import threading
import time

from ehr_integration.connections.domain import Connection
from ehr_integration.connections.endpoints import endpoint_with
from ehr_integration.fhir.origin import FhirEndpoint
from ehr_integration.smart.discovery import SmartConfiguration, smart_configuration
from ehr_integration.smart.domain import Tokens
from ehr_integration.smart.scopes import backend_scopes
from ehr_integration.smart.token_endpoint import request_tokens

SECONDS_BEFORE_THE_END = 30
# In this process's memory alone, and for as long as the EHR lets them live.
_tokens: dict[tuple[str, str, str], Tokens] = {}
_locks: dict[tuple[str, str, str], threading.Lock] = {}


def backend_tokens(connection: Connection) -> Tokens:
    """Return a token for ourselves, a new one shortly before the last ends. Raises: AuthorizationFailed, EhrError."""
    key = (connection.fhir_base_url, connection.backend_client_id, backend_scopes(connection))
    with _locks.setdefault(key, threading.Lock()):  # one EHR does not wait for another
        held = _tokens.get(key)
        if held is None or held.expires_at - time.time() < SECONDS_BEFORE_THE_END:
            held = _tokens[key] = new_backend_tokens(connection, smart_configuration(connection))
        return held


def new_backend_tokens(connection: Connection, configuration: SmartConfiguration) -> Tokens:
    """Return a token for ourselves that is not kept. Raises: AuthorizationFailed, EhrError."""
    scope = backend_scopes(connection)
    form = {"grant_type": "client_credentials", "scope": scope}
    return request_tokens(connection, configuration, form, asked_scope=scope, is_backend=True)


def forget_backend_tokens() -> None:
    """Ask for new tokens from now on."""
    _tokens.clear()


def backend_endpoint(connection: Connection) -> FhirEndpoint:
    """Return the EHR's FHIR endpoint with a token of ours. Raises: AuthorizationFailed, EhrError."""
    tokens = backend_tokens(connection)
    return endpoint_with(connection, token=tokens.access_token, scope=tokens.scope)
