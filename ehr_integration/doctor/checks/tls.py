"""The way to the EHR: TLS, its certificate, and HTTP/2. Source: RFC 9325 (recommendations for TLS)."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlsplit

from ehr_integration.doctor.domain import Area, DoctorFinding, Severity
from ehr_integration.doctor.probe import SECONDS_TO_ANSWER, Probe

_finding = partial(DoctorFinding, area=Area.TLS)

DAYS_TO_WARN = 30


def check(probe: Probe) -> Iterator[DoctorFinding]:
    """Yield what was seen of TLS."""
    parts = urlsplit(probe.connection.fhir_base_url)
    if parts.scheme != "https":
        yield _finding("tls-none", Severity.NOTE, "Plain http, which is allowed on this machine only.")
        return
    try:
        version, protocol, ends_at = _handshake(parts.hostname or "", parts.port or 443)
    except ssl.SSLCertVerificationError as error:
        yield _finding(
            "tls-certificate",
            Severity.ERROR,
            f"The certificate is not trusted: {error.verify_message or 'it does not verify'}.",
            "Your FHIR server's certificate does not verify. Please send its full chain (leaf and intermediates), for "
            "the name in our base URL, from an authority that we may trust, or give us your authority's certificate.",
        )
        return
    except (OSError, ssl.SSLError):
        yield _finding(
            "tls-unreachable",
            Severity.ERROR,
            "No TLS connection can be made.",
            "We cannot open a TLS 1.2 or 1.3 connection to your FHIR server. Please check that the host and port are "
            "open to our address and that TLS 1.2 or newer is offered.",
        )
        return
    yield from _about(version, protocol, ends_at)


def _about(version: str, protocol: str, ends_at: datetime) -> Iterator[DoctorFinding]:
    days = (ends_at - datetime.now(UTC)).days
    if days < DAYS_TO_WARN:
        yield _finding(
            "tls-certificate-ends",
            Severity.WARNING,
            f"The certificate ends in {days} days.",
            f"The certificate of your FHIR server ends on {ends_at:%Y-%m-%d}. Please renew it before then.",
        )
    yield _finding("tls", Severity.OK, f"{version}, certificate good for {days} days.")
    if protocol != "h2":
        yield _finding(
            "http2-none", Severity.NOTE, "HTTP/2 is not offered: parallel reads need a connection each."
        )


def _handshake(host: str, port: int) -> tuple[str, str, datetime]:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection((host, port), timeout=SECONDS_TO_ANSWER) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        certificate = secured.getpeercert() or {}
        seconds = ssl.cert_time_to_seconds(str(certificate["notAfter"]))
        return (
            secured.version() or "",
            secured.selected_alpn_protocol() or "",
            datetime.fromtimestamp(seconds, UTC),
        )
