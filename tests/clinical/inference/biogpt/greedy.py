"""Greedy text straight from llama.cpp, by another path than the product's."""

from collections.abc import Sequence
from pathlib import Path

import llama_cpp

F32 = 0


def write_greedily(gguf: Path, prompt: Sequence[int], *, positions: int) -> tuple[list[int], str]:
    """Return `positions` tokens that llama.cpp writes after the prompt, and their text as it spells them."""
    llama = llama_cpp.Llama(
        str(gguf), n_ctx=128, n_batch=128, n_threads=1, type_k=F32, type_v=F32, verbose=False
    )
    try:
        written: list[int] = []
        for token in llama.generate(list(prompt), temp=0.0, top_k=1, repeat_penalty=1.0):
            written.append(token)
            if len(written) == positions:
                break
        return written, llama.detokenize(written).decode()
    finally:
        llama.close()
