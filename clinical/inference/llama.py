"""llama.cpp through its low-level API: one request at a time, and nothing of it left in memory after.

The high-level API keeps the last prompt and samples in Python; this one does neither.
"""

import ctypes
import json
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

import llama_cpp
from llama_cpp.llama_grammar import json_schema_to_gbnf

from clinical.inference.domain import Draft, Message, Refusal

BATCH_TOKENS = 512


class DraftRefused(Exception):
    """No draft; carries the reason that the caller is told."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


class Cancelled(Exception):
    """The caller went away."""


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]  # a ctypes factory
def _silent(_level: int, _text: bytes, _data: object) -> None:
    """llama.cpp's log lines may quote the prompt."""


class LlamaModel:
    """One model and one context of llama.cpp."""

    def __init__(self, file: Path, *, threads: int, context_tokens: int = 4096) -> None:
        """Load the weights. Raises: ValueError where the file is not a model that llama.cpp can run."""
        llama_cpp.llama_log_set(_silent, ctypes.c_void_p(0))
        llama_cpp.llama_backend_init()
        self._model = llama_cpp.llama_model_load_from_file(
            str(file).encode(), llama_cpp.llama_model_default_params()
        )
        if not self._model:
            raise ValueError(f"{file.name} is not a model that llama.cpp can load")
        parameters = llama_cpp.llama_context_default_params()
        parameters.n_ctx = context_tokens
        parameters.n_batch = BATCH_TOKENS
        parameters.n_threads = parameters.n_threads_batch = threads
        parameters.no_perf = True
        self._context = llama_cpp.llama_init_from_model(self._model, parameters)
        if not self._context:
            raise ValueError(f"There is not enough memory for a context of {context_tokens} tokens")
        self._vocabulary = llama_cpp.llama_model_get_vocab(self._model)
        self._memory = llama_cpp.llama_get_memory(self._context)
        self._context_tokens = context_tokens

    def write(self, draft: Draft, *, is_cancelled: Callable[[], bool]) -> Generator[bytes, None, None]:
        """Yield pieces of JSON text that follows the draft's schema, then forget the request.

        Raises: DraftRefused, Cancelled.
        """
        give_up_at = time.monotonic() + draft.deadline_seconds
        prompt = self.prompt_tokens(draft.messages)
        sampler = self._sampler(draft.schema)
        try:
            if len(prompt) + draft.max_tokens > self._context_tokens:
                raise DraftRefused(Refusal.PROMPT_TOO_LONG)
            for tokens in _batches(prompt):
                _check_time(give_up_at, is_cancelled)
                self._decode(tokens)
            yield from self._sampled(sampler, draft.max_tokens, lambda: _check_time(give_up_at, is_cancelled))
        finally:
            llama_cpp.llama_sampler_free(sampler)
            # data=True overwrites the key-value buffers; without it the cells are freed and keep their content.
            llama_cpp.llama_memory_clear(self._memory, True)
            ctypes.memset(prompt, 0, ctypes.sizeof(prompt))

    def prompt_tokens(self, messages: Sequence[Message]) -> ctypes.Array[ctypes.c_int32]:
        """Return the prompt in ChatML, the template that SmolLM2 was trained on.

        Template and content are tokenised apart: a role marker inside the content stays plain text.
        """
        tokens: list[int] = []
        for message in messages:
            tokens += self.tokenize(f"<|im_start|>{message['role']}\n", is_template=True)
            tokens += self.tokenize(message["content"], is_template=False)
            tokens += self.tokenize("<|im_end|>\n", is_template=True)
        tokens += self.tokenize("<|im_start|>assistant\n", is_template=True)
        return (llama_cpp.llama_token * len(tokens))(*tokens)

    def tokenize(self, text: str, *, is_template: bool) -> list[int]:
        """Token ids of the text; control tokens are recognised in the template only."""
        data = text.encode()
        buffer = (llama_cpp.llama_token * (len(data) + 8))()
        count = llama_cpp.llama_tokenize(
            self._vocabulary, data, len(data), buffer, len(buffer), False, is_template
        )
        tokens = list(buffer[:count])
        ctypes.memset(buffer, 0, ctypes.sizeof(buffer))
        return tokens

    def is_control(self, token: int) -> bool:
        """Whether the token is one of the template's markers and not text."""
        return bool(llama_cpp.llama_vocab_is_control(self._vocabulary, token))

    def _sampler(self, schema: dict[str, Any]) -> Any:  # noqa: ANN401 - an opaque llama.cpp pointer
        """Greedy choice among what the schema allows.

        A grammar that does not parse gives a null sampler, which llama.cpp would silently ignore.
        """
        try:
            gbnf = json_schema_to_gbnf(json.dumps(schema))
        except (AssertionError, KeyError, ValueError, TypeError) as error:
            raise DraftRefused(Refusal.SCHEMA_UNUSABLE) from error
        grammar = llama_cpp.llama_sampler_init_grammar(self._vocabulary, gbnf.encode(), b"root")
        if not grammar:
            raise DraftRefused(Refusal.SCHEMA_UNUSABLE)
        chain = llama_cpp.llama_sampler_chain_init(llama_cpp.llama_sampler_chain_default_params())
        llama_cpp.llama_sampler_chain_add(chain, grammar)
        llama_cpp.llama_sampler_chain_add(chain, llama_cpp.llama_sampler_init_greedy())
        return chain

    def _sampled(self, sampler: Any, max_tokens: int, check: Callable[[], None]) -> Iterator[bytes]:  # noqa: ANN401
        for _ in range(max_tokens):
            token = llama_cpp.llama_sampler_sample(sampler, self._context, -1)
            if llama_cpp.llama_vocab_is_eog(self._vocabulary, token):
                return
            yield self._piece(token)
            check()
            self._decode((llama_cpp.llama_token * 1)(token))

    def _piece(self, token: int) -> bytes:
        buffer = ctypes.create_string_buffer(256)
        count = llama_cpp.llama_token_to_piece(self._vocabulary, token, buffer, len(buffer), 0, False)
        return buffer.raw[: max(count, 0)]

    def _decode(self, tokens: ctypes.Array[ctypes.c_int32]) -> None:
        if llama_cpp.llama_decode(self._context, llama_cpp.llama_batch_get_one(tokens, len(tokens))) != 0:
            raise DraftRefused(Refusal.FAILED)


def _batches(tokens: ctypes.Array[ctypes.c_int32]) -> Iterator[ctypes.Array[ctypes.c_int32]]:
    for start in range(0, len(tokens), BATCH_TOKENS):
        part = tokens[start : start + BATCH_TOKENS]
        yield (llama_cpp.llama_token * len(part))(*part)


def _check_time(give_up_at: float, is_cancelled: Callable[[], bool]) -> None:
    if is_cancelled():
        raise Cancelled
    if time.monotonic() > give_up_at:
        raise DraftRefused(Refusal.TIMEOUT)
