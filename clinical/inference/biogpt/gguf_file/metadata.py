"""The metadata at the head of a GGUF. The weights after it are not touched.

The `gguf` package's reader builds an array for each string, which takes seconds for a vocabulary; an engine that
starts should not wait for that.

Source: the GGUF specification, version 3, in ggml's docs/gguf.md. Little-endian files only, as llama.cpp writes here.
"""

import mmap
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gguf import GGUF_MAGIC, GGUFValueType

from clinical.inference.biogpt.errors import NotBioGptGguf

VERSIONS = (2, 3)
# Arrays of arrays exist in the format and in no vocabulary.
NUMBERS = {
    GGUFValueType.UINT8: "B",
    GGUFValueType.INT8: "b",
    GGUFValueType.UINT16: "H",
    GGUFValueType.INT16: "h",
    GGUFValueType.UINT32: "I",
    GGUFValueType.INT32: "i",
    GGUFValueType.UINT64: "Q",
    GGUFValueType.INT64: "q",
    GGUFValueType.FLOAT32: "f",
    GGUFValueType.FLOAT64: "d",
    GGUFValueType.BOOL: "?",
}


def read_metadata(file: Path) -> dict[str, Any]:
    """Return the metadata by key: numbers, strings, and lists of either. Raises: NotBioGptGguf."""
    try:
        with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _Reader(data).metadata()
    except (ValueError, struct.error) as error:
        raise NotBioGptGguf(
            f"{file.name} is not a complete GGUF: make one with `manage.py models import-biogpt`"
        ) from error
    except OSError as error:
        raise NotBioGptGguf(f"{file} cannot be read: {error.strerror}") from error


class _Reader:
    """Reads values one after another. A file that ends too early or lies about a length is a ValueError."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self._at = 0

    def metadata(self) -> dict[str, Any]:
        magic, version = self._number("I"), self._number("I")
        if magic != GGUF_MAGIC or version not in VERSIONS:
            raise ValueError("This is not a GGUF of a known version")
        _tensors, entries = self._number("Q"), self._number("Q")
        return dict(self._entry() for _ in range(entries))

    def _entry(self) -> tuple[str, Any]:
        key = self._string()
        kind = GGUFValueType(self._number("I"))
        if kind is not GGUFValueType.ARRAY:
            return key, self._value_reader(kind)()
        read = self._value_reader(GGUFValueType(self._number("I")))
        return key, [read() for _ in range(self._number("Q"))]

    def _value_reader(self, kind: GGUFValueType) -> Callable[[], Any]:
        if kind is GGUFValueType.STRING:
            return self._string
        if kind not in NUMBERS:
            raise ValueError(f"There is no reader for {kind}")
        return lambda: self._number(NUMBERS[kind])

    def _number(self, code: str) -> Any:  # noqa: ANN401 - a number or a flag, as the format says
        (value,) = struct.unpack_from(f"<{code}", self._data, self._at)
        self._at += struct.calcsize(f"<{code}")
        return value

    def _string(self) -> str:
        length = self._number("Q")
        if length > len(self._data) - self._at:
            raise ValueError("A string reaches beyond the end of the file")
        text = self._data[self._at : self._at + length].decode()
        self._at += length
        return text
