"""A text file line by line, each of bounded length; a line that is too long or no UTF-8 says so in its place."""

from collections.abc import Iterator
from io import BufferedReader, RawIOBase
from typing import BinaryIO, cast

from clinical.evidence.readers.records import RECORD_BYTES, SkipReason

_PIECE = 1 << 20
_BOM = "\ufeff"

# A line's number, counted from 1, and its text with its end, or what is wrong with it.
Line = tuple[int, str | SkipReason]


def read_lines(stream: RawIOBase, *, limit: int = RECORD_BYTES) -> Iterator[Line]:
    """Yield the lines. A file of one endless line never takes more memory than `limit` bytes."""
    lines = cast(BinaryIO, BufferedReader(stream, _PIECE))
    number = 0
    while raw := lines.readline(limit + 1):
        number += 1
        if len(raw) > limit:
            _drop_rest(lines, raw)
            yield number, SkipReason.TOO_LARGE
            continue
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            yield number, SkipReason.NOT_UTF8
            continue
        yield number, text.removeprefix(_BOM) if number == 1 else text


def _drop_rest(lines: BinaryIO, piece: bytes) -> None:
    while piece and not piece.endswith(b"\n"):
        piece = lines.readline(_PIECE)
