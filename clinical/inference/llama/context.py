"""A context of llama.cpp: where tokens become logits, and what must be forgotten afterwards."""

import ctypes
from typing import Any

import llama_cpp

from clinical.inference.domain import Refusal
from clinical.inference.llama.errors import DraftRefused
from clinical.inference.llama.tokens import TokenArray
from clinical.inference.llama.weights import Weights


class Context:
    """Key-value memory and compute buffers over some weights, for `sequences` at a time."""

    def __init__(
        self, weights: Weights, *, tokens: int, threads: int, sequences: int = 1, batch_tokens: int
    ) -> None:
        """Reserve the memory. Raises: ValueError where there is not enough."""
        parameters = llama_cpp.llama_context_default_params()
        parameters.n_ctx = tokens
        parameters.n_batch = parameters.n_ubatch = batch_tokens
        parameters.n_seq_max = sequences
        parameters.kv_unified = True
        parameters.n_threads = parameters.n_threads_batch = threads
        parameters.no_perf = True
        # On a CPU flash attention costs a quarter of the decoding speed, and half of it in a batch of eight.
        parameters.flash_attn_type = llama_cpp.LLAMA_FLASH_ATTN_TYPE_DISABLED
        self.handle: Any = llama_cpp.llama_init_from_model(weights.model, parameters)
        if not self.handle:
            raise ValueError(f"There is not enough memory for a context of {tokens} tokens")
        self.memory: Any = llama_cpp.llama_get_memory(self.handle)
        _apply_adapters(self.handle, weights)

    def decode(self, tokens: TokenArray) -> None:
        """Append the tokens to the only sequence; the logits of the last are ready afterwards.

        Raises: DraftRefused where llama.cpp fails.
        """
        self.decode_batch(llama_cpp.llama_batch_get_one(tokens, len(tokens)))

    def decode_batch(self, batch: llama_cpp.llama_batch) -> None:
        """Run a batch over several sequences. Raises: DraftRefused where llama.cpp fails."""
        if llama_cpp.llama_decode(self.handle, batch) != 0:
            raise DraftRefused(Refusal.FAILED)

    def snapshot(self) -> ctypes.Array[ctypes.c_uint8]:
        """Return a copy of the first sequence's state."""
        size = int(llama_cpp.llama_state_seq_get_size(self.handle, 0))
        state = (ctypes.c_uint8 * size)()
        if llama_cpp.llama_state_seq_get_data(self.handle, state, size, 0) != size:
            raise DraftRefused(Refusal.FAILED)
        return state

    def restore(self, state: ctypes.Array[ctypes.c_uint8]) -> None:
        """Make the first sequence what it was when the snapshot was taken."""
        if llama_cpp.llama_state_seq_set_data(self.handle, state, len(state), 0) == 0:
            raise DraftRefused(Refusal.FAILED)

    def wipe(self) -> None:
        """Overwrite the key-value memory of all sequences. Without `data` the cells would keep their content."""
        llama_cpp.llama_memory_clear(self.memory, True)

    def close(self) -> None:
        """Wipe, and give the memory back: the compute buffers hold token ids too, and nothing else wipes those."""
        self.wipe()
        llama_cpp.llama_free(self.handle)
        self.handle = None


def _apply_adapters(handle: Any, weights: Weights) -> None:  # noqa: ANN401 - an opaque llama.cpp pointer
    if not weights.adapters:
        return
    count = len(weights.adapters)
    adapters = (llama_cpp.llama_adapter_lora_p_ctypes * count)(*(adapter for adapter, _ in weights.adapters))
    scales = (ctypes.c_float * count)(*(scale for _, scale in weights.adapters))
    if llama_cpp.llama_set_adapters_lora(handle, adapters, count, scales) != 0:
        raise ValueError("The adapters cannot be applied to this model")
