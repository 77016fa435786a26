"""Choices that a note tells: the gravest that it says and does not deny."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from clinical.calculators.domain import Input
from clinical.calculators.notes.domain import Mention
from clinical.calculators.notes.signs import is_denied

TABLE = Path(__file__).with_name("words") / "choices.toml"


@dataclass(frozen=True)
class _Choices:
    unsaid: str
    said: Mapping[str, re.Pattern[str]]


@cache
def _table() -> Mapping[str, _Choices]:
    return {
        name: _Choices(
            unsaid=entry.pop("unsaid"),
            said={
                choice: re.compile(rf"(?<![\w-])(?:{'|'.join(words)})", re.I)
                for choice, words in entry.items()
            },
        )
        for name, entry in tomllib.loads(TABLE.read_text("utf-8")).items()
    }


def told_choice(asked: Input, note: str) -> Mention | None:
    """Return the choice that a note tells; where it says none, what its silence means, or None."""
    choices = _table().get(asked.name)
    if choices is None:
        return None
    for choice, words in choices.said.items():
        for match in words.finditer(note):
            if choice in asked.choices and not is_denied(note, match.start(), match.end()):
                return Mention(
                    name=asked.name,
                    value=asked.kind(choice),
                    quote=match[0],
                    start=match.start(),
                    end=match.end(),
                )
    if choices.unsaid not in asked.choices:
        return None
    return Mention(name=asked.name, value=asked.kind(choices.unsaid), is_assumed=True)
