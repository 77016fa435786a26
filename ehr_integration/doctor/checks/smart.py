"""The SMART configuration: what a launch and a backend service need of it. Source: SMART App Launch 2.2.0, "Conformance"."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from ehr_integration.connections.domain import ClientAuthentication, Connection
from ehr_integration.doctor.domain import Area, DoctorFinding, Severity
from ehr_integration.doctor.key_sets import usable_keys
from ehr_integration.doctor.probe import Probe
from ehr_integration.jws.verifying import ASYMMETRIC
from ehr_integration.smart.discovery import SmartConfiguration, read_configuration
from ehr_integration.smart.errors import LaunchRefused
from ehr_integration.smart.keys import ALGORITHMS

_finding = partial(DoctorFinding, area=Area.SMART)

NEEDED = {
    "launch-ehr": "an app can be opened from the patient's record",
    "sso-openid-connect": "the app learns who the user is",
    "context-ehr-patient": "the app learns which patient is open",
    "permission-patient": "scopes of the form patient/... are granted",
}
WISHED = {
    "permission-v2": "scopes as of SMART 2 (.rs) are understood; without it, those of SMART 1 go into `ehr register --scopes`",
}
SIGNED = {
    "client-confidential-asymmetric": "we can prove who we are with a signed assertion, without a shared secret",
}


def check(probe: Probe) -> Iterator[DoctorFinding]:
    """Yield what the authorization server says of itself."""
    reply = probe.get(".well-known", "smart-configuration")
    if reply.status != 200 or not reply.document:
        yield _finding(
            "smart-none",
            Severity.WARNING,
            f"[base]/.well-known/smart-configuration answered {reply.said}, or no JSON: no launch is possible.",
            "[base]/.well-known/smart-configuration is not served as JSON (SMART App Launch 2.2, Conformance). Please "
            "switch SMART App Launch on for this base URL, or tell us the one that has it.",
        )
        return
    try:
        configuration = read_configuration(reply.document)
    except LaunchRefused as error:
        yield _finding("smart-unsafe", Severity.ERROR, f"{error}.", f"{error}. Please serve it over https.")
        return
    found = list(_about(configuration, reply.document, probe))
    yield from found
    if all(finding.severity is Severity.NOTE for finding in found):
        yield _finding("smart", Severity.OK, "A launch from the record has all that it needs.")


def _about(
    configuration: SmartConfiguration, document: Mapping[str, Any], probe: Probe
) -> Iterator[DoctorFinding]:
    yield from _pkce(configuration)
    yield from _endpoints(configuration)
    yield from _keys(configuration, probe)
    yield from _capabilities(configuration, probe.connection)
    if probe.connection.backend_client_id:
        yield from _backend(document)
    if _signs(probe.connection):
        yield from _algorithms(configuration)


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


def _endpoints(configuration: SmartConfiguration) -> Iterator[DoctorFinding]:
    for name in ("authorization_endpoint", "token_endpoint"):
        if not getattr(configuration, name):
            yield _finding(
                "smart-endpoint",
                Severity.ERROR,
                f"{name} is not named.",
                f"Your SMART configuration lacks {name}, which a launch needs (SMART App Launch 2.2, Conformance).",
            )
    if not configuration.revocation_endpoint:
        yield _finding(
            "smart-revocation", Severity.NOTE, "No revocation endpoint: tokens end by themselves only."
        )


def _keys(configuration: SmartConfiguration, probe: Probe) -> Iterator[DoctorFinding]:
    """Yield whether an id_token could be believed: issuer and key set are named, and a key can be used."""
    if "sso-openid-connect" not in configuration.capabilities:
        return  # said among the capabilities
    lacking = [name for name in ("issuer", "jwks_uri") if not getattr(configuration, name)]
    if lacking:
        yield _finding(
            "smart-keys",
            Severity.ERROR,
            f"{' and '.join(lacking)} not named: nobody's identity can be believed.",
            f"Your SMART configuration lacks {' and '.join(lacking)}, which sso-openid-connect requires (SMART App "
            "Launch 2.2, Conformance).",
        )
        return
    keys = usable_keys(probe.fetch(configuration.jwks_uri), algorithms=ASYMMETRIC)
    if not keys:
        yield _finding(
            "smart-keys",
            Severity.ERROR,
            "The key set (jwks_uri) cannot be read, or holds no key that we can use.",
            "The key set at jwks_uri of your SMART configuration cannot be reached from us, or holds no signing key with "
            f"a kid for {', '.join(sorted(ASYMMETRIC))}; without it we cannot believe who a user is.",
        )


def _backend(document: Mapping[str, Any]) -> Iterator[DoctorFinding]:
    grants = document.get("grant_types_supported")
    if isinstance(grants, list) and "client_credentials" not in grants:
        yield _finding(
            "smart-backend",
            Severity.WARNING,
            "client_credentials is not among the grant types: our backend client may get no token.",
            "grant_types_supported does not hold client_credentials (SMART App Launch 2.2, Backend Services). Please "
            "enable it for our backend client, or tell us that none is meant to be.",
        )


def _signs(connection: Connection) -> bool:
    """Whether our client proves itself with a signature."""
    has_launches = bool(connection.client_id)
    proves = connection.client_authentication is ClientAuthentication.PRIVATE_KEY
    return bool(connection.backend_client_id) or (has_launches and proves)


def _algorithms(configuration: SmartConfiguration) -> Iterator[DoctorFinding]:
    accepted = configuration.signing_algorithms
    if accepted and not accepted & set(ALGORITHMS):
        yield _finding(
            "smart-algorithms",
            Severity.ERROR,
            "Neither ES384 nor RS384 is accepted for our assertions.",
            "token_endpoint_auth_signing_alg_values_supported holds neither ES384 nor RS384 (SMART App Launch 2.2, "
            "Asymmetric client authentication). Please enable one of them.",
        )


def _capabilities(configuration: SmartConfiguration, connection: Connection) -> Iterator[DoctorFinding]:
    needed = {**NEEDED, **(SIGNED if _signs(connection) else {})}
    for name, meaning in needed.items():
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
