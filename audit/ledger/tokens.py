"""Blind tokens: equality search over encrypted entries. They show which entries are alike, and how often."""

import hmac
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings

from audit.ledger.encoding import length_prefixed
from audit.ledger.keys import derived

FIELDS = ("patient", "user", "client", "action", "purpose", "date")
TOKEN_BYTES = 16


def tokens_of(values: Mapping[str, Any], secret: bytes) -> dict[str, bytes]:
    """Return the token of every field that has a value."""
    return {field: token(field, str(values[field]), secret) for field in FIELDS if values.get(field)}


# The same users, patients, days and codes come again and again.
@lru_cache(maxsize=5_000)
def token(field: str, value: str, secret: bytes) -> bytes:
    """Return the token of a value under the secret of a quarter."""
    normal = unicodedata.normalize("NFC", value).strip().encode()
    return hmac.digest(_field_key(field, secret), length_prefixed(normal), "sha256")[:TOKEN_BYTES]


@lru_cache(maxsize=128)
def _field_key(field: str, secret: bytes) -> bytes:
    return derived(secret, f"tacit/blind/{settings.TACIT_AUDIT_TENANT}/{field}")
