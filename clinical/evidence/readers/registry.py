"""Guideline summaries with a registry (registry.json and a Markdown file a section) as sources."""

import json
import re
from collections.abc import Iterator
from io import RawIOBase
from pathlib import Path
from typing import Any

from clinical.evidence.domain import Grade, Kind, Source
from clinical.evidence.errors import CorpusUnreadable
from clinical.evidence.readers.records import Reading
from clinical.evidence.specialties import specialties_of

_HEADING = re.compile(r"^# +(.+)$", re.MULTILINE)
_ORGANISATION = re.compile(r" (?:—|--) .*$")


def read_registry(stream: RawIOBase, reading: Reading) -> Iterator[Source]:
    """Yield every section that the registry lists. Raises: CorpusUnreadable."""
    try:
        for guideline in json.loads(stream.read()):
            yield from _sections(reading, guideline)
    except OSError as error:
        raise CorpusUnreadable(Path(error.filename or reading.path), "cannot be opened") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CorpusUnreadable(
            reading.path, "not a list of guidelines with id, title, doi, sections"
        ) from error


def section_files(registry: Path) -> list[Path]:
    """Return the files of the sections beside a registry, those that it does not list included."""
    return sorted(registry.parent.glob("content/*/*.md"))


def _sections(reading: Reading, guideline: dict[str, Any]) -> Iterator[Source]:
    for name in guideline["sections"]:
        # Bytes, because reading as text would rewrite line ends and move every offset.
        file = reading.path.parent / "content" / guideline["id"] / f"{name}.md"
        text = file.read_bytes().decode("utf-8")
        title = f"{guideline['title']} — {_section_title(text, name)}"
        yield Source(
            id=reading.source_id(f"doi:{guideline['doi']}#{name}"),
            kind=Kind.GUIDELINE,
            corpus=reading.corpus,
            title=title,
            text=text,
            year=guideline.get("year"),
            grade=Grade.GUIDELINE,
            doi=guideline["doi"],
            journal=guideline.get("organization"),
            specialties=specialties_of(title=title, mesh=(), journal=guideline.get("organization")),
        )


def _section_title(text: str, name: str) -> str:
    heading = _HEADING.search(text)
    if heading is None:
        return name.replace("_", " ").capitalize()
    return _ORGANISATION.sub("", heading.group(1).strip())
