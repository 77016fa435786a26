"""Content that must rest somewhere for a while rests encrypted, bound to its purpose and place.

AES-256-GCM (NIST SP 800-38D) under a key for each place (HKDF, RFC 5869).
"""

import base64
import json
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE_BYTES = 12


def seal(content: Any, *, secret: str, purpose: bytes, place: str) -> bytes:  # noqa: ANN401 - any JSON value
    """Return the content as nonce and ciphertext."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _cipher(secret, purpose, place).encrypt(nonce, json.dumps(content).encode(), purpose)


def unseal(sealed: bytes, *, secret: str, purpose: bytes, place: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return the content. Raises: cryptography.exceptions.InvalidTag where it was altered or belongs elsewhere."""
    nonce, ciphertext = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    return json.loads(_cipher(secret, purpose, place).decrypt(nonce, ciphertext, purpose))


def seal_text(content: Any, *, purpose: bytes, place: str) -> str:  # noqa: ANN401 - any JSON value
    """Return the content sealed under this installation's own secret, as text for a cookie or a session."""
    return base64.urlsafe_b64encode(
        seal(content, secret=settings.SECRET_KEY, purpose=purpose, place=place)
    ).decode()


def unseal_text(text: str, *, purpose: bytes, place: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return the content of `seal_text`. Raises: ValueError, where it is none, was altered or belongs elsewhere."""
    try:
        sealed = base64.urlsafe_b64decode(text)
        return unseal(sealed, secret=settings.SECRET_KEY, purpose=purpose, place=place)
    except InvalidTag:
        raise ValueError("The text was not sealed here for this") from None


def _cipher(secret: str, purpose: bytes, place: str) -> AESGCM:
    derivation = HKDF(algorithm=hashes.SHA256(), length=32, salt=place.encode(), info=purpose)
    return AESGCM(derivation.derive(secret.encode()))
