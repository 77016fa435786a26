"""What an ingest did, counted while it goes."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

MOST_EXAMPLES = 5


@dataclass
class Counts:
    """What became of the records of a file. `skipped` counts by reason; `examples` says where the first ones stand.

    `withdrawn` counts the withdrawals that the file announces, `deleted` what they took out of the index.
    `without_text` counts sources that were kept to be read and are never cited.
    """

    records: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    deleted: int = 0
    without_text: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def skip(self, reason: str, where: str) -> None:
        """Count a record that was left out."""
        self.skipped[reason] = self.skipped.get(reason, 0) + 1
        examples = self.examples.setdefault(reason, [])
        if len(examples) < MOST_EXAMPLES:
            examples.append(where)

    def add(self, other: "Counts", *, name: str = "") -> None:
        """Add the counts of another file; `name` tells its examples from those of other files."""
        for key, value in asdict(other).items():
            if isinstance(value, int):
                setattr(self, key, getattr(self, key) + value)
        for reason, count in other.skipped.items():
            self.skipped[reason] = self.skipped.get(reason, 0) + count
        for reason, places in other.examples.items():
            kept = self.examples.setdefault(reason, [])
            kept += [f"{name}: {place}" for place in places][: MOST_EXAMPLES - len(kept)]


@dataclass(frozen=True, kw_only=True)
class IngestReport:
    """What an ingest did to a corpus. `files_unchanged` were in the index already and not read again.

    `reread` are files that hold newer versions than one just read, and must be ingested again.
    """

    corpus: str
    files_read: int
    files_unchanged: int
    counts: Counts
    reread: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return {
            "corpus": self.corpus,
            "files_read": self.files_read,
            "files_unchanged": self.files_unchanged,
            **asdict(self.counts),
            "ingest_again": list(self.reread),
        }


def total_of(files: Iterable[tuple[str, Counts]]) -> Counts:
    """Return the sum over files, named as in their corpus."""
    total = Counts()
    for name, counts in files:
        total.add(counts, name=name)
    return total
