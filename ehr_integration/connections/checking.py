"""A connection as it was written down, checked line by line."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any
from urllib.parse import urlsplit

from audit.hosts import is_loopback
from ehr_integration.connections.domain import ClientAuthentication, Connection, is_name
from ehr_integration.connections.errors import ConnectionInvalid

URLS = ("fhir_base_url", "cds_jku")
ALLOWED = {field.name for field in fields(Connection)} - {"name"}


def connection_of(name: str, written: Mapping[str, Any]) -> Connection:
    """Return the connection. Raises: ConnectionInvalid, naming the line and what it should be."""
    if not is_name(name):
        raise ConnectionInvalid(f"[{name[:40]}]: a name has up to 40 of a-z, 0-9 and hyphens")
    if unknown := sorted(set(written) - ALLOWED):
        raise ConnectionInvalid(
            f"[{name}] {unknown[0]}: no such line; there are {', '.join(sorted(ALLOWED))}"
        )
    values = {key: _checked(name, key, value) for key, value in written.items()}
    if not values.get("fhir_base_url"):
        raise ConnectionInvalid(f"[{name}] fhir_base_url: is missing; it is the address above /metadata")
    if bool(values.get("cds_issuer")) != bool(values.get("cds_jku")):
        raise ConnectionInvalid(f"[{name}] cds_issuer, cds_jku: a CDS client has both, or neither")
    return Connection(name=name, **values)


def _checked(name: str, key: str, value: Any) -> Any:  # noqa: ANN401 - a TOML value
    if key == "client_authentication":
        return _authentication(name, value)
    if key == "frame_origins":
        return _origins(name, value)
    wanted = bool if key == "is_internal" else str
    if not isinstance(value, wanted):
        raise ConnectionInvalid(f"[{name}] {key}: must be {'true or false' if wanted is bool else 'text'}")
    if key in URLS and value and not is_safe_address(str(value)):
        raise ConnectionInvalid(f"[{name}] {key}: must be an https address, or http on this machine")
    return str(value) if wanted is str else value


def _authentication(name: str, value: Any) -> ClientAuthentication:  # noqa: ANN401
    try:
        return ClientAuthentication(value)
    except ValueError:
        kinds = ", ".join(kind.value for kind in ClientAuthentication)
        raise ConnectionInvalid(f"[{name}] client_authentication: must be one of {kinds}") from None


def _origins(name: str, value: Any) -> tuple[str, ...]:  # noqa: ANN401
    origins = tuple(str(each).rstrip("/") for each in value) if isinstance(value, list) else ()
    if not isinstance(value, list) or not all(_is_origin(each) for each in origins):
        raise ConnectionInvalid(f"[{name}] frame_origins: a list of origins such as https://ehr.example.org")
    return origins


def _is_origin(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return is_safe_address(text) and text == f"{parts.scheme}://{parts.netloc}"
    except ValueError:
        return False


def is_safe_address(url: str) -> bool:
    """Whether patient data may go there: https, or http on this machine; no user, no fragment, no spaces."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    is_plain = bool(host) and not parts.username and not parts.password and not parts.fragment
    has_only_text = url.isascii() and url.isprintable() and not set(url) & set(" ;,\"'")
    is_private_way = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    return is_plain and has_only_text and is_private_way and not host.endswith(".")
