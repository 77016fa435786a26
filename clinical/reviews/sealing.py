"""Questions and results of reviews rest encrypted in Redis, and only until they expire.

AES-256-GCM (NIST SP 800-38D) under a key for each review (HKDF, RFC 5869), bound to the review's id.
"""

import json
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FORMAT = b"tacit-review-v1"
NONCE_BYTES = 12


def seal(content: Any, *, secret: str, review_id: str) -> bytes:  # noqa: ANN401 - any JSON value
    """Return the content as nonce and ciphertext."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _cipher(secret, review_id).encrypt(nonce, json.dumps(content).encode(), FORMAT)


def unseal(sealed: bytes, *, secret: str, review_id: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return the content. Raises: cryptography.exceptions.InvalidTag where it was altered or belongs elsewhere."""
    nonce, ciphertext = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    return json.loads(_cipher(secret, review_id).decrypt(nonce, ciphertext, FORMAT))


def _cipher(secret: str, review_id: str) -> AESGCM:
    derivation = HKDF(algorithm=hashes.SHA256(), length=32, salt=review_id.encode(), info=FORMAT)
    return AESGCM(derivation.derive(secret.encode()))
