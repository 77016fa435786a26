"""Who launched us: the EHR's signed word. Source: OpenID Connect Core 1.0, 3.1.3.7; SMART App Launch 2.2.0, "fhirUser"."""

import hmac

from ehr_integration.connections.domain import Connection
from ehr_integration.fhir.origin import is_fhir_id
from ehr_integration.jws.errors import TokenInvalid
from ehr_integration.jws.key_sets import KeySet, keys_at
from ehr_integration.jws.verifying import ASYMMETRIC, verified
from ehr_integration.smart.discovery import SmartConfiguration
from ehr_integration.smart.errors import LaunchRefused

TYPES = frozenset({"Practitioner", "PractitionerRole", "Patient", "RelatedPerson", "Person"})


def fhir_user(id_token: str, *, connection: Connection, configuration: SmartConfiguration, nonce: str) -> str:
    """Return the user's reference on this EHR ("Practitioner/17"). Raises: LaunchRefused; EhrError."""
    if not id_token or not configuration.jwks_uri or not configuration.issuer:
        raise LaunchRefused(
            "no-identity", "The EHR did not say who its user is: grant the scopes openid and fhirUser"
        )

    def keys(key_id: str) -> KeySet:
        return keys_at(configuration.jwks_uri, is_internal=connection.is_internal, key_id=key_id)

    try:
        claims = verified(
            id_token,
            keys=keys,
            algorithms=ASYMMETRIC,
            issuer=configuration.issuer,
            audience=connection.client_id,
        )
    except TokenInvalid as error:
        raise LaunchRefused(
            f"identity-{error.code}", f"The EHR's word about its user is not valid ({error.code})"
        ) from None
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise LaunchRefused("identity-nonce", "The EHR's word about its user belongs to another launch")
    return _reference(claims.get("fhirUser", claims.get("profile")), connection)


def _reference(user: object, connection: Connection) -> str:
    text = user if isinstance(user, str) else ""
    relative = text.removeprefix(f"{connection.fhir_base_url.rstrip('/')}/")
    kind, _, resource_id = relative.partition("/")
    if kind not in TYPES or not is_fhir_id(resource_id):
        raise LaunchRefused(
            "no-identity", "The EHR did not name its user as one of its own resources (fhirUser)"
        )
    return relative
