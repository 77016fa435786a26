"""Anchors: checkpoints kept outside the database's reach, so that a rollback shows.

An anchor remembers and compares sizes and roots. It has no tiles, so that a larger tree begins with the anchored one
is for a witness, or for the verifier of an export, to check.
"""

from typing import Protocol

from audit.tlog.checkpoints import Checkpoint
from audit.witness.errors import AnchorBackwards


class Anchor(Protocol):
    """A place for signed checkpoints that only grows."""

    def anchor(self, note: bytes) -> Checkpoint:
        """Keep a signed checkpoint, unless it is the newest one already, and return it.

        Raises: AnchorBackwards, AnchorUnavailable, AnchorInvalid; what `open_checkpoint` raises for the note.
        """

    def newest(self) -> Checkpoint | None:
        """Return the newest checkpoint that is kept, None where there is none.

        Raises: AnchorUnavailable, AnchorInvalid.
        """


def is_news(offered: Checkpoint, newest: Checkpoint | None) -> bool:
    """Whether the checkpoint is larger than the newest one; False where it is the same tree again.

    Raises: AnchorBackwards where it is smaller, or another tree of the same size.
    """
    if newest is None or offered.size > newest.size:
        return True
    if offered.size < newest.size:
        raise AnchorBackwards(
            f"The log has {offered.size} entries, and {newest.size} are anchored: its database was rolled back or cut "
            "off. Nothing was anchored; keep the database as it is and tell the compliance officer"
        )
    if offered.root != newest.root:
        raise AnchorBackwards(
            f"The log has another tree of {offered.size} entries than the anchored one: entries were changed. Nothing "
            "was anchored; keep the database as it is and tell the compliance officer"
        )
    return False
