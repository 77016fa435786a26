"""Guideline summaries in Markdown as sources, one section each."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from clinical.evidence.domain import GUIDELINES, Grade, Kind, Source
from clinical.evidence.errors import CorpusUnreadable

_HEADING = re.compile(r"^# +(.+)$", re.MULTILINE)
_ORGANISATION = re.compile(r" (?:—|--) .*$")


def read_guidelines(folder: Path) -> Iterator[Source]:
    """Yield every section that the folder's registry lists. Raises: CorpusUnreadable."""
    registry = folder / "registry.json"
    try:
        for guideline in json.loads(registry.read_text(encoding="utf-8")):
            yield from _sections(folder / "content", guideline)
    except OSError as error:
        raise CorpusUnreadable(Path(error.filename or registry), "cannot be opened") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CorpusUnreadable(registry, "not a list of guidelines with id, title, doi, sections") from error


def _sections(content: Path, guideline: dict[str, Any]) -> Iterator[Source]:
    for name in guideline["sections"]:
        # Bytes, because reading as text would rewrite line ends and move every offset.
        text = (content / guideline["id"] / f"{name}.md").read_bytes().decode("utf-8")
        yield Source(
            id=f"doi:{guideline['doi']}#{name}",
            kind=Kind.GUIDELINE,
            corpus=GUIDELINES,
            title=f"{guideline['title']} — {_section_title(text, name)}",
            text=text,
            year=guideline.get("year"),
            grade=Grade.GUIDELINE,
            doi=guideline["doi"],
            journal=guideline.get("organization"),
        )


def _section_title(text: str, name: str) -> str:
    heading = _HEADING.search(text)
    if heading is None:
        return name.replace("_", " ").capitalize()
    return _ORGANISATION.sub("", heading.group(1).strip())
