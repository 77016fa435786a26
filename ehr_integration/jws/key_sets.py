"""The public keys of others: by URL, kept no longer than their server allows, looked up again for an unknown `kid`."""

import math
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import jwt

from ehr_integration.errors import EhrError, EhrUnavailable
from ehr_integration.fhir.addresses import get_json
from ehr_integration.fhir.deadline import Deadline
from ehr_integration.fhir.json_values import objects
from ehr_integration.jws.errors import TokenInvalid

SECONDS_TO_FETCH = 3
LONGEST_SECONDS, SHORTEST_SECONDS = 600, 5
# Which key types an algorithm takes. Source: RFC 7518, 3.1; RFC 8812 has no place here.
KEY_TYPES = {"RS": "RSA", "ES": "EC"}
CURVES = {"ES256": "P-256", "ES384": "P-384"}
_MAX_AGE = re.compile(r"max-age=(\d{1,9})")


@dataclass(frozen=True)
class KeySet:
    """Public keys as JWKs."""

    keys: tuple[dict[str, Any], ...]

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """Return the keys of a JWKS document (RFC 7517); none where it is no such."""
        return cls(tuple(objects(document.get("keys"))))

    def key(self, key_id: str, algorithm: str) -> jwt.PyJWK:
        """Return the one key of this id that fits the algorithm. Raises: TokenInvalid."""
        named = [key for key in self.keys if key.get("kid") == key_id]
        fitting = [key for key in named if _fits(key, algorithm)]
        if len(fitting) != 1:
            raise TokenInvalid("unknown-key" if not fitting else "ambiguous-key")
        try:
            return jwt.PyJWK(fitting[0], algorithm=algorithm)
        except jwt.PyJWTError:
            raise TokenInvalid("unusable-key") from None

    def knows(self, key_id: str) -> bool:
        """Whether a key has this id."""
        return any(key.get("kid") == key_id for key in self.keys)


def _fits(key: dict[str, Any], algorithm: str) -> bool:
    has_type = key.get("kty") == KEY_TYPES.get(algorithm[:2])
    has_curve = algorithm not in CURVES or key.get("crv") == CURVES[algorithm]
    return (
        has_type and has_curve and key.get("alg", algorithm) == algorithm and key.get("use", "sig") == "sig"
    )


@dataclass(frozen=True)
class _Kept:
    keys: KeySet
    fetched_at: float
    seconds: float


_kept: dict[str, _Kept] = {}
_failed_at: dict[str, float] = {}
_locks: dict[str, threading.Lock] = {}


def keys_at(url: str, *, is_internal: bool, key_id: str = "") -> KeySet:
    """Return the key set at an address; one that lacks `key_id` is fetched again, at most every few seconds.

    Raises: EhrError.
    """
    with _locks.setdefault(url, threading.Lock()):
        kept = _kept.get(url)
        age = time.monotonic() - kept.fetched_at if kept else 0.0
        if kept and age < kept.seconds and (not key_id or kept.keys.knows(key_id) or age < SHORTEST_SECONDS):
            return kept.keys
        if time.monotonic() - _failed_at.get(url, -math.inf) < SHORTEST_SECONDS:
            raise EhrUnavailable("The key set (JWKS) could not be had a moment ago: retry in some seconds")
        try:
            kept = _fetched(url, is_internal=is_internal)
        except EhrError:
            _failed_at[url] = time.monotonic()
            raise
        _kept[url] = kept
        return kept.keys


def forget_key_sets() -> None:
    """Fetch every key set anew from now on."""
    _kept.clear()
    _failed_at.clear()


def _fetched(url: str, *, is_internal: bool) -> _Kept:
    document, headers = get_json(
        url, is_internal=is_internal, deadline=Deadline.after(SECONDS_TO_FETCH), what="The key set (JWKS)"
    )
    return _Kept(KeySet.of(document), time.monotonic(), _lifetime(headers.get("Cache-Control", "")))


def _lifetime(cache_control: str) -> float:
    if "no-store" in cache_control or "no-cache" in cache_control:
        return 0
    match = _MAX_AGE.search(cache_control)
    return min(int(match[1]), LONGEST_SECONDS) if match else LONGEST_SECONDS / 2
