"""HashiCorp Vault (or OpenBao) as the keeper: the Transit engine encrypts, and its key never leaves it.

Transit's own `rewrap` takes no associated data and fails for what was encrypted with some, so `rewrap` here
decrypts and encrypts again. Source: Vault's HTTP API, "Transit secrets engine"; hashicorp/vault issue 29532.
"""

import base64
import binascii
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx

from audit.keys.errors import (
    KeySettingInvalid,
    ProviderError,
    ProviderRefused,
    ProviderUnavailable,
    UnknownKek,
    UnwrapFailed,
)
from audit.keys.wrapping import Wrapped

TIMEOUT_SECONDS = 10.0
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
# What Transit says where it holds no such key or version. All else that it will not decrypt was changed.
UNKNOWN_KEY_SIGNS = ("key not found", "too old", "too new", "no handler for route", "unsupported path")
FORBIDDEN, NOT_FOUND = 403, 404
TEMPORARY = frozenset({307, 412, 429, 472, 473, 500, 502, 503, 504})


@dataclass(frozen=True, kw_only=True)
class VaultTransit:
    """A `KeyEncryptor` over a Transit key of type aes256-gcm96 that an administrator made.

    Each call has a connection of its own: they are few, and a forked process must not share one. The token is read
    from its file each time, since an agent renews it there.
    """

    address: str
    token_file: Path
    key: str = "tacit-audit"
    mount: str = "transit"
    namespace: str = ""
    ca_file: Path | None = None

    def __post_init__(self) -> None:
        """Raise KeySettingInvalid for an address that would send keys in the clear."""
        url = _parsed(self.address)
        is_local = url.scheme == "http" and url.host in LOOPBACK_HOSTS
        if not (is_local or (url.scheme == "https" and url.host)):
            raise KeySettingInvalid(
                "TACIT_VAULT_ADDR must be https://HOST:PORT; http:// will do only within this machine"
            )

    @property
    def kek_id(self) -> str:
        """The id of the version that wraps now."""
        return self._kek_id(self._described("GET", f"keys/{self.key}"))

    def wrap(self, secret: bytes, context: bytes) -> Wrapped:
        """Return the secret under the newest version."""
        document = {"plaintext": _base64(secret), "associated_data": _base64(context)}
        prefix, version, body = _split(self._call("POST", f"encrypt/{self.key}", document).get("ciphertext"))
        blob = _bytes(body)
        if prefix != "vault" or blob is None:
            raise ProviderError(
                "Vault sent no Transit ciphertext: check TACIT_VAULT_ADDR and TACIT_VAULT_MOUNT"
            )
        return Wrapped(f"{self._prefix}{version}", blob)

    def unwrap(self, wrapped: Wrapped, context: bytes) -> bytes:
        """Return the secret. Raises: UnwrapFailed, UnknownKek, ProviderError."""
        document = {
            "ciphertext": f"vault:{self._version(wrapped.kek_id)}:{_base64(wrapped.blob)}",
            "associated_data": _base64(context),
        }
        secret = _bytes(self._call("POST", f"decrypt/{self.key}", document).get("plaintext"))
        if secret is None:
            raise ProviderError("Vault sent no plaintext: check TACIT_VAULT_ADDR and TACIT_VAULT_MOUNT")
        return secret

    def rewrap(self, wrapped: Wrapped, context: bytes) -> Wrapped:
        """Return the same secret under the newest version; it passes through this process (see the module)."""
        return self.wrap(self.unwrap(wrapped, context), context)

    def rotate(self) -> str:
        """Make a new version and return its id; the token needs `update` on keys/NAME/rotate."""
        self._call("POST", f"keys/{self.key}/rotate", {})
        return self.kek_id

    def check_holds(self, kek_ids: Iterable[str]) -> None:
        """Raise UnknownKek where a version is not this key's, or no longer decrypts."""
        versions = {kek_id: int(self._version(kek_id)[1:]) for kek_id in kek_ids}
        if not versions:
            return
        described = self._described("GET", f"keys/{self.key}")
        oldest, newest = described.get("min_decryption_version", 1), described["latest_version"]
        if lost := sorted(kek_id for kek_id, version in versions.items() if not oldest <= version <= newest):
            raise UnknownKek(
                f"Vault does not decrypt {', '.join(lost)}: lower the key's min_decryption_version, or restore the key"
            )

    @property
    def _prefix(self) -> str:
        return f"vault:{self.mount}/{self.key}:"

    def _kek_id(self, described: Mapping[str, Any]) -> str:
        return f"{self._prefix}v{described['latest_version']}"

    def _version(self, kek_id: str) -> str:
        """Return the version in a kek_id, like "v3"."""
        version = kek_id.removeprefix(self._prefix)
        if version == kek_id or not (version[:1] == "v" and version[1:].isdecimal()):
            raise UnknownKek(
                f"{kek_id} is not of the Transit key {self.key}: check TACIT_AUDIT_KEYS, TACIT_VAULT_MOUNT and TACIT_VAULT_KEY"
            )
        return version

    def _described(self, method: str, path: str) -> dict[str, Any]:
        described = self._call(method, path)
        if described.get("type") != "aes256-gcm96":
            raise ProviderRefused(
                f"The Transit key {self.key} is of another type: make one of type aes256-gcm96, not derived"
            )
        return described

    def _call(self, method: str, path: str, document: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Return the `data` of Vault's answer."""
        response = self._sent(method, path, document)
        if response is None:
            raise ProviderUnavailable(
                "Vault cannot be reached: check that it runs, TACIT_VAULT_ADDR, and TACIT_VAULT_CA_FILE for its certificate"
            )
        if response.is_success:
            return _data(response)
        raise self._failure(response)

    def _sent(self, method: str, path: str, document: Mapping[str, str] | None) -> httpx.Response | None:
        """Return the response; None where there was none, so that no exception keeps the request with the key."""
        headers = {"X-Vault-Token": self._token(), "X-Vault-Request": "true"}
        if self.namespace:
            headers["X-Vault-Namespace"] = self.namespace
        url = f"{self.address.rstrip('/')}/v1/{self.mount}/{path}"
        try:
            with httpx.Client(verify=self._tls, timeout=TIMEOUT_SECONDS, trust_env=False) as client:
                return client.request(method, url, headers=headers, json=document)
        except httpx.HTTPError:
            return None

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except OSError:
            raise KeySettingInvalid("TACIT_VAULT_CA_FILE cannot be read as PEM certificates") from None

    def _token(self) -> str:
        try:
            if self.token_file.stat().st_mode & 0o007:
                raise KeySettingInvalid(
                    "TACIT_VAULT_TOKEN_FILE names a file that every account can use: chmod o= it"
                )
            token = self.token_file.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            token = ""
        if not token or not token.isprintable():
            raise KeySettingInvalid("TACIT_VAULT_TOKEN_FILE names no file with a Vault token")
        return token

    def _failure(self, response: httpx.Response) -> Exception:
        """Return what an error response means. Vault's own words are judged and not passed on."""
        status, told = response.status_code, _errors(response)
        if status in TEMPORARY:
            return ProviderUnavailable(
                f"Vault is sealed, on standby, or too busy (status {status}): unseal it, or try again"
            )
        if status == FORBIDDEN:
            return ProviderRefused(
                "Vault refused the token: renew it, and give its policy `update` on encrypt and decrypt, `read` on keys"
            )
        if status == NOT_FOUND or any(sign in told for sign in UNKNOWN_KEY_SIGNS):
            return UnknownKek(
                f"Vault has no such version of the Transit key {self.key}: check TACIT_VAULT_MOUNT, TACIT_VAULT_KEY and "
                "TACIT_VAULT_NAMESPACE"
            )
        if "message authentication failed" in told or "invalid ciphertext" in told:
            return UnwrapFailed(
                f"The wrapped key does not open under the Transit key {self.key}: it was changed, or belongs elsewhere"
            )
        return ProviderRefused(f"Vault refused the request (status {status}): its audit log says why")


def _parsed(address: str) -> httpx.URL:
    try:
        return httpx.URL(address)
    except httpx.InvalidURL:
        raise KeySettingInvalid("TACIT_VAULT_ADDR is no address: say https://host:8200") from None


def _data(response: httpx.Response) -> dict[str, Any]:
    """Return the answer's `data`; empty where it has none, as after a status 204."""
    try:
        data = response.json().get("data")
    except (ValueError, AttributeError):
        data = None
    return data if isinstance(data, dict) else {}


def _errors(response: httpx.Response) -> str:
    try:
        return " ".join(map(str, response.json()["errors"]))
    except (ValueError, KeyError, TypeError):
        return ""


def _split(ciphertext: object) -> tuple[str, str, str]:
    """Return prefix, version and body of "vault:v1:BASE64"; empty strings for what is none."""
    prefix, _, rest = str(ciphertext).partition(":")
    version, _, body = rest.partition(":")
    return prefix, version, body


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(encoded: object) -> bytes | None:
    """Return what standard base64 says; None for what is none, or not in its one canonical form."""
    try:
        content = base64.b64decode(str(encoded), validate=True)
    except (binascii.Error, ValueError):
        return None
    return content if content and _base64(content) == encoded else None
