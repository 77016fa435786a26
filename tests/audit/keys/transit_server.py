"""Vault's Transit engine on loopback: the documented requests, answers and errors, over real AES-256-GCM.

What it says was compared with a running OpenBao 2.7 (a fork of Vault with the same API), word for word in the
errors: `rewrap` takes no associated data, a GET of a missing key has no errors, and so on. `test_vault_contract.py`
runs the same checks against this server and against a real one.
"""

import base64
import binascii
import json
import os
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.serving import served

TOKEN = "hvs.loopback"
MOUNT = "transit"


class Refused(Exception):
    """An error response."""

    def __init__(self, status: int, *errors: str) -> None:
        super().__init__(status, *errors)
        self.status, self.errors = status, list(errors)


@dataclass
class TransitKey:
    """A key of the engine."""

    type: str = "aes256-gcm96"
    versions: list[bytes] = field(default_factory=lambda: [os.urandom(32)])
    min_decryption_version: int = 1

    def encrypt(self, plaintext: str, associated: bytes | None) -> str:
        nonce, secret = os.urandom(12), _decoded(plaintext)
        sealed = AESGCM(self.versions[-1]).encrypt(nonce, secret, associated)
        return f"vault:v{len(self.versions)}:{base64.b64encode(nonce + sealed).decode()}"

    def decrypt(self, ciphertext: str, associated: bytes | None) -> str:
        if not ciphertext.startswith("vault:v"):
            raise Refused(400, "invalid ciphertext: no prefix")
        version_text, _, body = ciphertext.removeprefix("vault:v").partition(":")
        version = int(version_text)
        if version > len(self.versions):
            raise Refused(400, "invalid ciphertext: version is too new")
        if version < self.min_decryption_version:
            raise Refused(400, "ciphertext or signature version is disallowed by policy (too old)")
        try:
            sealed = base64.b64decode(body, validate=True)
        except binascii.Error:
            raise Refused(400, "invalid ciphertext: could not decode base64") from None
        if len(sealed) < 12:
            raise Refused(400, "invalid ciphertext length")
        try:
            secret = AESGCM(self.versions[version - 1]).decrypt(sealed[:12], sealed[12:], associated)
        except InvalidTag:
            raise Refused(400, "cipher: message authentication failed") from None
        return base64.b64encode(secret).decode()


@dataclass
class Transit:
    """The server's state; a test turns its knobs."""

    keys: dict[tuple[str, str], TransitKey] = field(default_factory=dict)
    namespaces: set[str] = field(default_factory=lambda: {"", "hospital"})
    is_sealed: bool = False
    answers: list[tuple[int, bytes]] = field(default_factory=list)
    seen: list[tuple[str, str, str]] = field(default_factory=list)

    def answer(self, method: str, path: str, headers: Any, body: bytes) -> dict[str, Any] | None:
        if self.is_sealed:
            raise Refused(503, "Vault is sealed")
        namespace = headers.get("X-Vault-Namespace", "").strip("/")
        if namespace not in self.namespaces:
            raise Refused(404, "namespace not found")
        self.seen.append((method, path, namespace))
        if headers.get("X-Vault-Token") != TOKEN:
            raise Refused(403, "permission denied")
        mount, _, rest = path.removeprefix("/v1/").partition("/")
        if mount != MOUNT:
            raise Refused(404, f'no handler for route "{mount}/{rest}". route entry not found.')
        act, _, name = rest.partition("/")
        return self._act(method, act, namespace, name, json.loads(body or b"{}"))

    def _act(
        self, method: str, act: str, namespace: str, name: str, said: dict[str, Any]
    ) -> dict[str, Any] | None:
        if act == "keys":
            return self._key(method, namespace, *name.split("/"), said=said)
        if method == "GET":
            raise Refused(405, "1 error occurred:\n\t* unsupported operation\n\n")
        field_name = "plaintext" if act == "encrypt" else "ciphertext"
        if not said.get(field_name):
            raise Refused(400, f"missing {field_name} to {'encrypt' if act == 'encrypt' else 'decrypt'}")
        key = self.keys.get((namespace, name))
        if key is None:
            raise Refused(400, "encryption key not found")
        associated = _decoded(said["associated_data"]) if said.get("associated_data") else None
        if act == "encrypt":
            return {
                "ciphertext": key.encrypt(said["plaintext"], associated),
                "key_version": len(key.versions),
            }
        if act == "decrypt":
            return {"plaintext": key.decrypt(said["ciphertext"], associated)}
        # The engine's `rewrap` knows no associated data.
        return {"ciphertext": key.encrypt(key.decrypt(said["ciphertext"], None), None)}

    def _key(
        self, method: str, namespace: str, name: str, act: str = "", *, said: dict[str, Any]
    ) -> dict[str, Any] | None:
        key = self.keys.get((namespace, name))
        if method == "POST" and not act:
            key = self.keys.setdefault((namespace, name), TransitKey(said.get("type", "aes256-gcm96")))
        elif key is None:
            raise Refused(404) if method == "GET" else Refused(400, "key not found")
        elif act == "rotate":
            key.versions.append(os.urandom(32))
        elif act == "config":
            key.min_decryption_version = said["min_decryption_version"]
        oldest, now = key.min_decryption_version, int(time.time())
        return {
            "name": name,
            "type": key.type,
            "latest_version": len(key.versions),
            "min_decryption_version": oldest,
            "min_encryption_version": 0,
            "keys": {str(version): now for version in range(oldest, len(key.versions) + 1)},
        }


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise Refused(400, "illegal base64 data at input byte 3") from None


class TransitServer(ThreadingHTTPServer):
    """Answers from a state."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), TransitHandler)
        self.state = Transit()


class TransitHandler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: TransitServer

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        state = self.server.state
        if state.answers:
            return self._write(*state.answers.pop(0))
        try:
            data = state.answer(self.command, self.path, self.headers, body)
        except Refused as refused:
            return self._write(refused.status, json.dumps({"errors": refused.errors}).encode())
        document = {"request_id": "0", "lease_id": "", "renewable": False, "lease_duration": 0, "data": data}
        document |= {"wrap_info": None, "warnings": None, "auth": None}
        return self._write(200, json.dumps(document).encode())

    def do_POST(self) -> None:
        self.do_GET()

    def _write(self, status: int, body: bytes) -> None:
        self.send_response(status)
        if status == 307:
            self.send_header("Location", "http://127.0.0.1:9/v1/stolen")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def transit(certificate: Path | None = None) -> Iterator[tuple[Transit, str]]:
    """Run the server, over TLS where there is a PEM file for it; give its state and its address."""
    server = TransitServer()
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    with served(server):
        yield server.state, f"http{'s' if certificate else ''}://127.0.0.1:{server.server_address[1]}"
