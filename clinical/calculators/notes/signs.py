"""Signs and histories that a note tells: said, denied, or not spoken of.

A sign that is said somewhere and denied elsewhere counts as said. Family history is nobody's own.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from clinical.calculators.conditions import words_of
from clinical.calculators.domain import Input
from clinical.calculators.notes.domain import Mention

TABLE = Path(__file__).with_name("signs.toml")
# How far before a sign a denial may stand, in characters, within the same clause.
REACH = 70
DENIED_BEFORE = re.compile(
    r"\b(?:no|not|nor|never|denie[sd]|denying|without|absent|absence of|negative for|rule[sd]? out|free of|lack(?:s|ed|ing)? (?:of)?"
    r"|neither|unremarkable for|exclude[sd]?|non)\b(?:(?!\b(?:but|however|although|except|who|which|that has)\b)[^.;:\n]){0,60}$",
    re.I,
)
DENIED_BEHIND = re.compile(
    r"^\W{0,3}(?:\w+\W+){0,2}(?:was|were|is|are|has been|had been)\s+(?:\w+\s+)?(?:ruled out|absent|negative|denied|excluded|not\b|unremarkable)"
    r"|^\s*[(:–-]\s*(?:no|absent|negative|none|-)\b",
    re.I,
)
OF_OTHERS = re.compile(
    r"\b(?:family|father|mother|brother|sister|parents?|sibling|maternal|paternal)\b[^.;\n]{0,50}$", re.I
)


@cache
def _table() -> Mapping[str, re.Pattern[str]]:
    return {
        name: re.compile(rf"(?<![\w-])(?:{'|'.join(entry['words'])})(?!\w)", re.I)
        for name, entry in tomllib.loads(TABLE.read_text("utf-8")).items()
    }


def told_sign(asked: Input, note: str) -> Mention | None:
    """Return whether a note says or denies a yes-or-no input, with its words; None where it does not speak of it."""
    words = _table().get(asked.name) or (words_of(asked.asked.condition) if asked.asked.condition else None)
    if words is None:
        return None
    denied = None
    is_of_family = "family" in asked.name or "relative" in asked.name
    for match in words.finditer(note):
        if OF_OTHERS.search(note[max(0, match.start() - REACH) : match.start()]) and not is_of_family:
            continue
        found = Mention(name=asked.name, value=True, quote=match[0], start=match.start(), end=match.end())
        if not is_denied(note, match.start(), match.end()):
            return found
        denied = denied or _denied(found, note)
    return denied


def is_denied(note: str, start: int, end: int) -> bool:
    """Whether what stands there is denied by what stands around it, in the same clause."""
    before = note[max(0, start - REACH) : start]
    return bool(DENIED_BEFORE.search(before) or DENIED_BEHIND.search(note[end : end + 40]))


def _denied(found: Mention, note: str) -> Mention:
    """Return the mention as a no, with the denial in its quote."""
    start = max(note.rfind(mark, 0, found.start) for mark in (". ", "; ", "\n")) + 1
    start = max(start, found.start - REACH)
    return Mention(
        name=found.name, value=False, quote=note[start : found.end].strip(), start=start, end=found.end
    )
