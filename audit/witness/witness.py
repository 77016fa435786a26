"""The witness: accepts a log's checkpoint only where it follows from the last accepted one, and cosigns it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from audit.tlog.checkpoints import Checkpoint, open_checkpoint
from audit.tlog.cosignatures import CosigningKey
from audit.tlog.notes import Note, verify_note
from audit.tlog.vkeys import VerifierKey
from audit.witness.errors import CheckpointRefused, StateInvalid
from audit.witness.sources import Source
from audit.witness.state import WitnessState
from audit.witness.watching import NOTHING_YET, check_follows


@dataclass(frozen=True)
class Witness:
    """A witness of one log: the log's name and pinned keys, the witness's own key, and what it remembers.

    Several log keys are for the time of a change of keys.
    """

    origin: str
    log_keys: Sequence[VerifierKey]
    key: CosigningKey
    state: WitnessState

    def start(self, source: Source) -> tuple[Checkpoint, Note]:
        """Accept a first checkpoint on trust, and return it with its cosigned note.

        Raises: StateInvalid where one was accepted before, so that a start never forgets; and what `observe` raises.
        """
        with self.state.held():
            if self.state.exists():
                raise StateInvalid("This witness has started before: leave out --start")
            return self._accept(source, NOTHING_YET, held_note="")

    def observe(self, source: Source) -> tuple[Checkpoint, Note]:
        """Read the log, check it against what is remembered, cosign, remember; return the checkpoint and the note.

        The state is on the disk before this returns. Raises: CheckpointRefused (and keeps the evidence), StateInvalid,
        SourceUnavailable; VerificationFailed, NoteMalformed and CheckpointMalformed for what is no checkpoint of this
        log.
        """
        with self.state.held():
            held, note = self.state.read(
                origin=self.origin, log_keys=self.log_keys, own_key=self.key.verifier
            )
            return self._accept(source, (held.size, held.root), held_note=str(note))

    def _accept(self, source: Source, held: tuple[int, bytes], *, held_note: str) -> tuple[Checkpoint, Note]:
        offered, note = open_checkpoint(source.checkpoint(), origin=self.origin, log_keys=self.log_keys)
        try:
            check_follows(held, offered, source.tile)
        except CheckpointRefused as refusal:
            # A full disk must not turn a refusal into a fault of the disk.
            with suppress(OSError):
                refusal.evidence = self.state.keep_evidence(refusal, held=held_note, offered=str(note))
            raise
        # Lines of keys that are not known here are left out: nothing in them was verified.
        cosigned = Note(note.text, tuple(verify_note(note, self.log_keys))).signed(self.key)
        self.state.write(cosigned)
        return offered, cosigned
