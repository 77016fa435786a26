"""The sealer as a process, and as a single call."""

import logging
import threading

from django.db import connections

from audit.domain import Event, Outcome
from audit.errors import AuditUnavailable
from audit.ledger.models import Unsealed
from audit.ledger.sealing import SealingLoop
from audit.ledger.spool import drain
from audit.services import append

# The sealer's own account: it is no person's.
SERVICE, ROLE = "tacit-sealer", "system"
SECONDS_UNTIL_RETRY = 2.0

logger = logging.getLogger(__name__)


def seal_until(stop: threading.Event) -> None:
    """Seal until told to stop. That it began and ended is in the record (ONC (d)(3): changes of the log's status)."""
    _record("start", stop)
    loop = SealingLoop()
    loop.run(stop)
    _record("stop", stop)
    loop.finish()


def seal_now() -> tuple[int, int]:
    """Bring in what was spooled and seal what waits; return how many events and entries these were.

    Raises: SealerBusy, DatabaseError, KeysError, AuditUnavailable.
    """
    drained = drain()
    if not Unsealed.objects.exists():
        return drained, 0
    append(_event("seal-audit"))
    loop = SealingLoop()
    try:
        return drained, loop.seal_all()
    finally:
        loop.release()


def _record(action: str, stop: threading.Event) -> None:
    """Append the event, again and again while the database does not take it, but not beyond a stop."""
    while True:
        try:
            append(_event(action))
        except AuditUnavailable as error:
            logger.error("%s is not recorded yet: %s", action, error)
            connections.close_all()
        else:
            return
        if stop.wait(SECONDS_UNTIL_RETRY):
            return


def _event(action: str) -> Event:
    return Event(
        action=action, outcome=Outcome.SUCCESS, actor=SERVICE, role=ROLE, detail={"job_id": "audit-sealer"}
    )
