"""Where we may connect to: an address is resolved once, checked, and only that number is called.

What names our target may come from outside (iss, jku, fhirServer, a next link), so a name must not lead to this machine,
to the cloud's metadata service or into the hospital's network, unless the host belongs to a registered EHR that is there.
Source: OWASP Server-Side Request Forgery Prevention; RFC 6890 (special-purpose addresses).
"""

import atexit
import socket
import ssl
from collections.abc import Iterable
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

import httpcore
import httpx

from audit.hosts import is_loopback
from ehr_integration.errors import EhrInvalidResponse, EhrTimeout, EhrUnavailable
from ehr_integration.fhir.bodies import bounded
from ehr_integration.fhir.deadline import Deadline
from ehr_integration.fhir.json_values import json_object

MAX_JSON_BYTES = 1024 * 1024
# Amazon's metadata service over IPv6 is a private address like any other; over IPv4 it is link-local.
METADATA = frozenset({ip_address("fd00:ec2::254"), ip_address("100.100.100.200")})
CONNECTIONS = 32

Address = IPv4Address | IPv6Address


class AddressRefused(EhrUnavailable):
    """A host has no address that we may connect to."""


def is_callable(address: Address, *, host: str, is_internal: bool) -> bool:
    """Whether we may connect to an address that a host has."""
    plain = getattr(address, "ipv4_mapped", None) or address
    if plain in METADATA or plain.is_link_local or plain.is_multicast or plain.is_unspecified:
        return False
    if plain.is_loopback:
        return is_internal and is_loopback(host)
    return is_internal or plain.is_global


class PinningBackend(httpcore.SyncBackend):
    """Connects to the first address of a host that may be called; TLS still asks for the host's own certificate."""

    def __init__(self, *, is_internal: bool) -> None:
        self._is_internal = is_internal

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Return the connection. Raises: httpcore.ConnectError where there is no address for it."""
        name = host.strip("[]")
        try:
            found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError from error
        for *_, numbers in found:
            if is_callable(
                ip_address(str(numbers[0]).partition("%")[0]), host=name, is_internal=self._is_internal
            ):
                return super().connect_tcp(str(numbers[0]), port, timeout, local_address, socket_options)
        raise httpcore.ConnectError


class PinnedTransport(httpx.HTTPTransport):
    """httpx's transport over one pool of HTTP/1.1 and HTTP/2 connections, each to an address that was checked."""

    def __init__(self, *, is_internal: bool, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(verify=tls or _tls(), trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls or _tls(),
            max_connections=CONNECTIONS,
            max_keepalive_connections=CONNECTIONS,
            keepalive_expiry=30,
            http2=True,
            network_backend=PinningBackend(is_internal=is_internal),
        )


@cache
def pooled(*, is_internal: bool) -> httpx.Client:
    """Return this process's connections, shared by all requests; who asks gives its own token with each.

    Proxies and netrc of the environment would carry patient data elsewhere; redirects would, too.
    """
    client = httpx.Client(
        transport=PinnedTransport(is_internal=is_internal), trust_env=False, follow_redirects=False
    )
    atexit.register(client.close)
    return client


@cache
def _tls() -> ssl.SSLContext:
    # Loading the trusted certificates takes longer than a chart read should.
    return trusting_tls()


def trusting_tls() -> ssl.SSLContext:
    """Return how we speak TLS: version 1.2 or newer, with those whom SSL_CERT_FILE or the system vouch for."""
    context = httpx.create_ssl_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def get_json(
    url: str, *, is_internal: bool, deadline: Deadline, what: str
) -> tuple[dict[str, Any], httpx.Headers]:
    """Return the JSON object at an address, and the answer's headers; `what` names it in messages.

    Raises: EhrUnavailable, EhrTimeout, EhrInvalidResponse (no JSON object, a redirect, over 1 MiB).
    """
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    try:
        with pooled(is_internal=is_internal).stream(
            "GET", url, headers=headers, timeout=deadline.remaining()
        ) as response:
            if response.status_code != 200:
                raise EhrUnavailable(f"{what}: the answer was {response.status_code} where 200 was expected")
            body = bounded(response.iter_raw(), limit=MAX_JSON_BYTES, deadline=deadline)
            if body is None:
                raise EhrInvalidResponse(f"{what}: more than {MAX_JSON_BYTES} bytes")
            found = json_object(body)
            if found is None:
                raise EhrInvalidResponse(f"{what}: is not a JSON object")
            return found, response.headers
    except httpx.TimeoutException:
        raise EhrTimeout(f"{what}: no answer in time") from None
    except (httpx.TransportError, httpx.InvalidURL):
        raise AddressRefused(f"{what}: its host cannot be reached, or may not be called") from None
