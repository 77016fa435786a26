"""The quotable sentences of an abstract, section by section."""

import re
from collections.abc import Iterator

from clinical.evidence.quoting.sentences import sentence_spans, statement_spans
from clinical.evidence.quoting.unit import Unit

_LABEL = re.compile(r"([^\W\d_][^:\n]{2,79}?)\s*:\s+")
# Labels that authors write into an abstract of one piece, in capitals or not.
_USUAL_LABELS = (
    "aim aims background conclusion conclusions design discussion findings interpretation introduction "
    "methods objective objectives patients purpose result results setting significance"
)


def abstract_units(text: str) -> Iterator[Unit]:
    """Yield the sentences; a section's label is context, and no quote crosses into another section."""
    start = 0
    for line in text.split("\n"):
        yield from _line_units(text, start, start + len(line))
        start += len(line) + 1


def _line_units(text: str, start: int, end: int) -> Iterator[Unit]:
    """Yield the sentences of one line, which may hold several labelled sections."""
    label, first = "", start
    for begin, _ in sentence_spans(text, start, end):
        found = _LABEL.match(text, begin, end)
        if found and _is_label(found.group(1), at_line_start=begin == start):
            yield from _section_units(text, first, begin, label)
            label, first = found.group(1), found.end()
    yield from _section_units(text, first, end, label)


def _section_units(text: str, start: int, end: int, label: str) -> Iterator[Unit]:
    for first, last in statement_spans(text, start, end):
        yield Unit(first, last, (label,) if label else ())


def _is_label(words: str, *, at_line_start: bool) -> bool:
    return words.lower() in _USUAL_LABELS.split() or (at_line_start and words == words.upper())
