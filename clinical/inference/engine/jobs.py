"""Drafts that wait for the model, and what the model says back to whoever waits."""

import math
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from clinical.inference.domain import Draft, Lane, Refusal, Usage, lane_of
from clinical.inference.llama.errors import Cancelled, DraftRefused

WAITING_AT_MOST = {Lane.BEDSIDE: 8, Lane.LIBRARY: 64}
SECONDS_BETWEEN_LOOKS = 0.1


@dataclass(frozen=True)
class Ended:
    """A draft is complete, or there is none."""

    usage: Usage | None = None
    refusal: Refusal | None = None


class Job:
    """One draft on its way: put in by a connection, written by the model's thread."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.lane = lane_of(draft)
        self.put_at = self.taken_at = time.monotonic()
        self._give_up_at = self.put_at + draft.limits.deadline_seconds
        self._replies: queue.SimpleQueue[bytes | Ended] = queue.SimpleQueue()
        self._is_cancelled = False

    def check(self) -> None:
        """Raise Cancelled or DraftRefused where there is no use in going on."""
        if self._is_cancelled:
            raise Cancelled
        if time.monotonic() > self._give_up_at:
            raise DraftRefused(Refusal.TIMEOUT)

    def cancel(self) -> None:
        """Nobody waits any more."""
        self._is_cancelled = True

    def send(self, piece: bytes) -> None:
        """Hand a piece of text to whoever waits."""
        self._replies.put(piece)

    def end(self, *, usage: Usage | None = None, refusal: Refusal | None = None) -> None:
        """Say that no more comes."""
        self._replies.put(Ended(usage, refusal))

    def replies(self, is_gone: Callable[[], bool]) -> Iterator[bytes | Ended]:
        """Yield pieces and then the end; stop without one, and cancel, when the caller is gone."""
        while True:
            try:
                reply = self._replies.get(timeout=SECONDS_BETWEEN_LOOKS)
            except queue.Empty:
                if is_gone():
                    self.cancel()
                    return
                if time.monotonic() > self._give_up_at:  # still waiting for its turn
                    self.cancel()
                    yield Ended(refusal=Refusal.TIMEOUT)
                    return
                continue
            yield reply
            if isinstance(reply, Ended):
                return


class JobQueue:
    """Jobs in order of arrival, a bounded number in each lane."""

    def __init__(self) -> None:
        self._waiting: dict[Lane, deque[Job]] = {lane: deque() for lane in Lane}
        self._changed = threading.Condition()
        self._is_closed = False
        self._seconds_a_job = {lane: 1.0 for lane in Lane}

    def put(self, job: Job) -> None:
        """Take the job in. Raises: DraftRefused where the lane is full or the engine stops."""
        with self._changed:
            if self._is_closed:
                raise DraftRefused(Refusal.STOPPING)
            if len(self._waiting[job.lane]) >= WAITING_AT_MOST[job.lane]:
                raise DraftRefused(Refusal.BUSY)
            self._waiting[job.lane].append(job)
            self._changed.notify()

    def take(self, lane: Lane) -> Job | None:
        """Return the next job of the lane, if there is one."""
        with self._changed:
            if not self._waiting[lane]:
                return None
            job = self._waiting[lane].popleft()
        job.taken_at = time.monotonic()
        return job

    def put_back(self, job: Job) -> None:
        """Return a job that found no room yet to the head of its lane."""
        with self._changed:
            self._waiting[job.lane].appendleft(job)

    def wait(self) -> None:
        """Return when something has come, or after a short time."""
        with self._changed:
            if not any(self._waiting.values()) and not self._is_closed:
                self._changed.wait(SECONDS_BETWEEN_LOOKS)

    def close(self) -> None:
        """Take nothing more in."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is taken in."""
        return self._is_closed

    def depth(self, lane: Lane) -> int:
        """How many jobs wait in the lane."""
        return len(self._waiting[lane])

    def learn(self, lane: Lane, seconds: float) -> None:
        """Remember how long a job of the lane takes: a moving average."""
        self._seconds_a_job[lane] = 0.8 * self._seconds_a_job[lane] + 0.2 * seconds

    def retry_after_seconds(self, lane: Lane) -> int:
        """Return after how long a place will probably be free, in whole seconds, at least 1."""
        return max(1, math.ceil(self._seconds_a_job[lane]))
