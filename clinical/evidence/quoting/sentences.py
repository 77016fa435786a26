"""Where sentences begin and end in clinical prose."""

import re
from collections.abc import Iterator

_STOP = re.compile(r"""[.!?]["'”’)\]*]*\s+""")
_ABBREVIATIONS = """
al approx ca cf dept dr e.g eq fig figs i.e inc incl ltd m.d mr mrs ms no nos ph.d prof ref refs resp sp spp
ssp st subsp u.k u.s var viz vs
"""
# After these words a single letter is a name ("hepatitis C."), elsewhere an initial ("S. Typhi").
_LETTERED = "arm class complex factor grade group groups hepatitis influenza level protein stage type vitamin"
# A sentence that opens so belongs to the one before it: "These scores ...", "(Strong recommendation)".
_BACKWARD = re.compile(
    r"\((?!ABSTRACT)|(?:These|Those|They|Their|Its|It|Such|Both|"
    r"This (?:is|was|may|can|could|should|does|did|has|had|will)\b)\b"
)
LONGEST_JOINED = 500


def statement_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of sentences, joined where one leans on the one before ("These scores ...")."""
    held: tuple[int, int] | None = None
    for first, last in sentence_spans(text, start, end):
        if held and last - held[0] <= LONGEST_JOINED and _BACKWARD.match(text, first, last):
            held = (held[0], last)
            continue
        if held:
            yield held
        held = (first, last)
    if held:
        yield held


def sentence_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of the sentences between two offsets, without the white space around them."""
    first = start
    for stop in _STOP.finditer(text, start, end):
        if stop.start() >= first and _is_boundary(text, first, stop, end):
            yield from trimmed(text, first, stop.end())
            first = stop.end()
    yield from trimmed(text, first, end)


def trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the span without the white space around it; nothing when nothing else is there."""
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    right = left + len(piece.strip())
    if right > left:
        yield left, right


def _is_boundary(text: str, first: int, stop: re.Match[str], end: int) -> bool:
    following = text[stop.end() : min(stop.end() + 1, end)]
    if following.islower() or following in tuple(",;:)"):
        return False
    return text[stop.start()] != "." or not _is_abbreviation(
        text[max(first, stop.start() - 40) : stop.start()]
    )


def _is_abbreviation(before: str) -> bool:
    words = before.split()
    last = words[-1].lstrip("([*\"'“").lower() if words else ""
    if last.isdigit():
        return len(words) == 1
    if len(last) == 1 and last.isalpha():
        return len(words) < 2 or words[-2].lower() not in _LETTERED.split()
    return last in _ABBREVIATIONS.split()
