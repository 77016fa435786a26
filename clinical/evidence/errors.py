"""What can go wrong with the evidence: its files, its index, its sources.

EvidenceError
├── CorpusUnreadable   a file of literature or guidelines is missing, cut short or malformed
├── IndexMissing       no index that this version can read
├── IndexBusy          another process is writing the index
└── SourceNotFound     the index holds no source of that id
"""

from pathlib import Path

_LOAD = "Run `make run` or `python manage.py load_evidence`."


class EvidenceError(Exception):
    """The evidence could not be read or searched."""


class CorpusUnreadable(EvidenceError):
    """A file of the corpus cannot be read."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path}: {what}. Replace it with a whole copy, then load the evidence again.")
        self.path = path


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


class SourceNotFound(EvidenceError):
    """The index holds no source of that id."""

    def __init__(self, source_id: str) -> None:
        super().__init__(f"No source {source_id} in the evidence index. {_LOAD}")
        self.source_id = source_id
