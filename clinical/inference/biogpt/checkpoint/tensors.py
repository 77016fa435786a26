"""Where the tensors of a checkpoint come from: one file, or several with an index."""

from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Floats = NDArray[np.float32]


class TensorFile(Protocol):
    """A file of named tensors, read one at a time."""

    def names(self) -> Iterable[str]:
        """Return the names of the tensors."""

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the tensor's shape."""

    def read(self, name: str) -> Array:
        """Return the tensor in the type it is stored in: float32, float16 or bfloat16."""
