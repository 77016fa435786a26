"""Writes what `torch.save` writes for a map of tensors, without torch: a zip of a pickle and of raw numbers.

The opcodes are those of pickle's protocol 2, in the order in which torch puts them.
"""

import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from ml_dtypes import bfloat16
from numpy.typing import NDArray

STORAGE_NAMES = {
    np.dtype("f4"): "FloatStorage",
    np.dtype("f2"): "HalfStorage",
    np.dtype(bfloat16): "BFloat16Storage",
}
EMPTY_MAP = b"ccollections\nOrderedDict\n)R"


def text(value: str) -> bytes:
    data = value.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def number(value: int) -> bytes:
    return b"J" + struct.pack("<i", value)


def numbers(values: tuple[int, ...]) -> bytes:
    return b"(" + b"".join(map(number, values)) + b"t"


def storage(key: str, kind: str, length: int) -> bytes:
    return (
        b"("
        + text("storage")
        + f"ctorch\n{kind}\n".encode()
        + text(key)
        + text("cpu")
        + number(length)
        + b"tQ"
    )


def tensor(stored: bytes, shape: tuple[int, ...], strides: tuple[int, ...], *, offset: int = 0) -> bytes:
    arguments = stored + number(offset) + numbers(shape) + numbers(strides) + b"\x89" + EMPTY_MAP
    return b"ctorch._utils\n_rebuild_tensor_v2\n(" + arguments + b"tR"


def pickled(entries: Mapping[str, bytes]) -> bytes:
    versions = b"}" + text("_metadata") + EMPTY_MAP + b"sb"
    return (
        b"\x80\x02"
        + EMPTY_MAP
        + b"("
        + b"".join(text(key) + entry for key, entry in entries.items())
        + b"u"
        + versions
        + b"."
    )


def tensor_of(key: str, array: NDArray[Any]) -> bytes:
    strides = tuple(stride // array.itemsize for stride in array.strides)
    return tensor(storage(key, STORAGE_NAMES[array.dtype], array.size), array.shape, strides)


def save(arrays: Mapping[str, NDArray[Any]], file: Path) -> None:
    """Write the arrays as `torch.save` does."""
    entries = {name: tensor_of(str(key), array) for key, (name, array) in enumerate(arrays.items())}
    save_records(file, pickled(entries), [array.tobytes(order="A") for array in arrays.values()])


def save_records(file: Path, pickle: bytes, storages: list[bytes], *, byte_order: bytes = b"little") -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("archive/data.pkl", pickle)
        archive.writestr("archive/byteorder", byte_order)
        for key, data in enumerate(storages):
            archive.writestr(f"archive/data/{key}", data)
        archive.writestr("archive/version", b"3\n")
