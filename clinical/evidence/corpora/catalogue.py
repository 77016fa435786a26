"""What each corpus is: title, source, licence and dates, in corpora.json beside the index."""

import datetime
import json
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from clinical.evidence.domain import Kind
from clinical.evidence.durable import write_whole
from clinical.evidence.errors import CorpusInvalid, CorpusUnknown, IndexNotWritten

_FILE = "corpora.json"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


class CorpusKind(StrEnum):
    """What a corpus holds; guidelines and a hospital's protocols are read as guidelines."""

    ARTICLES = "articles"
    GUIDELINES = "guidelines"
    PROTOCOLS = "protocols"

    @property
    def source_kind(self) -> Kind:
        """Return the kind of its sources."""
        return Kind.ARTICLE if self is CorpusKind.ARTICLES else Kind.GUIDELINE


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """A corpus. `date` is that of its edition; `retractions_checked_on` the last day its publisher told of any.

    `is_removed` marks a corpus of the starter content that the hospital does not want back.
    """

    name: str
    title: str = ""
    source: str = ""
    licence: str = ""
    date: datetime.date | None = None
    kind: CorpusKind = CorpusKind.ARTICLES
    retractions_checked_on: datetime.date | None = None
    is_removed: bool = False

    def __post_init__(self) -> None:
        """Refuse a name that could not stand in an id. Raises: CorpusInvalid."""
        if not _NAME.fullmatch(self.name):
            raise CorpusInvalid(
                f"{self.name!r} cannot name a corpus: take 1 to 40 small letters, digits, '-' or '_', such as "
                "'hospital-protocols'."
            )


@dataclass(frozen=True, kw_only=True)
class Description:
    """What somebody says of a corpus; what is None stays as it was."""

    title: str | None = None
    source: str | None = None
    licence: str | None = None
    date: datetime.date | None = None
    kind: CorpusKind | None = None


def describe(corpus: Corpus, said: Description) -> Corpus:
    """Return the corpus as it is now said to be. Raises: CorpusInvalid."""
    if said.kind is not None and said.kind is not corpus.kind and corpus.title:
        raise CorpusInvalid(
            f"The corpus {corpus.name} holds {corpus.kind}, not {said.kind}. Choose another name, or remove it first."
        )
    changes = {name: value for name, value in vars(said).items() if value is not None}
    described = replace(corpus, is_removed=False, **changes)
    return described if described.title else replace(described, title=corpus.name)


def read_corpora(folder: Path) -> tuple[Corpus, ...]:
    """Return every corpus that was described, by name. Raises: CorpusInvalid where corpora.json is damaged."""
    path = folder / _FILE
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))["corpora"]
        return tuple(sorted(map(_corpus, stored), key=lambda corpus: corpus.name))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusInvalid(
            f"{path} cannot be read ({type(error).__name__}). Restore it, or remove it and say title, source and "
            "licence again at the next ingest."
        ) from error


def known_corpus(folder: Path, name: str) -> Corpus | None:
    """Return the corpus; None where it was never described. Raises: CorpusInvalid."""
    return next((corpus for corpus in read_corpora(folder) if corpus.name == name), None)


def find_corpus(folder: Path, name: str) -> Corpus:
    """Return the corpus. Raises: CorpusUnknown, CorpusInvalid."""
    found = known_corpus(folder, name)
    if found is None:
        raise CorpusUnknown(name, [corpus.name for corpus in read_corpora(folder)])
    return found


def write_corpus(folder: Path, corpus: Corpus) -> None:
    """Write the corpus in place of the one of its name. Raises: IndexNotWritten, CorpusInvalid."""
    others = (each for each in read_corpora(folder) if each.name != corpus.name)
    _write(folder, [*others, corpus])


def drop_corpus(folder: Path, name: str) -> None:
    """Take the corpus out of the list. Raises: IndexNotWritten, CorpusInvalid."""
    _write(folder, [each for each in read_corpora(folder) if each.name != name])


def _write(folder: Path, corpora: list[Corpus]) -> None:
    try:
        write_whole(folder / _FILE, {"corpora": [vars(each) for each in corpora]})
    except OSError as error:
        raise IndexNotWritten(folder, error.strerror or str(error)) from error


def _corpus(stored: dict[str, Any]) -> Corpus:
    days = {
        name: stored[name] and datetime.date.fromisoformat(stored[name])
        for name in ("date", "retractions_checked_on")
    }
    return Corpus(**{**stored, **days, "kind": CorpusKind(stored["kind"])})
