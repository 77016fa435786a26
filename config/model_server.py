"""The hospital's own model server, as the environment names it: checked when the settings are read, and at start."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from clinical.inference.remote.endpoint import Endpoint, Tls
from clinical.inference.remote.errors import EndpointInvalid


def model_server(
    url: str, *, token: str, ca_file: str, client_certificate: str, client_key: str
) -> Endpoint | None:
    """Return the server; None where the environment names none. Raises: ImproperlyConfigured with the fix."""
    if not url:
        return None
    if client_key and not client_certificate:
        raise ImproperlyConfigured(
            "TACIT_ENGINE_CLIENT_KEY is of no use without TACIT_ENGINE_CLIENT_CERT: set both"
        )
    tls = Tls(
        ca_file=_file(ca_file), client_certificate=_file(client_certificate), client_key=_file(client_key)
    )
    try:
        return Endpoint.parse(url, token=token or None, tls=tls)
    except EndpointInvalid as error:
        raise ImproperlyConfigured(str(error)) from None


def _file(path: str) -> Path | None:
    return Path(path).resolve() if path else None
