"""What a witness remembers: the newest checkpoint that it accepted, as the note that it cosigned, and evidence."""

import base64
import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from audit.tlog.checkpoints import Checkpoint, open_checkpoint
from audit.tlog.errors import TlogError
from audit.tlog.notes import Note, verify_note
from audit.tlog.vkeys import VerifierKey
from audit.witness.errors import CheckpointRefused, Forked, StateInvalid
from audit.witness.files import locked, write_whole


class WitnessState:
    """A folder: `checkpoint` is the newest accepted note, `evidence/` what was refused."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._newest = folder / "checkpoint"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other witnesses off the folder, since two could each accept a different tree. Raises: StateInvalid."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with locked(self._folder / "lock"):
                yield
        except BlockingIOError as error:
            raise StateInvalid(
                f"Another witness uses {self._folder}: stop it, or give this one its own folder"
            ) from error
        except OSError as error:
            raise StateInvalid(f"The folder {self._folder} cannot be written: {error.strerror}") from error

    def exists(self) -> bool:
        """Whether a checkpoint was ever accepted."""
        return self._newest.exists()

    def read(
        self, *, origin: str, log_keys: Sequence[VerifierKey], own_key: VerifierKey
    ) -> tuple[Checkpoint, Note]:
        """Return the newest accepted checkpoint, which the log signed and this witness cosigned.

        Raises: StateInvalid where there is none, or where it is not what this witness wrote.
        """
        try:
            checkpoint, note = open_checkpoint(self._newest.read_bytes(), origin=origin, log_keys=log_keys)
            verify_note(note, [own_key])
        except FileNotFoundError as error:
            raise StateInvalid(
                f"{self._newest} is missing. If this witness has never run, start it once with --start; if it has, "
                "bring the file back from a copy: without it a rollback up to now goes unseen"
            ) from error
        except TlogError as error:
            raise StateInvalid(
                f"{self._newest} is not what this witness wrote ({error}): bring it back from a copy, and find out who "
                "changed it"
            ) from error
        return checkpoint, note

    def write(self, note: Note) -> None:
        """Make the note the newest accepted one."""
        write_whole(self._newest, str(note).encode())

    def keep_evidence(self, refusal: CheckpointRefused, *, held: str, offered: str) -> Path:
        """Write both notes, and what shows that they contradict each other, to a file and return it."""
        folder = self._folder / "evidence"
        folder.mkdir(exist_ok=True)
        # The same evidence has the same name, so that a log which is asked often does not fill the disk.
        name = hashlib.sha256(f"{held}\n{offered}".encode()).hexdigest()[:16]
        path = folder / f"{refusal.kind}-{name}.json"
        if not path.exists():
            document = {
                "kind": refusal.kind,
                "meaning": str(refusal),
                "observed_at": datetime.now(UTC).isoformat(timespec="seconds"),
                "held": held,
                "offered": offered,
                **_proof_of(refusal),
            }
            write_whole(path, json.dumps(document, indent=2, ensure_ascii=False).encode())
        return path


def _proof_of(refusal: CheckpointRefused) -> dict[str, object]:
    """Return what shows the offered tree to have another root at the held size (base64)."""
    if not isinstance(refusal, Forked) or refusal.prefix_root is None:
        return {}
    encoded = [base64.b64encode(each).decode() for each in (refusal.prefix_root, *refusal.proof)]
    return {"offered_root_at_held_size": encoded[0], "consistency_proof": encoded[1:]}
