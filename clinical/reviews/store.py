"""Reviews in Redis: one hash each, content sealed, gone when its time is over."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import redis
from django.conf import settings

from clinical.errors import QueueUnavailable, ReviewNotFound
from clinical.reviews.domain import Review, ReviewStatus
from clinical.reviews.sealing import seal, unseal
from compliance.access.domain import Actor, Role

SECONDS_IN_AN_HOUR = 3600


@contextmanager
def connected() -> Iterator[redis.Redis]:
    """Return a connection to Redis. Raises: QueueUnavailable where it does not answer."""
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=5)
    try:
        yield client
    except (redis.ConnectionError, redis.TimeoutError) as error:
        raise QueueUnavailable("Redis does not answer") from error
    finally:
        client.close()


def create(review_id: str, *, owner: Actor, question: str) -> None:
    """Write a queued review that expires by itself. Raises: QueueUnavailable."""
    fields: dict[Any, Any] = {
        "owner": owner.username,
        "role": owner.role.value,
        "status": ReviewStatus.QUEUED.value,
        "done": 0,
        "total": 0,
        "question": _sealed(review_id, question),
    }
    with connected() as client, client.pipeline(transaction=True) as pipeline:
        pipeline.hset(_key(review_id), mapping=fields)
        pipeline.expire(_key(review_id), int(settings.TACIT_REVIEW_HOURS * SECONDS_IN_AN_HOUR))
        pipeline.zadd(_owner_key(owner.username), {review_id: _now(client)})
        pipeline.expire(_owner_key(owner.username), int(settings.TACIT_REVIEW_HOURS * SECONDS_IN_AN_HOUR))
        pipeline.execute()


def read(review_id: str) -> tuple[Actor, Review]:
    """Return the review's owner and the review. Raises: ReviewNotFound, QueueUnavailable."""
    with connected() as client:
        fields: dict[bytes, bytes] = client.hgetall(_key(review_id))  # type: ignore[assignment]  # sync client
        expires = client.ttl(_key(review_id))
    if b"question" not in fields:
        raise ReviewNotFound("No such review")
    result = fields.get(b"result")
    review = Review(
        id=review_id,
        status=ReviewStatus(fields[b"status"].decode()),
        question=_unsealed(review_id, fields[b"question"]),
        done=int(fields[b"done"]),
        total=int(fields[b"total"]),
        expires_in_seconds=max(int(expires), 0),
        result=_unsealed(review_id, result) if result else None,
    )
    owner = Actor(username=fields[b"owner"].decode(), role=Role(fields[b"role"].decode()))
    return owner, review


def ids_of(owner: str) -> list[str]:
    """Return the ids of an owner's reviews, newest first; some may have expired. Raises: QueueUnavailable."""
    with connected() as client:
        ids: list[bytes] = client.zrange(_owner_key(owner), 0, -1, desc=True)  # type: ignore[assignment]  # sync client
    return [review_id.decode() for review_id in ids]


def advance(review_id: str, *, status: ReviewStatus, done: int, total: int) -> bool:
    """Write progress; False where the review is over already (cancelled, or expired), and nothing is written."""
    with connected() as client:
        return bool(
            client.eval(
                ADVANCE,
                1,
                _key(review_id),
                status.value,
                done,
                total,
                *[s.value for s in ReviewStatus if s.is_final],
            )
        )


def finish(review_id: str, *, result: dict[str, Any]) -> bool:
    """Seal the result into the review; False where it was cancelled or has expired meanwhile."""
    total = len(result["references"])
    with connected() as client:
        if not advance(review_id, status=ReviewStatus.DONE, done=total, total=total):
            return False
        client.hset(_key(review_id), "result", _sealed(review_id, result))
        return True


def end(review_id: str, status: ReviewStatus) -> bool:
    """Mark a review as cancelled or failed; False where it was over already."""
    _, review = read(review_id)
    return advance(review_id, status=status, done=review.done, total=review.total)


# Check and write in one step: a cancelled or expired review must not come back to life.
ADVANCE = """
local status = redis.call('HGET', KEYS[1], 'status')
if not status then return 0 end
for i = 4, #ARGV do if status == ARGV[i] then return 0 end end
redis.call('HSET', KEYS[1], 'status', ARGV[1], 'done', ARGV[2], 'total', ARGV[3])
return 1
"""


def _key(review_id: str) -> str:
    return f"tacit:review:{review_id}"


def _owner_key(owner: str) -> str:
    return f"tacit:reviews-of:{owner}"


def _now(client: redis.Redis) -> float:
    seconds, microseconds = client.time()
    return float(seconds) + float(microseconds) / 1e6


def _sealed(review_id: str, content: Any) -> bytes:  # noqa: ANN401 - any JSON value
    return seal(content, secret=settings.SECRET_KEY, review_id=review_id)


def _unsealed(review_id: str, sealed: bytes) -> Any:  # noqa: ANN401 - any JSON value
    return unseal(sealed, secret=settings.SECRET_KEY, review_id=review_id)
