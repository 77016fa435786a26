"""A machine's way in: the bearer token of TACIT_METRICS_TOKEN, which opens the metrics and nothing else."""

from django.conf import settings
from django.utils.crypto import constant_time_compare
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

SCHEME = b"bearer"


class Scraper:
    """Who has the token: no account, so that nothing else lets it in."""

    is_authenticated = True


class MetricsTokenAuthentication(BaseAuthentication):
    """Bearer token, compared in constant time. Source: RFC 6750, 2.1."""

    def authenticate(self, request: Request) -> tuple[Scraper, None] | None:
        """Return the scraper; None where no bearer token is given. Raises: AuthenticationFailed."""
        scheme, _, given = get_authorization_header(request).partition(b" ")
        if scheme.lower() != SCHEME:
            return None
        expected = settings.TACIT_METRICS_TOKEN
        if not expected or not constant_time_compare(given.strip(), expected):
            raise AuthenticationFailed
        return Scraper(), None

    def authenticate_header(self, request: Request) -> str:
        """Return what a 401 asks for."""
        return "Bearer"


class MetricsTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # untyped base
    """How the OpenAPI document names the token."""

    target_class = MetricsTokenAuthentication
    name = "metricsToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """Return the scheme."""
        return {"type": "http", "scheme": "bearer"}
