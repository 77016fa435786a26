"""The way to the EHR: TLS, its certificate, and HTTP/2. Source: RFC 9325 (recommendations for TLS)."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlsplit

import httpcore

from ehr_integration.doctor.domain import Area, DoctorFinding, Severity
from ehr_integration.doctor.probe import SECONDS_TO_ANSWER, Probe
from ehr_integration.fhir.addresses import PinningBackend, trusting_tls

_finding = partial(DoctorFinding, area=Area.TLS)

DAYS_TO_WARN = 30


def check(probe: Probe) -> Iterator[DoctorFinding]:
    """Yield what was seen of TLS."""
    parts = urlsplit(probe.connection.fhir_base_url)
    if parts.scheme != "https":
        yield _finding("tls-none", Severity.NOTE, "Plain http, which is allowed on this machine only.")
        return
    try:
        version, protocol, ends_at = _handshake(
            parts.hostname or "", parts.port or 443, is_internal=probe.connection.is_internal
        )
    except (httpcore.ConnectError, httpcore.TimeoutException) as error:
        yield _failed(error.__cause__ or error.__context__)
        return
    yield from _about(version, protocol, ends_at)


def _failed(cause: BaseException | None) -> DoctorFinding:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _finding(
            "tls-certificate",
            Severity.ERROR,
            f"The certificate is not trusted: {cause.verify_message or 'it does not verify'}. An authority of the "
            "hospital's own goes into the PEM file that SSL_CERT_FILE names.",
            "Your FHIR server's certificate does not verify. Please send its full chain (leaf and intermediates), for "
            "the name in our base URL, from an authority that we may trust, or give us your authority's certificate.",
        )
    return _finding(
        "tls-unreachable",
        Severity.ERROR,
        "No TLS connection can be made.",
        "We cannot open a TLS 1.2 or 1.3 connection to your FHIR server (RFC 9325, 3.1.1). Please check that the host and "
        "port are open to our address and that TLS 1.2 or newer is offered.",
    )


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


def _handshake(host: str, port: int, *, is_internal: bool) -> tuple[str, str, datetime]:
    """Return TLS version, protocol, and the end of the certificate, trusting what our requests trust.

    Raises: httpcore.ConnectError, httpcore.TimeoutException.
    """
    context = trusting_tls()
    context.set_alpn_protocols(["h2", "http/1.1"])
    plain = PinningBackend(is_internal=is_internal).connect_tcp(host, port, timeout=SECONDS_TO_ANSWER)
    secured = plain.start_tls(context, server_hostname=host, timeout=SECONDS_TO_ANSWER)
    try:
        found: ssl.SSLObject = secured.get_extra_info("ssl_object")
        seconds = ssl.cert_time_to_seconds(str((found.getpeercert() or {})["notAfter"]))
        return (
            found.version() or "",
            found.selected_alpn_protocol() or "",
            datetime.fromtimestamp(seconds, UTC),
        )
    finally:
        secured.close()
