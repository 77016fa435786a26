"""How far each file was read, and what records say of other works: one SQLite file beside the index.

It is committed after the index. A crash in between repeats records, which changes nothing, and skips none.
"""

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from clinical.evidence.corpora.report import Counts
from clinical.evidence.errors import IndexNotWritten
from clinical.evidence.retraction import Said

_NAME = "ingest.sqlite3"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS file (
  corpus TEXT, name TEXT, size INTEGER, modified INTEGER, is_done INTEGER, counts TEXT, ids TEXT,
  PRIMARY KEY (corpus, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS said (
  work TEXT, what TEXT, said_by TEXT, PRIMARY KEY (work, what, said_by)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS said_by ON said (said_by);
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
"""


@dataclass
class FileState:
    """A file as it was read: what became of its records, and of a document the ids of its sections."""

    size: int
    modified: int
    is_done: bool = False
    counts: Counts = field(default_factory=Counts)
    ids: list[str] = field(default_factory=list)


class Journal(AbstractContextManager["Journal"]):
    """The journal of an index; what was not committed when it closes is gone."""

    def __init__(self, folder: Path) -> None:
        """Open the journal of the index in the folder, or start it. Raises: IndexNotWritten."""
        self._folder = folder
        with self._problems():
            self._database = sqlite3.connect(folder / _NAME)
            self._database.executescript(_SCHEMA)
            # Nearly no work is spoken of, and nearly no record speaks of one: a look here saves two queries a record.
            self._works = {work for (work,) in self._database.execute("SELECT DISTINCT work FROM said")}
            self._speakers = {
                said_by for (said_by,) in self._database.execute("SELECT DISTINCT said_by FROM said")
            }

    def states(self, corpus: str) -> dict[str, FileState]:
        """Return how far each file of the corpus was read, by name."""
        query = "SELECT name, size, modified, is_done, counts, ids FROM file WHERE corpus = ? ORDER BY name"
        return {name: _state(row) for name, *row in self._database.execute(query, (corpus,))}

    def state(self, corpus: str, name: str) -> FileState | None:
        """Return how far the file was read; None for one that never was."""
        query = "SELECT size, modified, is_done, counts, ids FROM file WHERE corpus = ? AND name = ?"
        row = self._database.execute(query, (corpus, name)).fetchone()
        return _state(row) if row else None

    def write_state(self, corpus: str, name: str, state: FileState) -> None:
        """Note how far the file was read. Raises: IndexNotWritten."""
        values = (
            state.size,
            state.modified,
            state.is_done,
            json.dumps(asdict(state.counts)),
            json.dumps(state.ids),
        )
        self._execute("REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?)", (corpus, name, *values))

    def forget(self, corpus: str, name: str) -> None:
        """Forget that the file was read, so that it is read again. Raises: IndexNotWritten."""
        self._execute("DELETE FROM file WHERE corpus = ? AND name = ?", (corpus, name))

    def forget_corpus(self, corpus: str) -> None:
        """Forget the corpus' files. What its records said of other works stays known. Raises: IndexNotWritten."""
        self._execute("DELETE FROM file WHERE corpus = ?", (corpus,))

    def said_of(self, works: Collection[str], *, not_by: str = "") -> set[Said]:
        """Return what records and notices other than `not_by` say of a work that has these tags."""
        if self._works.isdisjoint(works):
            return set()
        marks = ", ".join("?" * len(works))
        query = f"SELECT DISTINCT what FROM said WHERE work IN ({marks}) AND said_by != ?"  # noqa: S608 - marks only
        return {Said(what) for (what,) in self._database.execute(query, (*works, not_by))}

    def note_said(self, said_by: str, said: Collection[tuple[Said, str]]) -> set[str]:
        """Note all that a record says of works; return the works of which it says something else than before.

        Raises: IndexNotWritten.
        """
        if not said and said_by not in self._speakers:
            return set()
        rows = self._database.execute("SELECT what, work FROM said WHERE said_by = ?", (said_by,))
        before, now = {(Said(what), work) for what, work in rows}, set(said)
        for what, work in before - now:
            self._execute(
                "DELETE FROM said WHERE work = ? AND what = ? AND said_by = ?", (work, what, said_by)
            )
        for what, work in now - before:
            self._execute("INSERT INTO said VALUES (?, ?, ?)", (work, what, said_by))
        self._speakers.add(said_by)
        self._works.update(work for _, work in now)
        return {work for _, work in before ^ now}

    def fact(self, name: str) -> str | None:
        """Return what was noted under the name."""
        row = self._database.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def note_fact(self, name: str, value: str | None) -> None:
        """Note a value; None takes it back. Raises: IndexNotWritten."""
        self._execute("REPLACE INTO fact VALUES (?, ?)", (name, value))

    def commit(self) -> None:
        """Make what was noted durable. Raises: IndexNotWritten."""
        with self._problems():
            self._database.commit()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def _execute(self, statement: str, values: tuple[object, ...]) -> None:
        with self._problems():
            self._database.execute(statement, values)

    @contextmanager
    def _problems(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise IndexNotWritten(self._folder, str(error)) from error


def start_journal_anew(folder: Path) -> None:
    """Forget everything, because the index beside it is started anew."""
    # The rollback journal first: SQLite would play it into the next database of that name.
    for name in (f"{_NAME}-journal", _NAME):
        (folder / name).unlink(missing_ok=True)


def _state(row: Sequence[Any]) -> FileState:
    size, modified, is_done, counts, ids = row
    return FileState(size, modified, bool(is_done), Counts(**json.loads(counts)), json.loads(ids))
