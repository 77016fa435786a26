"""How far loading has come, kept beside the index so that a killed load goes on where it was."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass
class FileProgress:
    """How many records of one file are in the index, and how many of them were deletions."""

    records: int = 0
    deleted: int = 0
    is_done: bool = False


@dataclass
class Progress:
    """The state of a load; `files` is keyed by file name and size, so that a changed file is read again."""

    files: dict[str, FileProgress] = field(default_factory=dict)
    is_complete: bool = False

    def of(self, key: str) -> FileProgress:
        """Return the file's progress, which may be none yet."""
        return self.files.setdefault(key, FileProgress())


def read_progress(folder: Path) -> Progress:
    """Return what was written last; nothing done when nothing, or nothing whole, is there."""
    try:
        stored = json.loads((folder / "progress.json").read_text(encoding="utf-8"))
        files = {key: FileProgress(**value) for key, value in stored["files"].items()}
        return Progress(files=files, is_complete=bool(stored["is_complete"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Progress()


def write_progress(folder: Path, progress: Progress) -> None:
    """Write the state so that a crash leaves the old or the new one, never half."""
    draft = folder / "progress.json.new"
    with draft.open("w", encoding="utf-8") as file:
        json.dump(asdict(progress), file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / "progress.json")
