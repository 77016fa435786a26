"""Checkpoints: a log's statement of its size and root, as the text of a signed note.

Source: C2SP tlog-checkpoint.
"""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from audit.tlog.errors import CheckpointMalformed, OriginMismatch
from audit.tlog.merkle import EMPTY_ROOT, HASH_BYTES
from audit.tlog.notes import Note, Signer, parse_note, sign_note, verify_note
from audit.tlog.vkeys import VerifierKey, from_base64

# As in cosignatures and proofs: sizes and times fit a signed 64-bit integer.
MAX_SIZE = 2**63 - 1
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


@dataclass(frozen=True)
class Checkpoint:
    """Which log, how many leaves, and the root over them. Ours has no extension lines; others' are kept."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raise CheckpointMalformed for what no checkpoint says."""
        if not all(line and "\n" not in line for line in (self.origin, *self.extensions)):
            raise CheckpointMalformed(
                "A checkpoint's origin and its extension lines are one line each, never empty"
            )
        if not 0 <= self.size <= MAX_SIZE or len(self.root) != HASH_BYTES:
            raise CheckpointMalformed(f"A checkpoint has a size below 2**63 and a root of {HASH_BYTES} bytes")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise CheckpointMalformed("The checkpoint of an empty tree has another root than the empty tree")

    @property
    def text(self) -> str:
        """The text that is signed."""
        root = base64.b64encode(self.root).decode()
        return "".join(f"{line}\n" for line in (self.origin, str(self.size), root, *self.extensions))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the checkpoint of a note's text. Raises: CheckpointMalformed."""
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() or not _SIZE.fullmatch(lines[1]):
            raise CheckpointMalformed(
                "A checkpoint has the lines origin, size and root, each ended by a newline"
            )
        try:
            root = from_base64(lines[2])
        except ValueError as error:
            raise CheckpointMalformed(f"The root of a checkpoint is {error}") from error
        return cls(lines[0], int(lines[1]), root, tuple(lines[3:]))


def sign_checkpoint(checkpoint: Checkpoint, *signers: Signer) -> Note:
    """Return the checkpoint as a signed note. A log signs no two that contradict each other: that is the caller's."""
    return sign_note(checkpoint.text, *signers)


def open_checkpoint(data: bytes, *, origin: str, log_keys: Iterable[VerifierKey]) -> tuple[Checkpoint, Note]:
    """Return the checkpoint of this log in a note that one of its keys signed, and the note with all its signatures.

    Raises: NoteMalformed, CheckpointMalformed, SignatureInvalid, KeyUntrusted, OriginMismatch.
    """
    note = parse_note(data)
    verify_note(note, log_keys)
    checkpoint = Checkpoint.parse(note.text)
    if checkpoint.origin != origin:
        raise OriginMismatch(
            f"The checkpoint is of another log, not of {origin}: check the address and the origin"
        )
    return checkpoint, note
