"""Demo or production: what each insists on, so that neither is ever mistaken for the other."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

DEMO = "demo"
PRODUCTION = "production"
LOOPBACK = {"localhost", "127.0.0.1", "::1", ""}


def check_mode(mode: str) -> str:
    """Return the mode, or an error where it is not one."""
    if mode not in {DEMO, PRODUCTION}:
        raise ImproperlyConfigured(f"TACIT_MODE must be '{DEMO}' or '{PRODUCTION}', not {mode!r}")
    return mode


def refuse_production_settings(values: Mapping[str, str]) -> None:
    """Raise where demo mode meets a setting that belongs to production.

    Demo mode has invented patients, printed passwords and HTTP without TLS: no real record may come near it.
    """
    hosts = [host.strip() for host in values["TACIT_ALLOWED_HOSTS"].split(",")]
    outside = [f"TACIT_ALLOWED_HOSTS={host}" for host in hosts if host not in LOOPBACK]
    for name in ("FHIR_BASE_URL", "DATABASE_URL", "REDIS_URL"):
        if (urlsplit(values[name]).hostname or "") not in LOOPBACK:
            outside.append(name)
    if values["FHIR_BEARER_TOKEN"]:
        outside.append("FHIR_BEARER_TOKEN")
    if outside:
        raise ImproperlyConfigured(
            f"Demo mode refuses production settings ({', '.join(outside)}). "
            f"Set TACIT_MODE={PRODUCTION} for real use, or remove them for the demo."
        )


def require_tls(name: str, url: str) -> str:
    """Return the address that a variable gives, or an error where it would carry patient data in the clear."""
    parts = urlsplit(url)
    if parts.scheme != "https" and (parts.hostname or "") not in LOOPBACK:
        raise ImproperlyConfigured(f"{name} must start with https:// outside this machine")
    return url
