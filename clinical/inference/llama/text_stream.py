"""What the model writes, as whoever waits shall read it: llama.cpp's pieces in, text out, as early as it is certain."""

from collections.abc import Sequence
from typing import Protocol


class TextStream(Protocol):
    """One text that grows."""

    def add(self, piece: bytes) -> bytes:
        """Return what has become certain by this piece; it may be nothing."""
        ...

    def end(self) -> bytes:
        """Return what was held back: no piece comes any more."""
        ...


class OwnTokenizer(Protocol):
    """Text to ids and back where llama.cpp's own tokenizer cannot do it (BioGPT)."""

    def encode(self, text: str) -> Sequence[int]:
        """Return the ids of content; none is a control token."""
        ...

    def text_stream(self) -> TextStream:
        """Return a new, empty text."""
        ...


class PiecesAsTheyAre:
    """The text of most models: their pieces, one after another."""

    def add(self, piece: bytes) -> bytes:
        """Return the piece."""
        return piece

    def end(self) -> bytes:
        """Return nothing: nothing was held back."""
        return b""
