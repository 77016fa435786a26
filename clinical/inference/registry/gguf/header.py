"""The header of a GGUF file, read within the file's own size: metadata, and where the last tensor ends.

The `gguf` package's own reader makes an object of every token (4 s for a small vocabulary) and believes the
lengths in the file, so that a cut file can keep it counting without end. Its tables of constants are used.
"""

import os
import struct
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType, GGUFValueType

MAGIC = b"GGUF"
VERSIONS = (2, 3)
TOKENS_KEY = "tokenizer.ggml.tokens"
ALIGNMENT_KEY = "general.alignment"
DEFAULT_ALIGNMENT = 32

# Far above any real model, and small enough to read quickly.
MOST_KEYS, MOST_TENSORS, MOST_ELEMENTS = 10_000, 100_000, 4_000_000
LONGEST_KEY, LONGEST_VALUE, MOST_DIMENSIONS = 65_535, 4_096, 4

SCALARS = {
    GGUFValueType.UINT8: "<B",
    GGUFValueType.INT8: "<b",
    GGUFValueType.UINT16: "<H",
    GGUFValueType.INT16: "<h",
    GGUFValueType.UINT32: "<I",
    GGUFValueType.INT32: "<i",
    GGUFValueType.FLOAT32: "<f",
    GGUFValueType.BOOL: "<?",
    GGUFValueType.UINT64: "<Q",
    GGUFValueType.INT64: "<q",
    GGUFValueType.FLOAT64: "<d",
}


class HeaderFault(Exception):
    """The bytes are no GGUF header. The message completes "FILE ..."."""


@dataclass
class GgufHeader:
    """Scalars and short texts of the metadata by key, the lists asked for, and which looked-for tokens exist."""

    values: dict[str, str | int | float | bool] = field(default_factory=dict)
    lists: dict[str, list[Any]] = field(default_factory=dict)
    found: set[bytes] = field(default_factory=set)


def read_header(file: Path, *, looked_for: Collection[bytes] = (), lists: Collection[str] = ()) -> GgufHeader:
    """Return the header, with the lists of the keys in `lists`.

    Raises: HeaderFault for what is not a whole GGUF file, OSError where it cannot be read.
    """
    with file.open("rb") as stream:
        return _Reader(stream, looked_for, lists).header()


class _Reader:
    def __init__(self, stream: BinaryIO, looked_for: Collection[bytes], lists: Collection[str]) -> None:
        self._stream, self._looked_for, self._lists = stream, frozenset(looked_for), frozenset(lists)
        self._size = os.fstat(stream.fileno()).st_size
        self._read = GgufHeader()

    def header(self) -> GgufHeader:
        if self._stream.read(len(MAGIC)) != MAGIC:
            raise HeaderFault("is not a GGUF file. Bring the model converted to GGUF")
        version = self._number("<I")
        if version not in VERSIONS:
            raise HeaderFault(
                f"is a GGUF of version {version}; known are 2 and 3, little-endian. Convert it anew"
            )
        tensors = self._count(self._number("<Q"), MOST_TENSORS, smallest=24)
        keys = self._count(self._number("<Q"), MOST_KEYS, smallest=13)
        for _ in range(keys):
            self._key_and_value()
        self._check_size(tensors)
        return self._read

    def _key_and_value(self) -> None:
        key = self._text(LONGEST_KEY)
        kind = self._kind()
        if kind in SCALARS:
            self._read.values[key] = self._number(SCALARS[kind])
        elif kind is GGUFValueType.ARRAY:
            self._array(key)
        elif (length := self._length()) > LONGEST_VALUE:
            # Among these is the chat template: nobody here reads it.
            self._skip(length)
        else:
            self._read.values[key] = self._take(length).decode("utf-8", "replace")

    def _array(self, key: str) -> None:
        kind = self._kind()
        if kind in SCALARS:
            self._numbers(key, SCALARS[kind])
            return
        if kind is GGUFValueType.ARRAY:
            raise HeaderFault("holds a list of lists, which llama.cpp does not read. Convert it anew")
        wanted = self._read.lists.setdefault(key, []) if key in self._lists else None
        for _ in range(self._count(self._number("<Q"), MOST_ELEMENTS, smallest=8)):
            length = self._length()
            if wanted is not None:
                wanted.append(self._take(length).decode("utf-8", "replace"))
            elif key == TOKENS_KEY and length <= LONGEST_VALUE:
                self._look_at(self._take(length))
            else:
                self._skip(length)

    def _numbers(self, key: str, code: str) -> None:
        width = struct.calcsize(code)
        count = self._count(self._number("<Q"), MOST_ELEMENTS, smallest=width)
        if key in self._lists:
            self._read.lists[key] = list(struct.unpack(f"<{count}{code[1]}", self._take(count * width)))
        else:
            self._skip(count * width)

    def _look_at(self, token: bytes) -> None:
        if token in self._looked_for:
            self._read.found.add(token)

    def _check_size(self, tensors: int) -> None:
        end = max((self._tensor_end() for _ in range(tensors)), default=0)
        alignment = self._read.values.get(ALIGNMENT_KEY, DEFAULT_ALIGNMENT)
        if not isinstance(alignment, int) or not 0 < alignment <= 65_536:
            raise HeaderFault("has an alignment that is no small number. Convert it anew")
        data = -(-self._stream.tell() // alignment) * alignment
        if tensors == 0 or data + end > self._size:
            raise self._cut_short()

    def _tensor_end(self) -> int:
        """Return where the tensor ends, in bytes after the header; 0 for types that are newer than our table."""
        self._text(LONGEST_KEY)
        dimensions = self._number("<I")
        if dimensions > MOST_DIMENSIONS:
            raise HeaderFault("holds a tensor of more than 4 dimensions. Convert it anew")
        elements = 1
        for _ in range(dimensions):
            elements *= self._number("<Q")
        number, offset = self._number("<I"), self._number("<Q")
        if number not in set(GGMLQuantizationType):
            return 0
        block, width = GGML_QUANT_SIZES[GGMLQuantizationType(number)]
        return offset + elements // block * width

    def _kind(self) -> GGUFValueType:
        number = self._number("<I")
        if number not in set(GGUFValueType):
            raise HeaderFault(f"holds metadata of the unknown type {number}. Convert it anew")
        return GGUFValueType(number)

    def _text(self, longest: int) -> str:
        length = self._length()
        if length > longest:
            raise HeaderFault("holds a name that is too long. Convert it anew")
        return self._take(length).decode("utf-8", "replace")

    def _length(self) -> int:
        return self._number("<Q")

    def _count(self, count: int, most: int, *, smallest: int) -> int:
        if count > most:
            raise HeaderFault(
                f"claims {count:,} entries where at most {most:,} are believed. Convert it anew"
            )
        if count * smallest > self._left():
            raise self._cut_short()
        return count

    def _number(self, code: str) -> int:
        value: int = struct.unpack(code, self._take(struct.calcsize(code)))[0]
        return value

    def _take(self, length: int) -> bytes:
        if length > self._left():
            raise self._cut_short()
        return self._stream.read(length)

    def _skip(self, length: int) -> None:
        if length > self._left():
            raise self._cut_short()
        self._stream.seek(length, os.SEEK_CUR)

    def _left(self) -> int:
        return self._size - self._stream.tell()

    def _cut_short(self) -> HeaderFault:
        return HeaderFault("is cut short: it holds less than its header says. Fetch it again")
