"""Runs a draft to its end: its pieces go one way, what it took comes back."""

from collections.abc import Callable, Generator
from contextlib import closing
from typing import TypeVar

from clinical.inference.domain import Usage

Piece = TypeVar("Piece")


def drained(pieces: Generator[Piece, None, Usage], each: Callable[[Piece], object]) -> Usage:
    """Hand each piece on and return what the draft took; the generator is closed, however this ends."""
    with closing(pieces):
        while True:
            try:
                piece = next(pieces)
            except StopIteration as end:
                usage: Usage = end.value
                return usage
            each(piece)
