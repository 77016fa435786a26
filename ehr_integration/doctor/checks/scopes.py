"""What we were granted against what the chart needs. Source: SMART App Launch 2.2.0, "Backend Services" and "Scopes"."""

from collections.abc import Iterator
from functools import partial

from ehr_integration.doctor.domain import Area, DoctorFinding, Severity
from ehr_integration.doctor.probe import Probe
from ehr_integration.errors import EhrError
from ehr_integration.fhir.scopes import Scopes
from ehr_integration.smart.backend import backend_tokens
from ehr_integration.smart.scopes import clinical_scopes

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
        tokens = backend_tokens(probe.connection)
    except EhrError as error:
        yield _finding(
            "scopes-no-token",
            Severity.ERROR,
            f"No token for our backend client: {error}.",
            "Our backend client gets no access token. Please check that it is registered for client_credentials with "
            f"private_key_jwt, that you have our key set's address, and that it may have: {clinical_scopes('system')}",
        )
        return
    probe.token = tokens.access_token
    yield from _compared(Scopes.parse(tokens.scope))


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
    beyond = [
        str(scope) for scope in granted.clinical if any(letter in scope.permissions for letter in "cud")
    ]
    if beyond:
        yield _finding(
            "scopes-too-many",
            Severity.WARNING,
            f"Granted, and never used: {' '.join(beyond)}.",
            f"We only read. Please take away: {' '.join(beyond)} (minimum necessary, 45 CFR 164.502(b)).",
        )
    if not missing:
        yield _finding("scopes", Severity.OK, "Every scope that the chart needs is granted.")
