"""Runs a draft to its end."""

from collections.abc import Generator

from clinical.inference.client import Engine
from clinical.inference.domain import Draft, Usage


def written(engine: Engine, draft: Draft) -> tuple[list[str], Usage]:
    """The pieces of a whole draft, and what it took."""
    pieces: list[str] = []
    return pieces, collected(engine.write(draft), pieces)


def collected(stream: Generator[str, None, Usage], pieces: list[str]) -> Usage:
    """Put the pieces into the list, which keeps those before a failure; then what the draft took."""
    while True:
        try:
            pieces.append(next(stream))
        except StopIteration as end:
            usage: Usage = end.value
            return usage
