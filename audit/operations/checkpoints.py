"""Checkpoints for those outside: the key to pin, and the anchors."""

from audit.ledger.anchoring import anchor_newest
from audit.ledger.setup import checkpoint_verifier

__all__ = ["anchor_newest", "verifier_key"]


def verifier_key() -> str:
    """Return the public key that signs checkpoints, as auditors and witnesses pin it. Raises: KeysError."""
    return str(checkpoint_verifier())
