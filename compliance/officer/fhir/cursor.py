"""The cursor of a next page: the search and the place, encrypted for the account that searched.

So the address of a next page names no patient, and nobody else can use it or move it.
AES-256-GCM (NIST SP 800-38D) under a key of its own (HKDF, RFC 5869).
"""

import base64
import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils import timezone

from audit.services import Place
from compliance.officer.fhir.errors import SearchInvalid
from compliance.officer.fhir.search import Parameters

FORMAT = b"tacit-audit-cursor/1"
NONCE_BYTES = 12
VALID_FOR = timedelta(hours=12)
REFUSAL = "The cursor is none of ours, of another account, or too old: begin the search again"


class Cursor(NamedTuple):
    """A search, and the place after which it goes on."""

    parameters: Parameters
    place: Place


def write_cursor(cursor: Cursor, *, username: str) -> str:
    """Return the cursor as opaque text."""
    content = {
        "parameters": {name: list(values) for name, values in cursor.parameters.items()},
        "recorded_at": cursor.place.recorded_at.isoformat(),
        "number": cursor.place.number,
        "made_at": timezone.now().isoformat(),
    }
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = nonce + _cipher().encrypt(nonce, json.dumps(content).encode(), _bound_to(username))
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def read_cursor(text: str, *, username: str) -> Cursor:
    """Return the cursor. Raises: SearchInvalid."""
    try:
        sealed = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        content = json.loads(
            _cipher().decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _bound_to(username))
        )
    except (ValueError, InvalidTag):
        raise SearchInvalid(REFUSAL) from None
    if datetime.now(UTC) - datetime.fromisoformat(content["made_at"]) > VALID_FOR:
        raise SearchInvalid(REFUSAL)
    place = Place(datetime.fromisoformat(content["recorded_at"]), content["number"])
    return Cursor(content["parameters"], place)


def _bound_to(username: str) -> bytes:
    return FORMAT + username.encode()


def _cipher() -> AESGCM:
    derivation = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=FORMAT)
    return AESGCM(derivation.derive(settings.SECRET_KEY.encode()))
