"""One request over one connection, within a deadline that bounds every single read.

A connection serves one draft and is then closed, since closing is how a draft is cancelled. There is no pool, no
proxy, no redirect and no cookie: what is asked goes to the one address that was configured. The standard
library's client is used because the deadline must hold for the whole answer: clients that take a timeout for each
read let a server that stalls late take twice the time.
"""

import http.client
import io
import json
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

from clinical.errors import EngineTimeout
from clinical.inference.remote.endpoint import Endpoint, Tls
from clinical.inference.remote.errors import EndpointInvalid, ServerFault, ServerUnreachable

CONNECT_SECONDS = 5.0
MAX_DOCUMENT_BYTES = 4 * 1024 * 1024
_CHUNK_BYTES = 16 * 1024


@dataclass(frozen=True)
class Deadline:
    """The end of the time given to one request, on the monotonic clock."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> Self:
        """Return a deadline that many seconds from now."""
        return cls(time.monotonic() + seconds)

    def remaining(self) -> float:
        """Return the seconds left, always above zero.

        Raises: EngineTimeout.
        """
        left = self.at - time.monotonic()
        if left <= 0:
            raise EngineTimeout("The model server did not finish in time: ask for less, or allow more time")
        return left


class _TimedReader(io.RawIOBase):
    """Reads from a socket, each time with what is left of the deadline."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._socket = sock
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - the io protocol's own type
        self._socket.settimeout(self._deadline.remaining())
        return self._socket.recv_into(buffer)


class _TimedSocket:
    """As much of a socket as `http.client` uses. It closes nothing: the exchange does."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._socket = sock
        self._deadline = deadline

    def sendall(self, data: bytes) -> None:
        self._socket.settimeout(self._deadline.remaining())
        self._socket.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        if mode != "rb":
            raise ValueError(mode)
        return io.BufferedReader(_TimedReader(self._socket, self._deadline))

    def close(self) -> None:
        """Leave it open: `http.client` closes before the body is read."""


class Exchange:
    """A request that was sent and the response that is being read; a context manager. Closing it cancels.

    Raises, here and while reading: ServerFault, ServerUnreachable, EngineTimeout.
    """

    def __init__(
        self, endpoint: Endpoint, path: str, *, deadline: Deadline, document: Mapping[str, Any] | None = None
    ) -> None:
        body = None if document is None else json.dumps(document, ensure_ascii=False).encode()
        with _failures_told(endpoint, deadline):
            self._socket = _connected(endpoint, deadline)
            try:
                self._response = _response(endpoint, path, body, _TimedSocket(self._socket, deadline))
            except BaseException:
                self._socket.close()
                raise
        self._endpoint = endpoint
        self._deadline = deadline
        self.status = self._response.status

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection; the server stops writing."""
        self._response.close()
        self._socket.close()

    def header(self, name: str) -> str:
        """Return a header of the response; empty where it has none."""
        return self._response.getheader(name, "") or ""

    def chunks(self) -> Iterator[bytes]:
        """Return the body as it arrives. A body that is cut off raises ServerUnreachable."""
        # Some versions of `http.client` neither stop at a body's length nor complain of less.
        missing = self._response.length
        with _failures_told(self._endpoint, self._deadline):
            while missing != 0 and (chunk := self._response.read1(_CHUNK_BYTES)):
                missing = None if missing is None else max(missing - len(chunk), 0)
                yield chunk
            if missing:
                raise http.client.IncompleteRead(b"")

    def text(self) -> str:
        """Return the whole body."""
        body = bytearray()
        for chunk in self.chunks():
            body += chunk
            if len(body) > MAX_DOCUMENT_BYTES:
                raise ServerFault(f"{self._endpoint} sent more than {MAX_DOCUMENT_BYTES} bytes at once")
        return body.decode("utf-8", errors="replace")

    def document(self) -> dict[str, Any]:
        """Return the body as a JSON object; empty where it is none."""
        try:
            document = json.loads(self.text())
        except ValueError:
            return {}
        return document if isinstance(document, dict) else {}


def _response(
    endpoint: Endpoint, path: str, body: bytes | None, timed: _TimedSocket
) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(endpoint.host)
    connection.sock = timed
    headers = {
        "Host": endpoint.host_header,
        "Accept-Encoding": "identity",
        "Connection": "close",
        "User-Agent": "tacit",
    }
    if body is not None:
        headers["Content-Type"] = "application/json"
    if endpoint.token:
        headers["Authorization"] = f"Bearer {endpoint.token}"
    connection.request("GET" if body is None else "POST", endpoint.base_path + path, body, headers)
    return connection.getresponse()


def _connected(endpoint: Endpoint, deadline: Deadline) -> socket.socket:
    seconds = min(CONNECT_SECONDS, deadline.remaining())
    if endpoint.scheme == "unix":
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        sock.settimeout(seconds)
        try:
            sock.connect(endpoint.socket_path)
        except BaseException:
            sock.close()
            raise
        return sock
    sock = socket.create_connection((endpoint.host, endpoint.port), timeout=seconds)
    if endpoint.scheme == "http":
        return sock
    try:
        return _tls_context(endpoint.tls).wrap_socket(sock, server_hostname=endpoint.host)
    except BaseException:
        sock.close()
        raise


@lru_cache(maxsize=4)
def _tls_context(tls: Tls) -> ssl.SSLContext:
    """Return the context of these files; reading the system's authorities takes as long as a short draft's start."""
    try:
        context = ssl.create_default_context(cafile=tls.ca_file)
        if tls.client_certificate is not None:
            # A password, so that a locked key is an error and not a question on the terminal.
            context.load_cert_chain(tls.client_certificate, tls.client_key, password="")
    except OSError:
        raise EndpointInvalid(
            "The certificate files for the model server cannot be read as PEM: check TACIT_ENGINE_CA_FILE, "
            "TACIT_ENGINE_CLIENT_CERT and TACIT_ENGINE_CLIENT_KEY; a key must not be locked with a password"
        ) from None
    return context


@contextmanager
def _failures_told(endpoint: Endpoint, deadline: Deadline) -> Iterator[None]:
    """Turn the failures of a connection into ours. `from None`: causes may quote what was sent."""
    try:
        yield
    except ssl.SSLCertVerificationError:
        raise ServerFault(
            f"The certificate of {endpoint} cannot be trusted: name its authority's certificate in TACIT_ENGINE_CA_FILE"
        ) from None
    except TimeoutError:
        deadline.remaining()
        raise ServerUnreachable(f"{endpoint} does not accept connections: check that it runs") from None
    except (OSError, http.client.HTTPException):
        raise ServerUnreachable(
            f"The connection to {endpoint} failed or was lost: check that the server runs and is healthy"
        ) from None
