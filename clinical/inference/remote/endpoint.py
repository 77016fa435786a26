"""Where a server answers: https, a Unix socket, or this machine. Patient data goes nowhere else."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import SplitResult, unquote, urlsplit

from audit.hosts import is_loopback
from clinical.inference.remote.errors import EndpointInvalid

_PORTS = {"https": 443, "http": 80, "unix": 0}
# Source: RFC 6750, 2.1 (what a bearer token is made of).
_TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]+=*")


@dataclass(frozen=True, kw_only=True)
class Tls:
    """Whom to trust and how to be known: PEM files. Without `ca_file` the system's authorities are trusted."""

    ca_file: Path | None = None
    # For servers that ask for one; the private key is in the same file, or in `client_key`.
    client_certificate: Path | None = None
    client_key: Path | None = None


NO_TLS_FILES = Tls()


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One server. `socket_path` is set for a Unix socket only; `base_path` is what stands before `/v1`."""

    scheme: str
    host: str
    port: int
    socket_path: str = ""
    base_path: str = ""
    token: str | None = field(default=None, repr=False)
    tls: Tls = NO_TLS_FILES

    @classmethod
    def parse(cls, base_url: str, *, token: str | None = None, tls: Tls = NO_TLS_FILES) -> Self:
        """Return the server at `https://host`, `http://127.0.0.1:8080` or `unix:///run/vllm.sock`.

        Raises: EndpointInvalid.
        """
        parts = _split(base_url)
        _check_token(token)
        if parts.scheme == "unix":
            path = unquote(parts.path)
            return cls(scheme="unix", host="localhost", port=0, socket_path=path, token=token, tls=tls)
        return cls(
            scheme=parts.scheme,
            host=parts.hostname or "",
            port=parts.port or _PORTS[parts.scheme],
            base_path=parts.path.rstrip("/").removesuffix("/v1"),
            token=token,
            tls=tls,
        )

    def __str__(self) -> str:
        """Return the address without its token."""
        if self.scheme == "unix":
            return f"unix://{self.socket_path}"
        return f"{self.scheme}://{self.host_header}{self.base_path}"

    @property
    def host_header(self) -> str:
        """Return the server's name as HTTP writes it."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == _PORTS[self.scheme] else f"{name}:{self.port}"


def _split(base_url: str) -> SplitResult:
    try:
        parts = urlsplit(base_url)
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        raise EndpointInvalid("The engine's address is not a URL: check TACIT_ENGINE_URL") from None
    if parts.username is not None or parts.query or parts.fragment or not has_port:
        raise EndpointInvalid(
            "The engine's address must be plain, without user name, query or fragment: "
            "give the token in TACIT_ENGINE_TOKEN"
        )
    if parts.scheme == "unix":
        _check_socket(parts)
    else:
        _check_host(parts)
    return parts


def _check_socket(parts: SplitResult) -> None:
    if parts.netloc or not parts.path.startswith("/") or parts.path.endswith("/"):
        raise EndpointInvalid("A Unix socket is written unix:///absolute/path.sock: check TACIT_ENGINE_URL")


def _check_host(parts: SplitResult) -> None:
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise EndpointInvalid(
            "The engine's address must begin with https://, unix:/// or (on this machine) http://127.0.0.1: "
            "check TACIT_ENGINE_URL"
        )
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise EndpointInvalid(
            "Plain http would carry patient data in the clear: use https, or a Unix socket, or 127.0.0.1"
        )


def _check_token(token: str | None) -> None:
    if token is not None and not _TOKEN.fullmatch(token):
        raise EndpointInvalid(
            "The engine's token holds characters that no bearer token may: check TACIT_ENGINE_TOKEN for quotes, "
            "spaces and line ends"
        )
