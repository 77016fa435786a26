"""The manifest: what was asked for, what is there, and the hash of every file; signed by the ledger's key."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from audit.ledger.setup import checkpoint_signer
from audit.tlog.notes import sign_note
from audit.verifier import FORMAT, MANIFEST_TITLE

# The version of what writes packages; the format has its own.
TOOL_VERSION = "1"


def manifest_bytes(document: Mapping[str, Any]) -> bytes:
    """Return the manifest as its file holds it."""
    head = {"format": FORMAT, "tool": {"name": "tacit", "version": TOOL_VERSION}}
    return json.dumps({**head, **document}, indent=2, sort_keys=True).encode() + b"\n"


def manifest_note(manifest: bytes) -> bytes:
    """Return the signed note over the manifest. Raises: KeysError. Source: C2SP signed-note."""
    signer = checkpoint_signer()
    text = f"{MANIFEST_TITLE}\n{signer.name}\nsha256:{sha256(manifest).hexdigest()}\n"
    return str(sign_note(text, signer)).encode()
