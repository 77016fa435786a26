"""Seals for as long as it runs: what waits, what was spooled, a heartbeat in quiet hours, an anchor now and then.

A step that fails is tried again, later and later; the others go on meanwhile. Logs hold counts and names of errors.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.db import Error, connections

from audit.errors import AuditError, SealerBusy
from audit.keys.errors import KeysError
from audit.ledger.anchoring import anchor_newest, has_anchors
from audit.ledger.append import write_mark
from audit.ledger.models import Unsealed
from audit.ledger.sealer import BATCH, LEASE_SECONDS, Sealer
from audit.ledger.spool import drain

SECONDS_BETWEEN_BATCHES = 0.2
SECONDS_UNTIL_RETRY, LONGEST_RETRY = 0.5, 30.0
# The lease is renewed while nothing waits, well before it ends.
SECONDS_BETWEEN_RENEWALS = LEASE_SECONDS / 3
EXPECTED = (Error, OSError, KeysError, AuditError)

logger = logging.getLogger(__name__)
Clock = Callable[[], float]


@dataclass
class Step:
    """Something that is done every `interval` seconds; after a failure later and later."""

    name: str
    act: Callable[[], None]
    interval: float
    clock: Clock = time.monotonic
    _due_at: float = field(default=0.0, init=False)
    _failures: int = field(default=0, init=False)

    def run(self) -> None:
        """Do it where it is due."""
        if self.clock() < self._due_at:
            return
        try:
            self.act()
        except SealerBusy:
            self._due_at = self.clock() + SECONDS_UNTIL_RETRY
        except EXPECTED as error:
            self._fail(error)
        else:
            self._failures, self._due_at = 0, self.clock() + self.interval

    def _fail(self, error: Exception) -> None:
        pause = min(SECONDS_UNTIL_RETRY * 2**self._failures, LONGEST_RETRY)
        self._failures, self._due_at = min(self._failures + 1, 10), self.clock() + pause
        logger.error("%s failed (%s); again in %.1f s", self.name, type(error).__name__, pause)
        # What broke may be the connection: the next attempt gets a new one.
        connections.close_all()


class SealingLoop:
    """The sealer's process."""

    def __init__(self, *, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._sealer = Sealer()
        self._renewed_at = float("-inf")
        self._active_at = clock()
        self._steps = [
            Step("draining the spool", self._drain, 1.0, clock),
            Step("sealing", self._seal, 0.0, clock),
            Step("the heartbeat", self._beat, 1.0, clock),
        ]
        if has_anchors():
            self._steps.append(
                Step("anchoring", self._anchor, settings.TACIT_AUDIT_ANCHOR_SECONDS, clock),
            )

    def run(self, stop: threading.Event) -> None:
        """Seal until told to stop; call `finish` afterwards."""
        while not stop.is_set():
            self.turn()
            stop.wait(SECONDS_BETWEEN_BATCHES)

    def turn(self) -> None:
        """Do what is due."""
        for step in self._steps:
            step.run()

    def finish(self) -> None:
        """Seal what waits and release the lease, where the database still answers."""
        try:
            self.seal_all()
            self.release()
        except EXPECTED as error:
            logger.error("the last batch was not sealed (%s); the next sealer takes it", type(error).__name__)

    def seal_all(self) -> int:
        """Seal batch after batch until nothing waits; return how many entries. Raises: as `Sealer.seal`."""
        sealed = 0
        while count := self._sealer.seal():
            sealed += count
            if count < BATCH:
                break
        self._renewed_at = self._clock()
        return sealed

    def release(self) -> None:
        """Let another process take over at once."""
        self._sealer.release()

    def _seal(self) -> None:
        if not Unsealed.objects.exists() and self._clock() - self._renewed_at < SECONDS_BETWEEN_RENEWALS:
            return
        if self.seal_all():
            self._active_at = self._clock()

    def _drain(self) -> None:
        if drained := drain():
            logger.warning("%d emergency events were brought from the spool into the record", drained)

    def _beat(self) -> None:
        """Write a heartbeat after a quiet time, so that silence is a statement too. Only the holder of the lease does."""
        is_holder = self._clock() - self._renewed_at < LEASE_SECONDS
        if is_holder and self._clock() - self._active_at >= settings.TACIT_AUDIT_HEARTBEAT_SECONDS:
            write_mark("heartbeat")
            self._active_at = self._clock()

    def _anchor(self) -> None:
        if self._clock() - self._renewed_at < LEASE_SECONDS:
            anchor_newest()
