"""The logits that llama.cpp computes: what the mapping is measured by."""

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np

from clinical.inference.biogpt.checkpoint.tensors import Floats
from clinical.inference.biogpt.errors import NotBioGptGguf

THREADS = 2
# llama.cpp's defaults, keys and values in F16 and fused attention, each add an error of their own (about 1e-3).
F32 = 0  # ggml_type


class LlamaRun:
    """One text in llama.cpp, computed piece by piece."""

    def __init__(self, context: object, *, vocabulary_size: int, room: int) -> None:
        """Begin a text of at most `room` tokens."""
        self._context = context
        self._vocabulary_size = vocabulary_size
        self._room = room
        self._length = 0

    def decode(self, tokens: Sequence[int]) -> Floats:
        """Return the logits after each of the next tokens, shape (tokens, vocabulary). Raises: NotBioGptGguf."""
        batch = llama_cpp.llama_batch_init(self._room, 0, 1)
        try:
            _fill(batch, tokens, self._length)
            if llama_cpp.llama_decode(self._context, batch):
                raise NotBioGptGguf("llama.cpp could not compute the text: import the checkpoint again")
        finally:
            llama_cpp.llama_batch_free(batch)
        self._length += len(tokens)
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
    with _model(gguf) as model, _context(model, room) as context:
        size = llama_cpp.llama_vocab_n_tokens(llama_cpp.llama_model_get_vocab(model))
        yield LlamaRun(context, vocabulary_size=size, room=room)


@contextmanager
def _model(gguf: Path) -> Iterator[Any]:
    llama_cpp.llama_log_set(_silent, ctypes.c_void_p(0))
    llama_cpp.llama_backend_init()
    model = llama_cpp.llama_model_load_from_file(str(gguf).encode(), llama_cpp.llama_model_default_params())
    if not model:
        raise NotBioGptGguf(f"llama.cpp cannot load {gguf.name}: import the checkpoint again")
    try:
        yield model
    finally:
        llama_cpp.llama_model_free(model)


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


def _fill(batch: Any, tokens: Sequence[int], start: int) -> None:  # noqa: ANN401 - a ctypes structure
    batch.n_tokens = len(tokens)
    for index, token in enumerate(tokens):
        batch.token[index] = token
        batch.pos[index] = start + index
        batch.n_seq_id[index] = 1
        batch.seq_id[index][0] = 0
        batch.logits[index] = 1


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]  # a ctypes factory
def _silent(_level: int, _text: bytes, _data: object) -> None:
    """llama.cpp's log would fill the terminal."""
