"""A literature review: the conclusions of the best articles, each checked against its abstract."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ReviewStatus(StrEnum):
    """Where a review stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen."""
        return self in {ReviewStatus.DONE, ReviewStatus.CANCELLED, ReviewStatus.FAILED}


@dataclass(frozen=True, kw_only=True)
class Review:
    """A review as its owner sees it; `result` is the synthesis document once it is done.

    `done` of `total` articles are read. `expires_in_seconds`: afterwards nothing of it is left.
    """

    id: str
    status: ReviewStatus
    question: str
    done: int
    total: int
    expires_in_seconds: int
    result: dict[str, Any] | None = None
