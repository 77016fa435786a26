"""LoRA adapters that the tests make: random numbers in the layout that llama.cpp reads."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGUFWriter
from numpy.typing import NDArray

Tensors = Mapping[str, NDArray[Any]]
ALPHA = 8.0
RANK = 4


def lora_pair(
    name: str, *, rows: int, columns: int, seed: int = 0, size: float = 0.05
) -> dict[str, NDArray[Any]]:
    """The two tensors that together change a weight of shape (rows, columns)."""
    random = np.random.default_rng(seed)
    down = random.standard_normal((RANK, columns), dtype=np.float32)
    up = random.standard_normal((rows, RANK), dtype=np.float32) * np.float32(size)
    return {f"{name}.lora_a": down, f"{name}.lora_b": up}


def change_of(tensors: Tensors, name: str) -> NDArray[Any]:
    """What the adapter adds to the weight at scale 1. Source: Hu EJ et al., LoRA, arXiv:2106.09685, section 4.1."""
    product: NDArray[Any] = tensors[f"{name}.lora_b"] @ tensors[f"{name}.lora_a"]
    return product * np.float32(ALPHA / RANK)


def write_lora(file: Path, tensors: Tensors, *, architecture: str) -> Path:
    writer = GGUFWriter(file, architecture)
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", ALPHA)
    for name, array in tensors.items():
        writer.add_tensor(name, array)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file
