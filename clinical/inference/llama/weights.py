"""A model's weights and vocabulary: loaded once, shared by both lanes."""

import ctypes
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import llama_cpp

from clinical.inference.llama.log import complaints, silence
from clinical.inference.llama.tokens import TokenArray, token_array

PIECE_BYTES = 256


class Weights:
    """The weights, their adapters, and the vocabulary."""

    def __init__(self, file: Path, *, adapters: Iterable[tuple[Path, float]] = ()) -> None:
        """Load the file. Raises: ValueError where it is not a model, or an adapter does not fit it."""
        silence()
        llama_cpp.llama_backend_init()
        parameters = llama_cpp.llama_model_default_params()
        with complaints() as heard:
            self.model = llama_cpp.llama_model_load_from_file(str(file).encode(), parameters)
        if not self.model:
            raise ValueError(
                f"{file.name} is not a model that llama.cpp can load; it says: {heard.reason}. "
                "Take another conversion of the model, and register that"
            )
        self.vocabulary = llama_cpp.llama_model_get_vocab(self.model)
        self.adapters = [(self._adapter(path), scale) for path, scale in adapters]

    def close(self) -> None:
        """Give the memory back; contexts over the weights must be closed before."""
        llama_cpp.llama_model_free(self.model)

    def tokenize(self, text: str, *, is_template: bool) -> TokenArray:
        """Return the text's token ids; control tokens are recognised in the template only."""
        data = text.encode(errors="replace")  # half of a surrogate pair is no character
        buffer = (llama_cpp.llama_token * (len(data) + 8))()
        count = llama_cpp.llama_tokenize(
            self.vocabulary, data, len(data), buffer, len(buffer), False, is_template
        )
        tokens = token_array(buffer[:count])
        ctypes.memset(buffer, 0, ctypes.sizeof(buffer))
        return tokens

    def piece(self, token: int) -> bytes:
        """Return the token's text as bytes; a character may be spread over several tokens."""
        buffer = ctypes.create_string_buffer(PIECE_BYTES)
        count = llama_cpp.llama_token_to_piece(self.vocabulary, token, buffer, len(buffer), 0, False)
        if count < 0:  # so much room is needed
            buffer = ctypes.create_string_buffer(-count)
            count = llama_cpp.llama_token_to_piece(self.vocabulary, token, buffer, len(buffer), 0, False)
        return buffer.raw[:count]

    def metadata(self, key: str) -> str | None:
        """Return what the file says under the key, in at most 255 bytes; None where it says nothing."""
        buffer = ctypes.create_string_buffer(PIECE_BYTES)
        count = llama_cpp.llama_model_meta_val_str(self.model, key.encode(), buffer, PIECE_BYTES)
        return buffer.value.decode(errors="replace") if count >= 0 else None

    def is_control(self, token: int) -> bool:
        """Whether the token is one of the template's markers and not text."""
        return bool(llama_cpp.llama_vocab_is_control(self.vocabulary, token))

    def is_end(self, token: int) -> bool:
        """Whether the model ends its turn with this token."""
        return bool(llama_cpp.llama_vocab_is_eog(self.vocabulary, token))

    @property
    def bos(self) -> int:
        """The token that begins every text."""
        return int(llama_cpp.llama_vocab_bos(self.vocabulary))

    @property
    def vocabulary_size(self) -> int:
        """How many tokens there are."""
        return int(llama_cpp.llama_vocab_n_tokens(self.vocabulary))

    @property
    def trained_context_tokens(self) -> int:
        """How many positions the model was trained on."""
        return int(llama_cpp.llama_model_n_ctx_train(self.model))

    def _adapter(self, file: Path) -> Any:  # noqa: ANN401 - an opaque llama.cpp pointer
        with complaints() as heard:
            adapter = llama_cpp.llama_adapter_lora_init(self.model, str(file).encode())
        if not adapter:
            raise ValueError(
                f"{file.name} is not an adapter of this model; llama.cpp says: {heard.reason}. "
                "Register the model with an adapter that was made for it, or without"
            )
        return adapter
