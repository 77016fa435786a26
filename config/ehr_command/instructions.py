"""What `manage.py ehr register` tells: what the EHR team enters on its side, and what a person does next here."""

from collections.abc import Iterator

from django.conf import settings

from ehr_integration.connections.domain import ClientAuthentication, Connection
from ehr_integration.fhir.vendors import vendors
from ehr_integration.smart.launching import callback_url
from ehr_integration.smart.scopes import backend_scopes, launch_scopes

PROOF = {
    ClientAuthentication.PRIVATE_KEY: "private_key_jwt with ES384 or RS384, PKCE S256",
    ClientAuthentication.CLIENT_SECRET: "client_secret_basic, PKCE S256; private_key_jwt for backend services",
    ClientAuthentication.NONE: "none (public client), PKCE S256; private_key_jwt for backend services",
}


def what_to_enter(connection: Connection) -> list[str]:
    """Return the lines that the EHR team needs to register us, and what is known of its product."""
    base = settings.TACIT_BASE_URL
    return [
        "Give this to the EHR team, to register us as an app:",
        f"  Launch URL          {base}/smart/launch",
        f"  Redirect URI        {callback_url()}",
        f"  Key set (JWKS)      {base}/.well-known/jwks.json",
        f"  Authentication      {PROOF[connection.client_authentication]}",
        f"  Scopes of launches  {launch_scopes(connection, is_from_ehr=True)}",
        f"  Scopes of backend   {backend_scopes(connection)}",
        f"  CDS Hooks           {base}/cds-services",
        *_about_product(connection.vendor),
    ]


def _about_product(vendor_id: str) -> Iterator[str]:
    vendor = vendors().get(vendor_id)
    if vendor is None:
        return
    yield f"\nWhat is known of {vendor.name}:"
    for quirk in vendor.quirks:
        yield f"  - {quirk.note}\n    {quirk.source} (read {quirk.checked})"


def next_steps(connection: Connection) -> list[str]:
    """Return what a person does next, the shortest way to a first answer first."""
    steps = [*_launch(connection), *_without_launch(connection)]
    steps.append(f"After the EHR team changed something: `manage.py ehr doctor {connection.name}`.")
    return ["", "Next:", *(f"{number}. {step}" for number, step in enumerate(steps, start=1))]


def _launch(connection: Connection) -> Iterator[str]:
    if connection.client_id:
        start = f"{settings.TACIT_BASE_URL}/smart/start/{connection.name}"
        yield f"Open {start} and choose a patient, or open Tacit from a record."


def _without_launch(connection: Connection) -> Iterator[str]:
    lines = f"FHIR_BASE_URL={connection.fhir_base_url}"
    if not connection.backend_client_id:
        lines += " and FHIR_BEARER_TOKEN (or register a backend client)"
    yield (
        f"Without a launch: set {lines} in .env, say who treats whom with "
        '`manage.py ehr care --clinician NAME --patient ID`, and ask: `manage.py ask --patient ID "..."`.'
    )
