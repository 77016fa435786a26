"""Files of tagged lines ("TI  - Title"), a record at a time: what PubMed's NBIB and RIS have in common."""

import re
from collections.abc import Iterable, Iterator

from clinical.evidence.readers.exports.lines import Line
from clinical.evidence.readers.records import RECORD_BYTES, SkipReason, Unusable


class TaggedRecord:
    """The values of one record by tag; `line` is the number of its first line."""

    def __init__(self, line: int) -> None:
        self.line = line
        self._fault: SkipReason | None = None
        self._size = 0
        self._values: list[tuple[str, list[str]]] = []

    def all(self, *tags: str) -> list[str]:
        """Return the values of these tags, those of the first tag first. Raises: Unusable."""
        if self._fault:
            raise Unusable(self._fault)
        return [
            text for tag in tags for name, lines in self._values if name == tag and (text := _join(lines))
        ]

    def first(self, *tags: str) -> str:
        """Return the first value of the first of these tags that has one, or "". Raises: Unusable."""
        return next(iter(self.all(*tags)), "")

    def add(self, tag: str | None, text: str) -> None:
        """Take in a value of a tag, or (without a tag) a line that continues the value before."""
        self._size += len(text)
        if self._size > RECORD_BYTES:
            self.spoil(SkipReason.TOO_LARGE)
        elif tag is not None:
            self._values.append((tag, [text]))
        elif self._values:
            self._values[-1][1].append(text)

    def spoil(self, fault: SkipReason) -> None:
        """Say that the record cannot be used; nothing of it is kept."""
        self._fault = self._fault or fault
        self._values.clear()


def _join(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())


def read_tagged(lines: Iterable[Line], pattern: re.Pattern[str], *, start: str) -> Iterator[TaggedRecord]:
    """Yield the records. `pattern` has the groups `tag` and `text`; `start` is the tag that a record begins with."""
    record: TaggedRecord | None = None
    for number, line in lines:
        match = None if isinstance(line, SkipReason) else pattern.match(line)
        tag = match["tag"].strip() if match else None
        if tag == start:
            if record:
                yield record
            record = TaggedRecord(number)
        if isinstance(line, SkipReason):
            record = record or TaggedRecord(number)
            record.spoil(line)
        elif record:
            record.add(tag, (match["text"] or "") if match else line)
    if record:
        yield record
