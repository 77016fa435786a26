"""What can go wrong with the evidence: its files, its index, its sources.

EvidenceError
├── CorpusUnreadable   a file of literature or guidelines is missing, cut short or malformed
├── FormatUnknown      a file is of no format that can be ingested
├── NothingToIngest    a path that was named holds no such file
├── CorpusInvalid      a corpus' name or description cannot be used, or corpora.json is damaged
├── CorpusUnknown      there is no corpus of that name
├── IndexMissing       no index that this version can read
├── IndexBusy          another process is writing the index
├── IndexNotWritten    the disk did not take what was to be written
├── SourceNotFound     the index holds no source of that id
├── CheckerMissing     the trained claim checker is not there
└── CheckerInvalid     a file of the trained claim checker was changed
"""

from collections.abc import Sequence
from pathlib import Path

_REPLACE = "Replace it with a whole copy, then run the same command again: it goes on from there."
_LOAD = "Run `make run` or `python manage.py load_evidence`."


class EvidenceError(Exception):
    """The evidence could not be read or searched."""


class CorpusUnreadable(EvidenceError):
    """A file of the corpus cannot be read."""

    def __init__(self, path: Path, what: str, *, fix: str = _REPLACE) -> None:
        super().__init__(f"{path}: {what}. {fix}")
        self.path, self.what, self.fix = path, what, fix


class FormatUnknown(EvidenceError):
    """Neither what the file holds nor its name tells its format."""

    def __init__(self, path: Path, formats: Sequence[str]) -> None:
        super().__init__(f"{path}: of no known format. Name it with --format: {', '.join(formats)}.")
        self.path = path


class NothingToIngest(EvidenceError):
    """The folder holds no file that could be ingested."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path}: holds no file to ingest. Name a file or a folder with .xml, .nbib, .ris, .csv, .tsv, .jsonl or "
            ".md files, each also .gz."
        )
        self.path = path


class CorpusInvalid(EvidenceError):
    """The corpus cannot be called or described like that."""


class CorpusUnknown(EvidenceError):
    """No corpus has that name."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"There is no corpus {name!r}. There are: {', '.join(known) or 'none yet'}.")
        self.name = name


class IndexMissing(EvidenceError):
    """There is no readable index in the folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} holds no evidence index that this version can read. {_LOAD}")
        self.folder = folder


class IndexBusy(EvidenceError):
    """Another process holds the index open for writing."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is being written by another process. Wait for it to finish, or stop it.")
        self.folder = folder


class IndexNotWritten(EvidenceError):
    """The index could not be written; what was committed before still stands."""

    def __init__(self, folder: Path, what: str) -> None:
        super().__init__(
            f"{folder} could not be written ({what}). What was loaded before is safe: make room on the disk, "
            "then run the command again."
        )
        self.folder = folder


class SourceNotFound(EvidenceError):
    """The index holds no source of that id."""

    def __init__(self, source_id: str) -> None:
        super().__init__(f"No source {source_id} in the evidence index. {_LOAD}")
        self.source_id = source_id


class CheckerMissing(EvidenceError):
    """The trained claim checker is not installed; claims are then checked by their words alone."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is missing. Take it from the release, or train it with `python benchmarks/train_checker.py`."
        )
        self.path = path


class CheckerInvalid(EvidenceError):
    """A file of the trained claim checker is not the one it was released with."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path} {what}. Restore the folder from the release; a changed model is not run.")
        self.path = path
