"""The files that a path names: itself, or everything below a folder that can be ingested, in its order."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from clinical.evidence.errors import CorpusUnreadable, NothingToIngest
from clinical.evidence.readers.formats import SUFFIXES, Format, format_of, suffix_of
from clinical.evidence.readers.registry import section_files

# NLM numbers its files, and a later one holds the newer versions.
_NUMBERED = re.compile(r"pubmed(\d\d)n(\d{4})\.xml(?:\.gz)?")
# Of a BEIR folder only the documents are evidence.
_BEIR_CORPUS = ("corpus.jsonl", "corpus.jsonl.gz")


@dataclass(frozen=True, kw_only=True)
class CorpusFile:
    """A file to ingest; `name` tells it from others of its corpus, `size` in bytes, `modified` in seconds."""

    path: Path
    name: str
    format: Format
    size: int
    modified: int

    def is_older_than(self, name: str) -> bool:
        """Whether NLM's numbers say that a file of that name holds newer versions of records."""
        mine, other = _NUMBERED.fullmatch(self.path.name), _NUMBERED.fullmatch(Path(name).name)
        return bool(mine and other and mine.groups() < other.groups())


def find_files(paths: Iterable[Path], *, file_format: Format | None = None) -> list[CorpusFile]:
    """Return the files to read, each once. Raises: NothingToIngest, CorpusUnreadable, FormatUnknown."""
    found: dict[Path, CorpusFile] = {}
    for path in paths:
        is_folder = path.is_dir()
        files = sorted(_below(path)) if is_folder else [path]
        if not files:
            raise NothingToIngest(path)
        for file in files:
            name = str(file.relative_to(path)) if is_folder else file.name
            found.setdefault(file.resolve(), _corpus_file(file, name, file_format))
    return list(found.values())


def _below(folder: Path) -> Iterator[Path]:
    if (folder / "registry.json").is_file():
        yield folder / "registry.json"
        return
    beir = next((folder / name for name in _BEIR_CORPUS if (folder / name).is_file()), None)
    if beir is not None:
        yield beir
        return
    for path in folder.iterdir():
        if path.is_dir():
            yield from _below(path)
        elif suffix_of(path) in SUFFIXES and not path.name.startswith("."):
            yield path


def _corpus_file(path: Path, name: str, file_format: Format | None) -> CorpusFile:
    found = file_format or format_of(path)
    parts = [path, *section_files(path)] if found is Format.REGISTRY else [path]
    try:
        states = [part.stat() for part in parts]
    except OSError as error:
        raise CorpusUnreadable(path, f"cannot be opened ({(error.strerror or '').lower()})") from error
    return CorpusFile(
        path=path,
        name=name,
        format=found,
        size=sum(state.st_size for state in states),
        modified=max(int(state.st_mtime) for state in states),
    )
