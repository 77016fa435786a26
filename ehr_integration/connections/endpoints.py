"""A registered EHR's FHIR endpoint, for whoever holds a token for it."""

from django.conf import settings

from ehr_integration.connections.domain import Connection
from ehr_integration.fhir.origin import FhirEndpoint
from ehr_integration.fhir.scopes import Scopes


def endpoint_with(
    connection: Connection, *, token: str, scope: str, deadline_seconds: float | None = None
) -> FhirEndpoint:
    """Return where the EHR answers, with a token and its scopes; without scopes nobody knows them, and all is tried."""
    return FhirEndpoint(
        base_url=connection.fhir_base_url,
        bearer_token=token,
        deadline_seconds=deadline_seconds or settings.FHIR_DEADLINE_SECONDS,
        scopes=Scopes.parse(scope) if scope else None,
        is_internal=connection.is_internal,
        vendor=connection.vendor,
        fhir_version=connection.fhir_version,
    )
