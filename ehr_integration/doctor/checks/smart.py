"""The SMART configuration: what a launch and a backend service need of it. Source: SMART App Launch 2.2.0, "Conformance"."""

from collections.abc import Iterator
from functools import partial

from ehr_integration.doctor.domain import Area, DoctorFinding, Severity
from ehr_integration.doctor.probe import Probe
from ehr_integration.smart.discovery import SmartConfiguration, read_configuration
from ehr_integration.smart.errors import LaunchRefused

_finding = partial(DoctorFinding, area=Area.SMART)

NEEDED = {
    "launch-ehr": "an app can be opened from the patient's record",
    "sso-openid-connect": "the app learns who the user is",
    "context-ehr-patient": "the app learns which patient is open",
    "permission-patient": "scopes of the form patient/... are granted",
}
WISHED = {
    "permission-v2": "scopes as of SMART 2 (.rs) are understood",
    "client-confidential-asymmetric": "we can prove who we are with a signed assertion, without a shared secret",
}


def check(probe: Probe) -> Iterator[DoctorFinding]:
    """Yield what the authorization server says of itself."""
    reply = probe.get(".well-known", "smart-configuration")
    if reply.status != 200 or not reply.document:
        yield _finding(
            "smart-none",
            Severity.WARNING,
            f"[base]/.well-known/smart-configuration answered {reply.status}: no launch is possible.",
            "[base]/.well-known/smart-configuration is not served (SMART App Launch 2.2, Conformance). Please switch "
            "SMART App Launch on for this base URL, or tell us the one that has it.",
        )
        return
    try:
        configuration = read_configuration(reply.document)
    except LaunchRefused as error:
        yield _finding("smart-unsafe", Severity.ERROR, f"{error}.", f"{error}. Please serve it over https.")
        return
    yield from _pkce(configuration)
    yield from _endpoints(configuration, probe)
    yield from _capabilities(configuration)


def _pkce(configuration: SmartConfiguration) -> Iterator[DoctorFinding]:
    methods = configuration.code_challenge_methods
    if "S256" not in methods:
        yield _finding(
            "smart-pkce",
            Severity.ERROR,
            "PKCE with S256 is not offered.",
            "code_challenge_methods_supported must hold S256 (SMART App Launch 2.2). Please switch PKCE on.",
        )
    if "plain" in methods:
        yield _finding(
            "smart-pkce-plain",
            Severity.WARNING,
            "PKCE with the method plain is offered.",
            "code_challenge_methods_supported holds plain, which SMART App Launch 2.2 forbids. Please remove it.",
        )


def _endpoints(configuration: SmartConfiguration, probe: Probe) -> Iterator[DoctorFinding]:
    for name in ("authorization_endpoint", "token_endpoint"):
        if not getattr(configuration, name):
            yield _finding(
                "smart-endpoint",
                Severity.ERROR,
                f"{name} is not named.",
                f"Your SMART configuration lacks {name}, which a launch needs.",
            )
    if not configuration.revocation_endpoint:
        yield _finding(
            "smart-revocation", Severity.NOTE, "No revocation endpoint: tokens end by themselves only."
        )
    if configuration.jwks_uri and not probe.fetch(configuration.jwks_uri).document.get("keys"):
        yield _finding(
            "smart-keys",
            Severity.ERROR,
            "The key set (jwks_uri) cannot be read.",
            "The key set at jwks_uri of your SMART configuration holds no keys, or cannot be reached from us; without "
            "it we cannot believe who a user is.",
        )


def _capabilities(configuration: SmartConfiguration) -> Iterator[DoctorFinding]:
    for name, meaning in NEEDED.items():
        if name not in configuration.capabilities:
            yield _finding(
                "smart-capability",
                Severity.WARNING,
                f"{name} is not among the capabilities: needed so that {meaning}.",
                f"Please enable the SMART capability {name} for our app: with it {meaning}.",
            )
    for name, meaning in WISHED.items():
        if name not in configuration.capabilities:
            yield _finding("smart-wish", Severity.NOTE, f"{name} is not offered: with it {meaning}.")
    if set(NEEDED) <= configuration.capabilities:
        yield _finding("smart", Severity.OK, "A launch from the record has all that it needs.")
