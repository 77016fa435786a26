"""The demo EHR's own registration: it exists where this installation runs it."""

from django.conf import settings

from ehr_integration.connections.domain import ClientAuthentication, Connection

NAME = "demo-ehr"
CLIENT_ID, BACKEND_CLIENT_ID = "tacit", "tacit-backend"


def demo_connection() -> tuple[Connection, ...]:
    """Return the demo EHR's connection, or nothing where it does not run."""
    if not settings.RUNS_SANDBOX:
        return ()
    origin = settings.FHIR_BASE_URL.removesuffix("/fhir")
    return (
        Connection(
            name=NAME,
            fhir_base_url=settings.FHIR_BASE_URL,
            client_id=CLIENT_ID,
            client_authentication=ClientAuthentication.PRIVATE_KEY,
            backend_client_id=BACKEND_CLIENT_ID,
            cds_issuer=origin,
            cds_jku=f"{origin}/.well-known/jwks.json",
            frame_origins=(origin,),
            is_internal=True,
        ),
    )
