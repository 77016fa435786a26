"""Questions and results of reviews rest encrypted in Redis, each bound to its review, and only until they expire."""

from typing import Any

from compliance import sealing

FORMAT = b"tacit-review-v1"


def seal(content: Any, *, secret: str, review_id: str) -> bytes:  # noqa: ANN401 - any JSON value
    """Return the content as nonce and ciphertext."""
    return sealing.seal(content, secret=secret, purpose=FORMAT, place=review_id)


def unseal(sealed: bytes, *, secret: str, review_id: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return the content. Raises: cryptography.exceptions.InvalidTag where it was altered or belongs elsewhere."""
    return sealing.unseal(sealed, secret=secret, purpose=FORMAT, place=review_id)
