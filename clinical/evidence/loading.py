"""The starter content, streamed into the index; a load that was cut short goes on where it was."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from clinical.evidence.domain import Kind, Source
from clinical.evidence.errors import CorpusUnreadable
from clinical.evidence.guidelines import read_guidelines
from clinical.evidence.index import RETRACTED, WITHOUT_TEXT, EvidenceIndex, EvidenceWriter, is_readable
from clinical.evidence.progress import FileProgress, Progress, read_progress, write_progress
from clinical.evidence.pubmed import Deleted, parse_pubmed

COMMIT_EVERY = 5_000
REPORT_EVERY = 500

# Called with bytes read and bytes in all.
ReportProgress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class LoadReport:
    """What the index holds after a load; `deleted` counts the withdrawals that the files announce."""

    articles: int
    guidelines: int
    deleted: int
    without_abstract: int
    retracted: int


def is_complete(index_folder: Path) -> bool:
    """Whether everything was loaded into an index that this version can read."""
    return is_readable(index_folder) and read_progress(index_folder).is_complete


def load_starter(
    *, content_folder: Path, index_folder: Path, progress: ReportProgress | None = None
) -> LoadReport:
    """Load what the content folder holds and the index does not yet; return what the index then holds.

    Raises: CorpusUnreadable, IndexBusy.
    """
    files = _find_files(content_folder)
    done = read_progress(index_folder) if is_readable(index_folder) else Progress()
    if not (done.is_complete and set(done.files) == {_key(path) for path in files}):
        with EvidenceWriter(index_folder) as writer:
            done.is_complete = False
            _Load(writer, index_folder, files, done, progress).run()
    return _report(index_folder, done)


def _find_files(content_folder: Path) -> list[Path]:
    """Return PubMed's files in the order NLM numbers them, then the guidelines' registry."""
    literature = sorted((content_folder / "data").glob("pubmed[0-9][0-9]n*.xml.gz"))
    registry = content_folder / "open_medicine" / "guidelines" / "registry.json"
    if not literature:
        raise CorpusUnreadable(content_folder / "data", "holds no pubmed*.xml.gz")
    if not registry.is_file():
        raise CorpusUnreadable(registry, "is missing")
    return [*literature, registry]


def _key(path: Path) -> str:
    return f"{path.name} {_size(path)}"


def _size(path: Path) -> int:
    if path.name != "registry.json":
        return path.stat().st_size
    return sum(part.stat().st_size for part in [path, *path.parent.glob("content/*/*.md")])


class _Load:
    """One load, from the first file to the last."""

    def __init__(
        self,
        writer: EvidenceWriter,
        folder: Path,
        files: list[Path],
        done: Progress,
        report: ReportProgress | None,
    ) -> None:
        self._writer = writer
        self._folder = folder
        self._files = files
        self._done = done
        self._report = report or (lambda _read, _total: None)
        self._total = sum(map(_size, files))

    def run(self) -> None:
        """Load every file that is not in the index yet."""
        before = 0
        for position, path in enumerate(self._files):
            if not self._done.of(_key(path)).is_done:
                self._forget(self._files[position + 1 :])
                self._load_file(path, before)
            before += _size(path)
            self._report(before, self._total)
        self._done.files = {_key(path): self._done.of(_key(path)) for path in self._files}
        self._done.is_complete = True
        write_progress(self._folder, self._done)

    def _forget(self, later: list[Path]) -> None:
        # Their records may be newer than those that are about to be read, and must come after them.
        for path in later:
            self._done.files.pop(_key(path), None)

    def _load_file(self, path: Path, before: int) -> None:
        file = self._done.of(_key(path))
        if path.name == "registry.json":
            self._load_guidelines(path.parent, file)
        else:
            with path.open("rb") as raw:
                self._load_articles(parse_pubmed(raw, path), file, raw, before)
        file.is_done = True
        self._commit()

    def _load_guidelines(self, folder: Path, file: FileProgress) -> None:
        # A section that the summaries no longer hold must not stay.
        self._writer.delete_all(Kind.GUIDELINE.value)
        for section in read_guidelines(folder):
            self._writer.add(section)
            file.records += 1

    def _load_articles(
        self, records: Iterator[Source | Deleted], file: FileProgress, raw: BinaryIO, before: int
    ) -> None:
        for record in islice(records, file.records, None):
            self._put(record, file)
            if file.records % REPORT_EVERY == 0:
                self._report(before + raw.tell(), self._total)
            if file.records % COMMIT_EVERY == 0:
                self._commit()

    def _put(self, record: Source | Deleted, file: FileProgress) -> None:
        if isinstance(record, Deleted):
            self._writer.delete(record.id)
            file.deleted += 1
        else:
            self._writer.add(record)
        file.records += 1

    def _commit(self) -> None:
        # In this order: a crash in between repeats records, which replaces them, and skips none.
        self._writer.commit()
        write_progress(self._folder, self._done)


def _report(index_folder: Path, done: Progress) -> LoadReport:
    index = EvidenceIndex(index_folder)
    return LoadReport(
        articles=index.count(Kind.ARTICLE.value),
        guidelines=index.count(Kind.GUIDELINE.value),
        deleted=sum(file.deleted for file in done.files.values()),
        without_abstract=index.count(WITHOUT_TEXT),
        retracted=index.count(RETRACTED),
    )
