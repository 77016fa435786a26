"""What may be used once: the `jti` of a token, the `state` of a launch. All servers of an installation share the memory."""

import hashlib

import redis
from django.conf import settings

from ehr_integration.errors import EhrError

PREFIX = "tacit:once"


class Replayed(EhrError):
    """It was used before."""


class ReplayStoreUnavailable(EhrError):
    """Redis does not answer: nobody knows whether it was used before, so it is refused."""


def claim_once(kind: str, value: str, *, seconds: int) -> None:
    """Return for the first who claims the value; only its SHA-256 is kept, for as long as it could be used.

    Raises: Replayed; ReplayStoreUnavailable.
    """
    try:
        is_first = _store().set(_key(kind, value), b"1", nx=True, ex=max(1, seconds))
    except redis.RedisError:
        raise ReplayStoreUnavailable(
            "Redis does not answer at REDIS_URL: nothing can be accepted once"
        ) from None
    if not is_first:
        raise Replayed(f"The {kind} was used before: begin anew")


def release(kind: str, value: str) -> None:
    """Let a value be claimed again: for work that was begun and can be tried anew, never for what proves something."""
    try:
        _store().delete(_key(kind, value))
    except redis.RedisError:
        return  # it is free again after its seconds


def _key(kind: str, value: str) -> str:
    return f"{PREFIX}:{kind}:{hashlib.sha256(value.encode()).hexdigest()}"


def _store() -> redis.Redis:
    if settings.REDIS_URL not in _STORES:
        _STORES[settings.REDIS_URL] = redis.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1
        )
    return _STORES[settings.REDIS_URL]


_STORES: dict[str, redis.Redis] = {}
