"""An anchor in a file, on a disk that the database's host cannot rewrite: append-only mount, WORM share, other host."""

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from audit.tlog.checkpoints import Checkpoint, open_checkpoint
from audit.tlog.errors import TlogError
from audit.tlog.notes import MAX_NOTE_BYTES
from audit.tlog.vkeys import VerifierKey
from audit.witness.anchors import is_news
from audit.witness.errors import AnchorInvalid, AnchorUnavailable
from audit.witness.files import locked, sync_folder

# A note as JSON is at most six times as long: \uXXXX for each byte.
_TAIL_BYTES = 7 * MAX_NOTE_BYTES


class FileAnchor:
    """A JSON object a line: `anchored_at` and `note`. Each line is on the disk before `anchor` returns."""

    def __init__(self, path: Path, *, origin: str, log_keys: Sequence[VerifierKey]) -> None:
        self._path = path
        self._origin = origin
        self._log_keys = log_keys

    def anchor(self, note: bytes) -> Checkpoint:
        """Append a signed checkpoint, unless it is the newest one already, and return it.

        Raises: AnchorBackwards, AnchorUnavailable, AnchorInvalid; what `open_checkpoint` raises for the note.
        """
        offered, parsed = open_checkpoint(note, origin=self._origin, log_keys=self._log_keys)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        line = json.dumps({"anchored_at": now, "note": str(parsed)}) + "\n"
        try:
            with locked(self._path.with_name(f"{self._path.name}.lock")):
                if is_news(offered, self.newest()):
                    self._append(line.encode())
        except BlockingIOError as error:
            raise AnchorUnavailable(f"Another process is anchoring in {self._path}: try again") from error
        except OSError as error:
            raise AnchorUnavailable(f"{self._path} cannot be written: {error.strerror}") from error
        return offered

    def newest(self) -> Checkpoint | None:
        """Return the last checkpoint in the file, None where there is none.

        Raises: AnchorUnavailable, AnchorInvalid.
        """
        lines = self._tail()[0].splitlines()
        if not lines:
            return None
        try:
            note = json.loads(lines[-1])["note"].encode()
            return open_checkpoint(note, origin=self._origin, log_keys=self._log_keys)[0]
        except (ValueError, KeyError, TypeError, AttributeError, TlogError) as error:
            raise AnchorInvalid(
                f"The last line of {self._path} is no checkpoint of {self._origin}: find out who wrote it, and name "
                "another file meanwhile"
            ) from error

    def _append(self, line: bytes) -> None:
        is_new = not self._path.exists()
        with self._path.open("ab") as stream:
            if torn := self._tail()[1]:
                # A crash cut this line off before it counted: nobody was told that it is anchored.
                stream.truncate(stream.tell() - len(torn))
            stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())
        if is_new:
            sync_folder(self._path.parent)

    def _tail(self) -> tuple[bytes, bytes]:
        """Return the last whole lines of the file, and what stands after them. Raises: AnchorUnavailable."""
        try:
            with self._path.open("rb") as stream:
                stream.seek(max(0, stream.seek(0, os.SEEK_END) - _TAIL_BYTES))
                whole, newline, torn = stream.read().rpartition(b"\n")
        except FileNotFoundError:
            return b"", b""
        except OSError as error:
            raise AnchorUnavailable(f"{self._path} cannot be read: {error.strerror}") from error
        return whole + newline, torn
