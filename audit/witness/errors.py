"""What can go wrong outside the ledger's own host. Messages name no patient: all that is read here is public.

AuditError
├── WitnessError
│   ├── SettingInvalid        an address, a key file or a key cannot be used
│   ├── SourceUnavailable     the log cannot be read now: may be tried again
│   ├── StateInvalid          the witness's own record is missing, in use, or not what it wrote
│   └── CheckpointRefused     the log showed something that an append-only log never shows
│       ├── RolledBack            a smaller tree than before
│       ├── Forked                a tree that does not begin with the one before
│       └── TilesContradict       hashes that do not lead to the root that was signed
└── AnchorError
    ├── AnchorUnavailable     the anchor cannot be reached or written: may be tried again
    ├── AnchorInvalid         the anchor does not keep what it is given, or holds what it was not given
    └── AnchorBackwards       the checkpoint is older than the newest one there, or contradicts it
"""

from pathlib import Path

from audit.errors import AuditError


class WitnessError(AuditError):
    """The witness cannot do its work."""


class SettingInvalid(WitnessError):
    """An address, a key file or a key cannot be used; the message says the fix."""


class SourceUnavailable(WitnessError):
    """The log cannot be read now."""


class StateInvalid(WitnessError):
    """The witness's own record is missing, in use by another, or not what it wrote."""


class CheckpointRefused(WitnessError):
    """The log showed what an append-only log never shows. `evidence` is the file that holds both notes."""

    kind = "refused"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.evidence: Path | None = None

    def __str__(self) -> str:
        kept = f" Both checkpoints are kept in {self.evidence}." if self.evidence else ""
        return f"{super().__str__()}{kept}"


class RolledBack(CheckpointRefused):
    """The log is smaller than it was: entries at its end are gone."""

    kind = "rolled-back"


class Forked(CheckpointRefused):
    """The log no longer begins with what was there: entries were changed, removed or put in."""

    kind = "forked"

    def __init__(
        self, message: str, *, prefix_root: bytes | None = None, proof: tuple[bytes, ...] = ()
    ) -> None:
        """`prefix_root` is the root that the new tree has at the old size, and `proof` shows that it does."""
        super().__init__(message)
        self.prefix_root = prefix_root
        self.proof = proof


class TilesContradict(CheckpointRefused):
    """The hashes that the log serves do not lead to the root that it signed."""

    kind = "tiles-contradict"


class AnchorError(AuditError):
    """A checkpoint could not be anchored, or an anchor could not be read."""


class AnchorUnavailable(AnchorError):
    """The anchor cannot be reached or written now."""


class AnchorInvalid(AnchorError):
    """The anchor does not keep what it is given, or holds what it was not given."""


class AnchorBackwards(AnchorError):
    """The checkpoint is older than the newest one in the anchor, or contradicts it."""
