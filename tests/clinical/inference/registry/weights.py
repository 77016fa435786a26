"""Small GGUF files, written by the `gguf` package: whole in form, with a few numbers as weights."""

from pathlib import Path

import numpy as np
from gguf import GGUFWriter, LlamaFileType

CHATML = ["<|im_start|>", "<|im_end|>"]
LLAMA3 = ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]


def write_gguf(
    file: Path,
    *,
    architecture: str = "llama",
    kind: str | None = "model",
    tokens: list[str] | None = None,
    name: str | None = "Invented 1B",
    licence: str | None = "mit",
    context: int | None = 2048,
    seed: int = 1,
    kilobytes: int = 4,
    **texts: str | int,
) -> Path:
    """Write the file and return it; `texts` are further metadata, with `__` for the dots of their keys."""
    writer = GGUFWriter(file, architecture)
    if kind is not None:
        writer.add_type(kind)
    if name is not None:
        writer.add_name(name)
    if licence is not None:
        writer.add_license(licence)
    if context is not None:
        writer.add_context_length(context)
    writer.add_file_type(LlamaFileType.MOSTLY_Q4_K_M)
    writer.add_token_list(["<s>", "</s>", *(tokens or [])])
    writer.add_token_scores([0.0] * (2 + len(tokens or [])))
    for key, value in texts.items():
        if isinstance(value, str):
            writer.add_string(key.replace("__", "."), value)
        else:
            writer.add_uint32(key.replace("__", "."), value)
    numbers = np.random.default_rng(seed).random(kilobytes * 256, dtype=np.float32)
    writer.add_tensor("token_embd.weight", numbers)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


def write_adapter(file: Path, *, architecture: str = "llama", adapter_type: str = "lora") -> Path:
    """Write a LoRA adapter's GGUF and return the file."""
    return write_gguf(
        file, architecture=architecture, kind="adapter", context=None, seed=2, adapter__type=adapter_type
    )
