"""The logits that llama.cpp computes: what the mapping is measured by."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np

from clinical.inference.biogpt.checkpoint.tensors import Floats
from clinical.inference.biogpt.errors import NotBioGptGguf
from clinical.inference.llama.batch import Batch
from clinical.inference.llama.weights import Weights

THREADS = 2
# llama.cpp's defaults, keys and values in F16 and fused attention, each add an error of their own (about 1e-3).
F32 = 0  # ggml_type


class LlamaRun:
    """One text in llama.cpp, computed piece by piece."""

    def __init__(self, context: object, batch: Batch, *, vocabulary_size: int) -> None:
        """Begin a text that fits the batch."""
        self._context = context
        self._batch = batch
        self._vocabulary_size = vocabulary_size
        self._length = 0

    def decode(self, tokens: Sequence[int]) -> Floats:
        """Return the logits after each of the next tokens, shape (tokens, vocabulary). Raises: NotBioGptGguf."""
        self._batch.clear()
        for token in tokens:
            self._batch.add(token, self._length, 0, wants_logits=True)
            self._length += 1
        if llama_cpp.llama_decode(self._context, self._batch.handle):
            raise NotBioGptGguf("llama.cpp could not compute the text: import the checkpoint again")
        numbers = llama_cpp.llama_get_logits(self._context)
        return np.ctypeslib.as_array(numbers, shape=(len(tokens), self._vocabulary_size)).copy()


def logits_of(gguf: Path, tokens: Sequence[int]) -> Floats:
    """Return the logits after each token, shape (tokens, vocabulary). Raises: NotBioGptGguf."""
    with _run(gguf, len(tokens)) as run:
        return run.decode(tokens)


def write_greedily(gguf: Path, prompt: Sequence[int], *, positions: int) -> tuple[list[int], Floats]:
    """Return the likeliest tokens one after another, and the logits they were chosen by, (positions, vocabulary).

    Raises: NotBioGptGguf.
    """
    with _run(gguf, len(prompt) + positions) as run:
        logits = [run.decode(prompt)[-1:]]
        written = [int(logits[-1].argmax())]
        while len(written) < positions:
            logits.append(run.decode(written[-1:]))
            written.append(int(logits[-1].argmax()))
    return written, np.concatenate(logits)


@contextmanager
def _run(gguf: Path, room: int) -> Iterator[LlamaRun]:
    try:
        weights = Weights(gguf)
    except ValueError as error:
        raise NotBioGptGguf(f"llama.cpp cannot load {gguf.name}: import the checkpoint again") from error
    with closing(weights), closing(Batch(room)) as batch, _context(weights.model, room) as context:
        yield LlamaRun(context, batch, vocabulary_size=weights.vocabulary_size)


@contextmanager
def _context(model: object, room: int) -> Iterator[Any]:
    parameters = llama_cpp.llama_context_default_params()
    parameters.n_ctx = parameters.n_batch = parameters.n_ubatch = room
    parameters.n_threads = parameters.n_threads_batch = THREADS
    parameters.type_k = parameters.type_v = F32
    parameters.flash_attn_type = llama_cpp.LLAMA_FLASH_ATTN_TYPE_DISABLED
    context = llama_cpp.llama_init_from_model(model, parameters)
    if not context:
        raise NotBioGptGguf(f"There is not enough memory for {room} positions")
    try:
        yield context
    finally:
        llama_cpp.llama_free(context)
