"""Runs a witness again and again."""

import time
from collections.abc import Callable

from audit.tlog.checkpoints import Checkpoint
from audit.tlog.errors import TlogError
from audit.witness.errors import SourceUnavailable
from audit.witness.sources import Source
from audit.witness.witness import Witness


def observe_once(witness: Witness, source: Source, *, is_start: bool = False) -> Checkpoint:
    """Let the witness look once and return the checkpoint that it accepted. Raises: as `Witness.observe`."""
    checkpoint, _ = witness.start(source) if is_start else witness.observe(source)
    return checkpoint


def observe_forever(
    witness: Witness,
    source: Source,
    *,
    interval_seconds: float,
    tell: Callable[[str], None],
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Look every `interval_seconds` and tell what came of it.

    A log that cannot be reached, or an answer that the log did not sign, says nothing about the log: the witness tells
    and goes on. Raises: CheckpointRefused, since then a person must look; StateInvalid.
    """
    while True:
        try:
            tell(accepted(observe_once(witness, source)))
        except (SourceUnavailable, TlogError) as error:
            tell(f"nothing cosigned: {error}")
        pause(interval_seconds)


def accepted(checkpoint: Checkpoint) -> str:
    """Return what to tell about an accepted checkpoint."""
    return f"cosigned: {checkpoint.origin}, {checkpoint.size} entries, root {checkpoint.root.hex()}"
