"""Pieces as GPT-2 writes them in a GGUF: a printable character for each byte, and `Ġ` for a space.

BioGPT marks the end of a word where GPT-2 marks the beginning. llama.cpp turns each `Ġ` back into a space, wherever
it stands, so a `Ġ` at the end does what `</w>` means.

Source: Radford A et al., Language Models are Unsupervised Multitask Learners, 2019, section 2.2.
"""

from clinical.inference.biogpt.checkpoint.vocabulary import WORD_END


def _characters() -> list[str]:
    # Latin-1's visible characters stand for themselves; the other bytes take the code points from 256 on, in order.
    visible = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in visible]
    codes = {byte: byte for byte in visible} | {byte: 256 + index for index, byte in enumerate(hidden)}
    return [chr(codes[byte]) for byte in range(256)]


CHARACTERS = _characters()
BYTES = {character: byte for byte, character in enumerate(CHARACTERS)}


def byte_text(piece: str) -> str:
    """Return the piece as GPT-2 would write it, its `</w>` as a space."""
    is_end = piece.endswith(WORD_END)
    data = piece.removesuffix(WORD_END).encode() + b" " * is_end
    return "".join(CHARACTERS[byte] for byte in data)


def piece_of(text: str) -> str:
    """Return the piece that `byte_text` wrote. Raises: ValueError where it wrote no such text."""
    try:
        piece = bytes(BYTES[character] for character in text).decode()
    except KeyError as error:
        raise ValueError("This is not the text of bytes") from error
    return piece.removesuffix(" ") + WORD_END if piece.endswith(" ") else piece
