"""A monitoring system's way in: the bearer token of TACIT_METRICS_TOKEN, which opens the metrics and nothing else."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from compliance.access.bearer import BearerTokenAuthentication


class MetricsTokenAuthentication(BearerTokenAuthentication):
    """The metrics' token."""

    setting = "TACIT_METRICS_TOKEN"


class MetricsTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # untyped base
    """How the OpenAPI document names the token."""

    target_class = MetricsTokenAuthentication
    name = "metricsToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """Return the scheme."""
        return {"type": "http", "scheme": "bearer"}
