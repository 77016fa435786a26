"""The room's tables, where Django looks for them."""

from audit.ledger.models import (
    Checkpoint,
    Entry,
    Lease,
    PurgeDeclaration,
    Seal,
    SubjectKey,
    Tile,
    Unsealed,
    WrappedKey,
    Writer,
)

__all__ = [
    "Checkpoint",
    "Entry",
    "Lease",
    "PurgeDeclaration",
    "Seal",
    "SubjectKey",
    "Tile",
    "Unsealed",
    "WrappedKey",
    "Writer",
]
