"""A quotable span of a text, and what it stands under."""

import re
from typing import NamedTuple

_MARKERS = re.compile(r"[*`]+")


class Unit(NamedTuple):
    """A span, with the headings, labels and lead-ins over it, outermost first."""

    start: int
    end: int
    context: tuple[str, ...]


def plain(line: str) -> str:
    """Return a heading or lead-in without Markdown markers and closing colon."""
    return " ".join(_MARKERS.sub("", line).strip("#>|: \t\r").split())
