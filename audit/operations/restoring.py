"""Says in the record that its database was restored from a backup, and what was there before.

Whoever holds a checkpoint of the lost part sees a smaller tree: without this statement that is a rollback.
"""

from pathlib import Path

from django.conf import settings

from audit.errors import RequestInvalid
from audit.ledger.anchoring import anchors
from audit.ledger.append import write_mark
from audit.ledger.setup import checkpoint_verifier
from audit.ledger.store import newest_checkpoint
from audit.tlog.checkpoints import Checkpoint, open_checkpoint


def declare_restore(note: Path | None) -> Checkpoint:
    """Write the restore into the record; return the newest checkpoint known of the time before.

    It is the one in the file, or the newest of the anchors. Raises: RequestInvalid, AuditError, KeysError, DatabaseError.
    """
    lost = _from_file(note) if note else _from_anchors()
    newest = newest_checkpoint()
    if newest is not None and lost.size <= newest.size:
        raise RequestInvalid(
            f"The record has {newest.size} sealed entries and the checkpoint says {lost.size}: nothing is missing. Give the "
            "newest checkpoint that anyone holds from before"
        )
    write_mark("restore", size=lost.size, root=lost.root.hex())
    return lost


def _from_file(note: Path) -> Checkpoint:
    try:
        data = note.read_bytes()
    except OSError as error:
        raise RequestInvalid(f"{note} cannot be read ({error.strerror})") from None
    return open_checkpoint(data, origin=settings.TACIT_AUDIT_ORIGIN, log_keys=[checkpoint_verifier()])[0]


def _from_anchors() -> Checkpoint:
    found = [newest for anchor in anchors().values() if (newest := anchor.newest()) is not None]
    if not found:
        raise RequestInvalid(
            "No anchor holds a checkpoint: give the newest one that an auditor or a witness holds with --checkpoint"
        )
    return max(found, key=lambda checkpoint: checkpoint.size)
