"""Tensors from a `pytorch_model.bin`, without torch and without running what the file says.

The file is a zip of stored records: `data.pkl`, a pickled map of names to tensors, and a record of raw numbers for
each storage. A pickle is a program. This one may do three things: make a map, name a storage, and say which part of
a storage is a tensor. Numbers are mapped from the file when they are asked for.
"""

import pickle
import struct
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from ml_dtypes import bfloat16

from clinical.inference.biogpt.checkpoint.tensors import Array
from clinical.inference.biogpt.errors import CheckpointDamaged

STORAGE_TYPES = {"FloatStorage": "F32", "HalfStorage": "F16", "BFloat16Storage": "BF16"}
NUMBERS: dict[str, Any] = {"F32": np.dtype("<f4"), "F16": np.dtype("<f2"), "BF16": np.dtype(bfloat16)}
LARGEST_PICKLE_BYTES = 64 * 1024 * 1024
LOCAL_HEADER = struct.Struct("<4s22xHH")
DOWNLOAD_AGAIN = "download it again, or save the weights as model.safetensors"


@dataclass(frozen=True)
class Storage:
    """A record of raw numbers in the zip."""

    type: str
    key: str
    length: int


@dataclass(frozen=True)
class StoredTensor:
    """The part of a storage that is a tensor; sizes and strides count numbers, not bytes."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def is_inside(self) -> bool:
        """Return whether every number of the tensor lies in its storage."""
        if min((self.offset, *self.shape, *self.strides)) < 0 or len(self.shape) != len(self.strides):
            return False
        last = self.offset + sum(
            (size - 1) * stride for size, stride in zip(self.shape, self.strides, strict=True)
        )
        return 0 in self.shape or last < self.storage.length


class TorchFile:
    """The tensors of one `.bin` file by name."""

    def __init__(self, file: Path) -> None:
        """Read the names and places. Raises: CheckpointDamaged."""
        self._file = file
        try:
            with zipfile.ZipFile(file) as archive:
                records = archive.infolist()
                prefix = _prefix(file, records)
                self._tensors = _state_dict(file, archive, f"{prefix}data.pkl")
                _check_byte_order(file, archive, f"{prefix}byteorder")
        except zipfile.BadZipFile as error:
            raise CheckpointDamaged(
                f"{file.name} is not a complete zip of tensors (PyTorch 1.6 or later writes one): {DOWNLOAD_AGAIN}"
            ) from error
        self._bytes = np.memmap(file, dtype=np.uint8, mode="r")
        self._records = {record.filename.removeprefix(f"{prefix}data/"): record for record in records}

    def names(self) -> Iterable[str]:
        """Return the names of the tensors."""
        return self._tensors.keys()

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the tensor's shape."""
        return self._tensors[name].shape

    def read(self, name: str) -> Array:
        """Return the tensor as a read-only view of the file. Raises: CheckpointDamaged."""
        tensor = self._tensors[name]
        numbers = self._numbers(tensor.storage)
        strides = tuple(stride * numbers.itemsize for stride in tensor.strides)
        return np.lib.stride_tricks.as_strided(
            numbers[tensor.offset :], shape=tensor.shape, strides=strides, writeable=False
        )

    def _numbers(self, storage: Storage) -> Array:
        record = self._records.get(storage.key)
        kind = NUMBERS[storage.type]
        size = storage.length * kind.itemsize
        if record is None or record.compress_type != zipfile.ZIP_STORED or record.file_size < size:
            raise CheckpointDamaged(
                f"{self._file.name}: data/{storage.key} is missing or short: {DOWNLOAD_AGAIN}"
            )
        start = self._start(record)
        return self._bytes[start : start + size].view(kind)

    def _start(self, record: zipfile.ZipInfo) -> int:
        at = record.header_offset
        signature, name_length, extra_length = LOCAL_HEADER.unpack(bytes(self._bytes[at : at + 30]))
        start = at + 30 + name_length + extra_length
        if signature != b"PK\x03\x04" or start + record.file_size > self._bytes.size:
            raise CheckpointDamaged(f"{self._file.name} is damaged: {DOWNLOAD_AGAIN}")
        return int(start)


