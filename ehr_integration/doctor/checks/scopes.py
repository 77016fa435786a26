"""What we were granted against what the chart needs. Source: SMART App Launch 2.2.0, "Backend Services" and "Scopes"."""

from collections.abc import Iterator
from functools import partial

from django.conf import settings

from ehr_integration.connections.domain import Connection
from ehr_integration.doctor.domain import Area, DoctorFinding, Severity
from ehr_integration.doctor.probe import Probe
from ehr_integration.errors import EhrError
from ehr_integration.fhir.scopes import Scope, Scopes
from ehr_integration.smart.backend import new_backend_tokens
from ehr_integration.smart.discovery import fetch_configuration, read_configuration
from ehr_integration.smart.domain import Tokens
from ehr_integration.smart.scopes import backend_scopes, clinical_scopes

_finding = partial(DoctorFinding, area=Area.SCOPES)


def check(probe: Probe) -> Iterator[DoctorFinding]:
    """Yield what is missing; a token of ours is used for the checks that follow."""
    if probe.token:
        yield _finding(
            "scopes-unknown", Severity.NOTE, "A token was given; which scopes it has only its use shows."
        )
        return
    if not probe.connection.backend_client_id:
        yield _finding(
            "scopes-not-asked",
            Severity.NOTE,
            "No backend client is registered: what a launch is granted shows when a user launches.",
        )
        return
    try:
        tokens = _new_tokens(probe.connection)
    except EhrError as error:
        yield _finding(
            "scopes-no-token",
            Severity.ERROR,
            f"No token for our backend client: {error}. Does Tacit run, and can the EHR reach {_our_keys()}?",
            "Our backend client gets no access token. Please check that it is registered for client_credentials with "
            f"private_key_jwt, that your server can fetch our key set at {_our_keys()}, and that it may have: "
            f"{backend_scopes(probe.connection)} (SMART App Launch 2.2, Backend Services).",
        )
        return
    probe.token = tokens.access_token
    yield from _compared(Scopes.parse(tokens.scope))


def _our_keys() -> str:
    return f"{settings.TACIT_BASE_URL}/.well-known/jwks.json"


def _new_tokens(connection: Connection) -> Tokens:
    """Return a token that was not kept: what the EHR team has just changed must show. Raises: EhrError."""
    return new_backend_tokens(connection, read_configuration(fetch_configuration(connection)))


def _compared(granted: Scopes) -> Iterator[DoctorFinding]:
    needed = Scopes.parse(clinical_scopes("system"))
    missing = granted.missing(needed)
    if missing:
        yield _finding(
            "scopes-missing",
            Severity.ERROR,
            f"Not granted: {' '.join(missing)}.",
            f"Please grant our backend client also: {' '.join(missing)}",
        )
    beyond = sorted(str(scope) for scope in granted.clinical if _is_too_much(scope, needed))
    if beyond:
        yield _finding(
            "scopes-too-many",
            Severity.WARNING,
            f"Granted, and never used: {' '.join(beyond)}.",
            f"We read what was named in the registration and write nothing. Please take away: {' '.join(beyond)} (minimum "
            "necessary, 45 CFR 164.502(b)).",
        )
    if not missing:
        yield _finding("scopes", Severity.OK, "Every scope that the chart needs is granted.")


def _is_too_much(scope: Scope, needed: Scopes) -> bool:
    """Whether a scope lets us write, or see what we never ask for; one for all types that only reads is the usual way."""
    kinds = {each.resource_type for each in needed.clinical}
    return bool(set(scope.permissions) & set("cud")) or scope.resource_type not in {"*", *kinds}
