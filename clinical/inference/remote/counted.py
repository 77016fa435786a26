"""An engine whose drafts are counted on this side, for the metrics that a server of the hospital's does not bring."""

import threading
import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager

from clinical.errors import EngineBusy, EngineError, EngineTimeout
from clinical.inference.client import Engine
from clinical.inference.domain import Draft, EngineInfo, Lane, Refusal, Usage, lane_of
from clinical.inference.engine.metrics import Metrics
from clinical.inference.remote.errors import ServerRefused
from clinical.inference.wire import SPECIALTY


class CountedEngine:
    """Passes drafts on and counts them. `hourly_price` is what an hour of the server costs. Safe between threads.

    The queue's depth is the number of drafts that the engine has not finished. Busy is the time in which there is
    at least one.
    """

    def __init__(self, engine: Engine, *, hourly_price: float) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._drafts = dict.fromkeys(Lane, 0)
        self._counted_until = 0.0
        self._metrics = Metrics(depth=self._drafts.__getitem__, hourly_price=hourly_price)

    def info(self) -> EngineInfo:
        """Return which model writes. Raises: EngineError."""
        return self._engine.info()

    def metrics(self) -> str:
        """Return what this process has counted, in Prometheus' text format."""
        return self._metrics.exposition()

    def write(self, draft: Draft) -> Generator[str, None, Usage]:
        """Yield the engine's pieces. Raises: EngineError."""
        lane, specialty, pieces = lane_of(draft), _label_of(draft.specialty), 0

        def usage_so_far() -> Usage:
            # What a server read it says at the end only; a piece is about a token.
            return Usage(written_tokens=pieces)

        with self._counted(lane), closing(self._engine.write(draft)) as writing:
            try:
                while True:
                    piece = next(writing)
                    pieces += 1
                    yield piece
            except StopIteration as end:
                usage: Usage = end.value
                with self._lock:
                    self._metrics.finished(lane, specialty, usage)
                return usage
            except GeneratorExit:
                with self._lock:
                    self._metrics.cancelled(lane, specialty, usage_so_far())
                raise
            except EngineError as error:
                with self._lock:
                    self._metrics.refused(lane, specialty, _refusal_of(error), usage_so_far())
                raise

    @contextmanager
    def _counted(self, lane: Lane) -> Iterator[None]:
        self._change(lane, 1)
        try:
            yield
        finally:
            self._change(lane, -1)

    def _change(self, lane: Lane, by: int) -> None:
        """Count a draft in or out, and the time since the last change where the engine was busy."""
        with self._lock:
            now = time.monotonic()
            if any(self._drafts.values()):
                self._metrics.busy(now - self._counted_until)
            self._counted_until = now
            self._drafts[lane] += by


def _label_of(specialty: str) -> str:
    """Return the specialty where it has the form of one, as the engine process insists: labels never hold text."""
    return specialty if SPECIALTY.fullmatch(specialty) else "other"


def _refusal_of(error: EngineError) -> Refusal:
    if isinstance(error, ServerRefused):
        return error.refusal
    if isinstance(error, EngineBusy):
        return Refusal.BUSY
    return Refusal.TIMEOUT if isinstance(error, EngineTimeout) else Refusal.FAILED