class StateDict(dict[str, Any]):
    """A map in the pickle. What else was attached to it (versions of modules) is dropped."""

    __slots__ = ()

    def __setstate__(self, _state: object) -> None:
        """Forget the state."""


class StateDictUnpickler(pickle.Unpickler):
    """Unpickles a map of tensors, and refuses every other name."""

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - pickle's own signature
        """Return what stands for a name in the pickle; never the thing itself."""
        if module == "torch" and name in STORAGE_TYPES:
            return STORAGE_TYPES[name]
        if (module, name) in KNOWN_NAMES:
            return KNOWN_NAMES[module, name]
        raise pickle.UnpicklingError(f"it names {module}.{name}, which a map of float tensors does not need")

    def persistent_load(self, reference: Any) -> Storage:  # noqa: ANN401 - pickle's own signature
        """Return the storage that the pickle refers to."""
        kind, storage_type, key, _device, length = reference
        known = kind == "storage" and storage_type in NUMBERS
        if not known or not isinstance(key, str) or not isinstance(length, int):
            raise pickle.UnpicklingError("it refers to something that is not a storage of float numbers")
        return Storage(storage_type, key, length)


def _rebuild_tensor(
    storage: object, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_gradient: object
) -> StoredTensor:
    if isinstance(storage, Storage):
        tensor = StoredTensor(storage, offset, tuple(shape), tuple(strides))
        if tensor.is_inside():
            return tensor
    raise pickle.UnpicklingError("it has a tensor that reaches outside its storage")


def _rebuild_parameter(tensor: StoredTensor, *_gradient: object) -> StoredTensor:
    return tensor


KNOWN_NAMES: dict[tuple[str, str], Any] = {
    ("collections", "OrderedDict"): StateDict,
    ("torch._utils", "_rebuild_tensor_v2"): _rebuild_tensor,
    ("torch._utils", "_rebuild_parameter"): _rebuild_parameter,
}


def _prefix(file: Path, records: Iterable[zipfile.ZipInfo]) -> str:
    names = [record.filename for record in records if record.filename.endswith("/data.pkl")]
    if len(names) != 1:
        raise CheckpointDamaged(f"{file.name} is a zip, but not of tensors: {DOWNLOAD_AGAIN}")
    return names[0].removesuffix("data.pkl")


def _check_byte_order(file: Path, archive: zipfile.ZipFile, name: str) -> None:
    if name in archive.namelist() and archive.read(name) != b"little":
        raise CheckpointDamaged(f"{file.name} was saved on a big-endian machine: save it on another one")


def _state_dict(file: Path, archive: zipfile.ZipFile, name: str) -> dict[str, StoredTensor]:
    if archive.getinfo(name).file_size > LARGEST_PICKLE_BYTES:
        _refuse(file, "its list of tensors is larger than that of any model")
    try:
        with archive.open(name) as record:
            state = StateDictUnpickler(record).load()
    except zipfile.BadZipFile:
        raise
    except Exception as error:  # noqa: BLE001 - a hostile pickle can fail in any way, and nothing was run
        _refuse(
            file,
            str(error) if isinstance(error, pickle.UnpicklingError) else "its list of tensors is damaged",
        )
    if not isinstance(state, dict) or not all(isinstance(value, StoredTensor) for value in state.values()):
        _refuse(file, "it does not hold a map of names to tensors")
    return {str(key): value for key, value in state.items()}


def _refuse(file: Path, reason: str) -> NoReturn:
    raise CheckpointDamaged(f"{file.name} was not read: {reason}. {DOWNLOAD_AGAIN.capitalize()}")
