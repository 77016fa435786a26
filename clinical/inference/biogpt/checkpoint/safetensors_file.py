"""Tensors from a `model.safetensors`."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import ml_dtypes  # noqa: F401 - teaches numpy the name bfloat16, which safetensors asks it for
from safetensors import SafetensorError, safe_open

from clinical.inference.biogpt.checkpoint.tensors import Array
from clinical.inference.biogpt.errors import CheckpointDamaged

FLOATS = frozenset({"F32", "F16", "BF16"})


class SafetensorsFile:
    """The tensors of one safetensors file by name."""

    def __init__(self, file: Path) -> None:
        """Read the header. Raises: CheckpointDamaged."""
        try:
            # Typed Any: the library's own types name no methods.
            self._tensors: Any = safe_open(file, framework="np")
        except SafetensorError as error:
            raise CheckpointDamaged(
                f"{file.name} is not a complete safetensors file: download it again"
            ) from error
        self._file = file

    def names(self) -> Iterable[str]:
        """Return the names of the tensors."""
        names: list[str] = self._tensors.keys()
        return names

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the tensor's shape."""
        return tuple(self._tensors.get_slice(name).get_shape())

    def read(self, name: str) -> Array:
        """Return the tensor. Raises: CheckpointDamaged where it does not hold float32, float16 or bfloat16."""
        kind = self._tensors.get_slice(name).get_dtype()
        if kind not in FLOATS:
            raise CheckpointDamaged(
                f"{self._file.name}: {name} holds {kind}: save the checkpoint in float32, float16 or bfloat16"
            )
        tensor: Array = self._tensors.get_tensor(name)
        return tensor
