"""A witness's way in: the bearer token of TACIT_AUDIT_WITNESS_TOKEN, which opens the log's hashes and nothing else."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from compliance.access.bearer import BearerTokenAuthentication


class WitnessTokenAuthentication(BearerTokenAuthentication):
    """The witness's token."""

    setting = "TACIT_AUDIT_WITNESS_TOKEN"


class WitnessTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # untyped base
    """How the OpenAPI document names the token."""

    target_class = WitnessTokenAuthentication
    name = "witnessToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """Return the scheme."""
        return {"type": "http", "scheme": "bearer"}
