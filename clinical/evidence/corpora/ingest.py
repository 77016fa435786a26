"""Files into a corpus: streamed, idempotent, and going on where a killed ingest was."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from clinical.evidence.corpora.catalogue import Corpus, Description, describe, known_corpus, write_corpus
from clinical.evidence.corpora.files import CorpusFile, find_files
from clinical.evidence.corpora.intake import Intake
from clinical.evidence.corpora.journal import FileState, Journal
from clinical.evidence.corpora.report import Counts, IngestReport, total_of
from clinical.evidence.domain import Source
from clinical.evidence.readers.ahead import read_placed
from clinical.evidence.readers.dates import newest_revision
from clinical.evidence.readers.formats import DATED, DOCUMENTS, Format
from clinical.evidence.readers.records import Reading

COMMIT_EVERY = 10_000
REPORT_EVERY = 500

# Called with bytes read and bytes in all.
ReportProgress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Options:
    """How files are read; without `file_format` each says itself, `checked_on` is newer than what PubMed's files say."""

    description: Description = field(default_factory=Description)
    file_format: Format | None = None
    checked_on: date | None = None


def ingest_into(
    folder: Path,
    paths: Sequence[Path],
    *,
    corpus: str,
    options: Options | None = None,
    progress: ReportProgress | None = None,
) -> IngestReport:
    """Put what the paths hold into the corpus of the index in the folder; return what became of it.

    Raises: CorpusUnreadable, FormatUnknown, NothingToIngest, CorpusInvalid, IndexBusy, IndexNotWritten. What was
    committed before stays, and the same call goes on from there.
    """
    options = options or Options()
    files = find_files(paths, file_format=options.file_format)
    known = known_corpus(folder, corpus) or Corpus(name=corpus)
    described = describe(known, options.description)
    with Intake(folder) as intake:
        write_corpus(folder, described)
        return _Ingest(intake, folder, described, options, progress).run(files)


def is_read(journal: Journal, corpus: str, file: CorpusFile) -> bool:
    """Whether this very file is in the corpus, whole."""
    state = journal.state(corpus, file.name)
    return state is not None and state.is_done and (state.size, state.modified) == (file.size, file.modified)


class _Ingest:
    """One ingest, from the first file to the last."""

    def __init__(
        self, intake: Intake, folder: Path, corpus: Corpus, options: Options, progress: ReportProgress | None
    ) -> None:
        self._intake = intake
        self._folder = folder
        self._corpus = corpus
        self._options = options
        self._progress = progress or (lambda _read, _total: None)
        self._before = 0
        self._total = 0
        self._reread: set[str] = set()

    def run(self, files: list[CorpusFile]) -> IngestReport:
        """Read every file that is not in the index yet, in order."""
        self._total = sum(file.size for file in files)
        counted, read = [], 0
        for position, file in enumerate(files):
            state = self._state(file)
            if state.is_done:
                counted.append((file.name, _as_unchanged(state.counts)))
            else:
                self._forget_newer(file, [later.name for later in files[position + 1 :]])
                self._read(file, state)
                counted.append((file.name, state.counts))
                read += 1
            self._before += file.size
            self._progress(self._before, self._total)
        write_corpus(self._folder, self._corpus)
        return IngestReport(
            corpus=self._corpus.name,
            files_read=read,
            files_unchanged=len(files) - read,
            counts=total_of(counted),
            reread=tuple(sorted(self._reread - {file.name for file in files})),
        )

    def _state(self, file: CorpusFile) -> FileState:
        """Return how far this very file was read."""
        state = self._intake.journal.state(self._corpus.name, file.name)
        if state is None:
            return FileState(file.size, file.modified)
        is_same = (state.size, state.modified) == (file.size, file.modified)
        return state if is_same else FileState(file.size, file.modified, ids=state.ids)

    def _forget_newer(self, file: CorpusFile, later: list[str]) -> None:
        # Records of later files may be newer than those that are about to be read, and must come after them.
        names = self._intake.journal.states(self._corpus.name)
        newer = [name for name in names if name in later or file.is_older_than(name)]
        for name in newer:
            self._intake.journal.forget(self._corpus.name, name)
        self._reread.update(newer)

    def _read(self, file: CorpusFile, state: FileState) -> None:
        reading = Reading(
            path=file.path,
            name=file.name,
            corpus=self._corpus.name,
            kind=self._corpus.kind.source_kind,
            checked_on=self._checked_on(file),
        )
        held = self._put_records(reading, file, state)
        if file.format in DOCUMENTS and not state.counts.skipped:
            state.counts.deleted += sum(map(self._intake.delete, sorted(set(state.ids) - set(held))))
            state.ids = held
        state.is_done = True
        self._commit(file, state)

    def _put_records(self, reading: Reading, file: CorpusFile, state: FileState) -> list[str]:
        """Put what is not in yet; return the ids of the sections of a document."""
        ids, counts = [], state.counts
        with closing(read_placed(reading, file.format, skip=counts.records)) as records:
            for record, position in records:
                self._intake.put(record, counts)
                if file.format in DOCUMENTS and isinstance(record, Source):
                    ids.append(record.id)
                if counts.records % REPORT_EVERY == 0:
                    self._progress(self._before + position, self._total)
                if counts.records % COMMIT_EVERY == 0 and file.format not in DOCUMENTS:
                    self._commit(file, state)
        return ids

    def _checked_on(self, file: CorpusFile) -> date | None:
        """Return the day to which the file tells of retractions, and note the newest of the corpus."""
        if file.format not in DATED:
            return None
        found = self._options.checked_on or newest_revision(file.path, file.format)
        days = [day for day in (self._corpus.retractions_checked_on, found) if day]
        self._corpus = replace(self._corpus, retractions_checked_on=max(days, default=None))
        if self._corpus.date is None or (found and self._options.description.date is None):
            self._corpus = replace(self._corpus, date=max(days, default=None))
        return found

    def _commit(self, file: CorpusFile, state: FileState) -> None:
        self._intake.journal.write_state(self._corpus.name, file.name, state)
        self._intake.commit()


def _as_unchanged(counts: Counts) -> Counts:
    """Return the counts of a file that was not read again."""
    skipped = sum(counts.skipped.values())
    return replace(
        Counts(),
        records=counts.records,
        unchanged=counts.records - skipped - counts.withdrawn,
        withdrawn=counts.withdrawn,
        without_text=counts.without_text,
        skipped=counts.skipped,
        examples=counts.examples,
    )
