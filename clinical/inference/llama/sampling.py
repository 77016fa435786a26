"""The next token, by llama.cpp's own samplers, inside the draft's grammar and never outside of it."""

import ctypes
import json
import math
from typing import Any

import llama_cpp
import numpy as np
from llama_cpp.llama_grammar import json_schema_to_gbnf

from clinical.inference.domain import Limits, Refusal
from clinical.inference.llama.errors import DraftRefused
from clinical.inference.llama.weights import Weights

Pointer = Any  # llama.cpp's opaque pointers have no Python type


class Sampler:
    """Chooses tokens for one draft. Free it with `close`."""

    def __init__(self, weights: Weights, limits: Limits, schema: dict[str, Any] | None) -> None:
        """Build the samplers. Raises: DraftRefused where the schema gives no grammar."""
        self._weights = weights
        self._grammar = _grammar(weights, schema) if schema is not None else None
        self._chain = llama_cpp.llama_sampler_chain_init(llama_cpp.llama_sampler_chain_default_params())
        for sampler in _choice(limits):
            llama_cpp.llama_sampler_chain_add(self._chain, sampler)

    def next_token(self, context: Pointer, index: int) -> int:
        """Return the token after the batch's output `index` (-1: the last).

        The likeliest token is tried first and checked alone, because the grammar over the whole vocabulary costs
        as much as a small model. Raises: DraftRefused where the grammar allows none of the model's tokens.
        """
        token = int(llama_cpp.llama_sampler_sample(self._chain, context, index))
        if self._grammar is None:
            return token
        if not self._is_allowed(token):
            token = self._allowed_token(context, index)
        llama_cpp.llama_sampler_accept(self._grammar, token)
        return token

    def close(self) -> None:
        """Free the samplers."""
        llama_cpp.llama_sampler_free(self._chain)
        if self._grammar is not None:
            llama_cpp.llama_sampler_free(self._grammar)

    def _is_allowed(self, token: int) -> bool:
        candidate = llama_cpp.llama_token_data(token, 1.0, 0.0)
        array = llama_cpp.llama_token_data_array(ctypes.pointer(candidate), 1, -1, False)
        llama_cpp.llama_sampler_apply(self._grammar, ctypes.byref(array))
        return math.isfinite(candidate.logit)

    def _allowed_token(self, context: Pointer, index: int) -> int:
        """Choose among what the grammar allows.

        Accepting a token that the grammar rejects would end the process, so an empty choice is an error here.
        """
        size = self._weights.vocabulary_size
        logits = np.ctypeslib.as_array(llama_cpp.llama_get_logits_ith(context, index), shape=(size,))
        candidates = (llama_cpp.llama_token_data * size)()
        table = np.frombuffer(
            memoryview(candidates).cast("B"), dtype=[("id", "i4"), ("logit", "f4"), ("p", "f4")]
        )
        table["id"] = np.arange(size)
        table["logit"] = logits
        array = llama_cpp.llama_token_data_array(candidates, size, -1, False)
        llama_cpp.llama_sampler_apply(self._grammar, ctypes.byref(array))
        if not np.isfinite(table["logit"]).any():
            raise DraftRefused(Refusal.SCHEMA_UNUSABLE)
        llama_cpp.llama_sampler_apply(self._chain, ctypes.byref(array))
        return int(array.data[array.selected].id)


def _choice(limits: Limits) -> list[Pointer]:
    if limits.temperature == 0:
        return [llama_cpp.llama_sampler_init_greedy()]
    return [
        llama_cpp.llama_sampler_init_temp(limits.temperature),
        llama_cpp.llama_sampler_init_dist(limits.seed),
    ]


def _grammar(weights: Weights, schema: dict[str, Any]) -> Pointer:
    """Return the schema as a grammar. llama.cpp would silently ignore one that it cannot parse."""
    try:
        gbnf = json_schema_to_gbnf(json.dumps(schema))
    except (AssertionError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise DraftRefused(Refusal.SCHEMA_UNUSABLE) from error
    grammar = llama_cpp.llama_sampler_init_grammar(weights.vocabulary, gbnf.encode(), b"root")
    if not grammar:
        raise DraftRefused(Refusal.SCHEMA_UNUSABLE)
    return grammar
