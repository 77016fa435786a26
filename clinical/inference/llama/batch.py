"""A batch of tokens of several sequences, in llama.cpp's layout."""

import llama_cpp


class Batch:
    """Room for `tokens` tokens, each of one sequence."""

    def __init__(self, tokens: int) -> None:
        self._tokens = tokens
        self.handle = llama_cpp.llama_batch_init(tokens, 0, 1)

    @property
    def room(self) -> int:
        """How many tokens still fit."""
        return self._tokens - int(self.handle.n_tokens)

    def add(self, token: int, position: int, sequence: int, *, wants_logits: bool) -> int:
        """Add a token; return its index in the batch."""
        index = int(self.handle.n_tokens)
        self.handle.token[index] = token
        self.handle.pos[index] = position
        self.handle.n_seq_id[index] = 1
        self.handle.seq_id[index][0] = sequence
        self.handle.logits[index] = wants_logits
        self.handle.n_tokens = index + 1
        return index

    def clear(self) -> None:
        """Empty it."""
        self.handle.n_tokens = 0

    def close(self) -> None:
        """Give the memory back."""
        llama_cpp.llama_batch_free(self.handle)
