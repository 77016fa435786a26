"""The keys that prove to EHRs who we are: private in files of ours alone, public at one address.

Source: SMART App Launch 2.2.0, "Asymmetric client authentication": RS384 and ES384; key ids are thumbprints (RFC 7638).
"""

import base64
import hashlib
import json
import os
import secrets
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

ALGORITHMS = ("ES384", "RS384")
RSA_BITS = 3072
# Servers may cache our key set; after so long none still asks for a key that signs no more.
DAYS_PUBLISHED_AFTER_ROTATION = 30
MEMBERS = {"EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n")}

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class SigningKey:
    """A private key with its algorithm and key id."""

    algorithm: str
    key_id: str
    private_key: PrivateKey
    public_jwk: dict[str, Any]


def signing_key(algorithm: str) -> SigningKey:
    """Return the newest key of an algorithm, made where there is none yet. Raises: OSError."""
    files = _files(algorithm)
    return _read(files[-1] if files else _make(algorithm, number=1))


def public_key_set() -> dict[str, Any]:
    """Return the public keys as a JWKS (RFC 7517): those that sign, and those that did until lately.

    Raises: OSError.
    """
    signing = [signing_key(algorithm) for algorithm in ALGORITHMS]
    before = [_read(file) for algorithm in ALGORITHMS for file in _former(algorithm, is_over=False)]
    return {"keys": [key.public_jwk for key in (*signing, *before)]}


def rotate_keys() -> list[str]:
    """Make new keys, which sign from now on; return their ids. The ones before stay published for a time.

    Raises: OSError.
    """
    for algorithm in ALGORITHMS:
        for file in _former(algorithm, is_over=True):
            file.unlink()
    return [_read(_make(algorithm, number=_newest(algorithm) + 1)).key_id for algorithm in ALGORITHMS]


def _former(algorithm: str, *, is_over: bool) -> list[Path]:
    """Return the keys that sign no more: since long ago, or since lately."""
    files, longest = _files(algorithm), DAYS_PUBLISHED_AFTER_ROTATION * 24 * 3600
    pairs = zip(files, files[1:], strict=False)
    return [old for old, new in pairs if (time.time() - new.stat().st_mtime > longest) is is_over]


def _newest(algorithm: str) -> int:
    return max((int(file.stem.rpartition("-")[2]) for file in _files(algorithm)), default=0)


def _algorithm(file: Path) -> str:
    return file.name.partition("-")[0]


def _files(algorithm: str) -> list[Path]:
    return sorted(Path(settings.TACIT_CLIENT_KEYS).glob(f"{algorithm}-*.pem"))


def _make(algorithm: str, *, number: int) -> Path:
    folder = Path(settings.TACIT_CLIENT_KEYS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key: PrivateKey = (
        ec.generate_private_key(ec.SECP384R1())
        if algorithm == "ES384"
        else rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    )
    file, draft = folder / f"{algorithm}-{number:06}.pem", folder / f".{secrets.token_hex(8)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    try:
        os.link(
            draft, file
        )  # whole or not at all; another process may have been first, and then its key is ours
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return file


def _read(file: Path) -> SigningKey:
    state = file.stat()
    return _read_once(file, state.st_mtime_ns, state.st_ino)


@lru_cache(maxsize=16)  # to check an RSA key takes as long as hundreds of requests for it
def _read_once(file: Path, _changed_ns: int, _inode: int) -> SigningKey:
    algorithm = _algorithm(file)
    key = load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise OSError(f"{file.name} holds no key of ours")
    jwk = _public_jwk(key)
    key_id = thumbprint(jwk)
    return SigningKey(algorithm, key_id, key, {**jwk, "kid": key_id, "alg": algorithm, "use": "sig"})


def _public_jwk(key: PrivateKey) -> dict[str, Any]:
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return dict(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True))
    return dict(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True))


def thumbprint(jwk: dict[str, Any]) -> str:
    """Return the key id of a public key. Source: RFC 7638, 3."""
    members = {name: jwk[name] for name in MEMBERS[jwk["kty"]]}
    canonical = json.dumps(members, sort_keys=True, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(canonical).digest()).decode().rstrip("=")
