"""Records on their way into the index: compared with what is there, and with what others say of the same work."""

from collections.abc import Iterable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import TracebackType

from clinical.evidence.corpora.journal import Journal, start_journal_anew
from clinical.evidence.corpora.report import Counts
from clinical.evidence.domain import Retraction, Source
from clinical.evidence.errors import SourceNotFound
from clinical.evidence.index import EvidenceIndex, EvidenceWriter, is_readable
from clinical.evidence.readers.records import Deleted, Record
from clinical.evidence.retraction import Said, works_of
from clinical.evidence.stored import whole

# Copies of one work; more than this share a DOI only by mistake.
_MOST_COPIES = 1_000


class Intake(AbstractContextManager["Intake"]):
    """An index open for records; what was not committed when it closes is gone.

    When a retraction, an expression of concern or an erratum becomes known, every source of that PMID or DOI is
    stored again with it at the next commit, in whichever corpus it is.
    """

    def __init__(self, folder: Path) -> None:
        """Open the index, or start it anew. Raises: IndexBusy, IndexNotWritten."""
        self._folder = folder
        is_new = not is_readable(folder)
        with ExitStack() as opened:
            self._writer = opened.enter_context(EvidenceWriter(folder))
            if is_new:
                start_journal_anew(folder)
            self.journal = opened.enter_context(Journal(folder))
            self._open = opened.pop_all()
        self._index = EvidenceIndex(folder)
        # What was put or deleted since the last commit.
        self._pending: dict[str, Source | None] = {}
        self._changed_works: set[str] = set()

    def put(self, record: Record, counts: Counts) -> None:
        """Take a record in, and count what became of it. Raises: IndexNotWritten."""
        if isinstance(record, Source):
            self._put_source(record, counts)
        elif isinstance(record, Deleted):
            counts.withdrawn += 1
            counts.deleted += self.delete(record.id)
        else:
            counts.skip(record.reason, record.where)
        counts.records += 1

    def delete(self, source_id: str) -> bool:
        """Take a source out; return whether it was there. Raises: IndexNotWritten."""
        is_there = self._held(source_id) is not None
        if is_there:
            self._writer.delete(source_id)
            self._pending[source_id] = None
        return is_there

    def delete_corpus(self, tag: str) -> None:
        """Take out everything that carries the tag, at once. Raises: IndexNotWritten."""
        self._writer.delete_all(tag)
        self.commit()

    def commit(self) -> None:
        """Make everything durable: the index first, then the journal. Raises: IndexNotWritten."""
        self._writer.commit()
        if self._changed_works:
            self._restate_copies()
            self._writer.commit()
        self.journal.commit()
        self._pending.clear()
        self._changed_works.clear()
        self._index = EvidenceIndex(self._folder)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, trace)

    def _put_source(self, source: Source, counts: Counts) -> None:
        held = self._held(source.id)
        source = _as_last_checked(source, held)
        self._changed_works |= self.journal.note_said(source.id, _said_by(source))
        source = _with(source, self.journal.said_of(works_of(source), not_by=source.id))
        counts.without_text += not source.text
        if held == source:
            counts.unchanged += 1
            return
        self._writer.add(source)
        self._pending[source.id] = source
        if held is None:
            counts.added += 1
        else:
            counts.updated += 1

    def _held(self, source_id: str) -> Source | None:
        if source_id in self._pending:
            return self._pending[source_id]
        # Ten times as quick as to search for what is not there, which is the case of nearly all when a corpus is new.
        if not self._index.frequency_in("id", whole(source_id)):
            return None
        try:
            return self._index.read(source_id)
        except SourceNotFound:
            return None

    def _restate_copies(self) -> None:
        index = EvidenceIndex(self._folder)
        for work in sorted(self._changed_works):
            for copy in index.find(work, _MOST_COPIES):
                restated = self._restated(copy)
                if restated != copy:
                    self._writer.add(restated)

    def _restated(self, copy: Source) -> Source:
        """Return the copy as all that is said of the work has it."""
        said = self.journal.said_of(works_of(copy))
        if copy.retracted and Said.RETRACTION not in said:
            # It was called retracted, and is no longer: what its own record said before that is not kept.
            copy = replace(copy, retraction=Retraction.UNKNOWN)
        return replace(_with(copy, said), has_concern=Said.CONCERN in said, is_corrected=Said.ERRATUM in said)


def put_all(intake: Intake, records: Iterable[Record]) -> Counts:
    """Put records that come from no file, commit, and return what became of them. Raises: IndexNotWritten."""
    counts = Counts()
    for record in records:
        intake.put(record, counts)
    intake.commit()
    return counts


def _as_last_checked(source: Source, held: Source | None) -> Source:
    """Return the source with how it stood at a later check, where an older file is read again."""
    later = held.retraction_checked_on if held else None
    if held is None or later is None or (source.retraction_checked_on or date.min) >= later:
        return source
    return replace(
        source,
        retraction=source.retraction if source.retracted else held.retraction,
        retraction_checked_on=later,
        has_concern=source.has_concern or held.has_concern,
        is_corrected=source.is_corrected or held.is_corrected,
    )


def _said_by(source: Source) -> set[tuple[Said, str]]:
    """Return what the record says of its own work and of others."""
    facts = {
        Said.RETRACTION: source.retracted,
        Said.CONCERN: source.has_concern,
        Said.ERRATUM: source.is_corrected,
    }
    of_itself = {(what, work) for what, holds in facts.items() if holds for work in works_of(source)}
    of_others = (notice.split(" ", 1) for notice in source.notice_of)
    return of_itself | {(Said(what), work) for what, work in of_others}


def _with(source: Source, said: set[Said]) -> Source:
    if not said:
        return source
    return replace(
        source,
        retraction=Retraction.RETRACTED if Said.RETRACTION in said else source.retraction,
        has_concern=source.has_concern or Said.CONCERN in said,
        is_corrected=source.is_corrected or Said.ERRATUM in said,
    )
