"""Who seals now. A holder that died on this machine holds nothing, so that its successor need not wait."""

import os
import socket
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from audit.ledger.models import Lease

SEALER = "sealer"


@dataclass(frozen=True)
class LeaseState:
    """The lease as it stands: `holder` is HOST:PID."""

    holder: str
    expires_at: datetime

    @property
    def is_held(self) -> bool:
        """Whether the holder may go on."""
        return self.expires_at > timezone.now() and not is_gone(self.holder)


def lease_state() -> LeaseState | None:
    """Return the sealer's lease; None where nobody seals."""
    row = Lease.objects.filter(name=SEALER).first()
    return LeaseState(row.holder, row.expires_at) if row else None


def own_name() -> str:
    """Return this process as a holder."""
    return f"{socket.gethostname()}:{os.getpid()}"


def is_gone(holder: str) -> bool:
    """Whether the holder was a process of this machine that has ended."""
    host, _, pid = holder.rpartition(":")
    if host != socket.gethostname() or not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass  # another account's process: it lives
    return False
