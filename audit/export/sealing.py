"""What was recorded before an export is sealed first, as far as that can be waited for."""

import time

from audit.errors import SealerBusy
from audit.ledger.models import Entry, Unsealed
from audit.ledger.reading import Query
from audit.ledger.sealer import Sealer

SECONDS_TO_WAIT = 10.0
SECONDS_BETWEEN = 0.1


def seal_waiting() -> None:
    """Seal what waits now, or let the process that seals do it."""
    newest = Unsealed.objects.order_by("-id").first()
    if newest is None:
        return
    sealer, deadline = Sealer(), time.monotonic() + SECONDS_TO_WAIT
    while Unsealed.objects.filter(id__lte=newest.id).exists() and time.monotonic() < deadline:
        try:
            sealer.seal()
        except SealerBusy:
            time.sleep(SECONDS_BETWEEN)
    sealer.release()


def unsealed_count(query: Query) -> int:
    """Return how many entries of the dates asked for are not sealed yet, so that no export can hold them."""
    waiting = Unsealed.objects.values("event_id")
    entries = Entry.objects.filter(recorded_at__gte=query.since, recorded_at__lt=query.until)
    return entries.filter(event_id__in=waiting).count()
