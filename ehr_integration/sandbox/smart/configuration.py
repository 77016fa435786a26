"""What the authorization server says of itself. Source: SMART App Launch 2.2.0, "Conformance"."""

from typing import Any

CAPABILITIES = """
launch-ehr launch-standalone client-public client-confidential-asymmetric sso-openid-connect context-banner
context-ehr-patient context-ehr-encounter context-standalone-patient permission-online permission-patient
permission-user permission-v1 permission-v2
"""


def smart_configuration(origin: str) -> dict[str, Any]:
    """Return `.well-known/smart-configuration` of the server at an origin."""
    return {
        "issuer": origin,
        "jwks_uri": f"{origin}/.well-known/jwks.json",
        "authorization_endpoint": f"{origin}/auth/authorize",
        "token_endpoint": f"{origin}/auth/token",
        "revocation_endpoint": f"{origin}/auth/revoke",
        "introspection_endpoint": f"{origin}/auth/introspect",
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "response_types_supported": ["code"],
        "scopes_supported": [
            "openid",
            "fhirUser",
            "launch",
            "launch/patient",
            "online_access",
            "patient/*.rs",
            "system/*.rs",
        ],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["ES384", "RS384"],
        "id_token_signing_alg_values_supported": ["ES384"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "capabilities": CAPABILITIES.split(),
    }
