"""What is refused, with the reason in words: patterns as data, in refusals.toml."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("refusals.toml")


@dataclass(frozen=True)
class Refusal:
    """Why a question is refused: the table's name, and the reason for the clinician."""

    kind: str
    reason: str


@cache
def _table() -> tuple[tuple[Refusal, re.Pattern[str]], ...]:
    entries = tomllib.loads(TABLE.read_text("utf-8")).items()
    return tuple(
        (
            Refusal(kind, entry["reason"]),
            re.compile("|".join(f"(?:{each})" for each in entry["patterns"]), re.I | re.S),
        )
        for kind, entry in entries
    )


def refusal_of(question: str) -> Refusal | None:
    """Return why the question is refused; None where it is not."""
    return next((refusal for refusal, words in _table() if words.search(question)), None)
