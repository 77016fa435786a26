"""A vocabulary in a GGUF's metadata, in and out, so that no other file is needed to encode."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gguf import GGUFWriter, Keys, TokenType

from clinical.inference.biogpt.checkpoint.vocabulary import (
    BEGIN,
    END,
    PADDING,
    SPECIAL,
    UNKNOWN,
    Merge,
    Vocabulary,
)
from clinical.inference.biogpt.errors import CheckpointDamaged, NotBioGptGguf
from clinical.inference.biogpt.gguf_file.byte_text import byte_text, piece_of
from clinical.inference.registry.gguf.header import GgufHeader, HeaderFault, read_header
from clinical.inference.registry.gguf.recognition import TOKENIZER_KEY

# The text must be encoded by `BioGptTokenizer` rather than by llama.cpp; ours too: the layout of what it needs.
TOKENIZER = "biogpt"
LAYOUT_KEY = "tacit.tokenizer.layout"
LAYOUT = 1
LISTS = (Keys.Tokenizer.LIST, Keys.Tokenizer.TOKEN_TYPE, Keys.Tokenizer.MERGES)

SPECIAL_TYPES = {
    BEGIN: TokenType.CONTROL,
    PADDING: TokenType.CONTROL,
    END: TokenType.CONTROL,
    UNKNOWN: TokenType.UNKNOWN,
}


def add_vocabulary(writer: GGUFWriter, vocabulary: Vocabulary, *, size: int) -> None:
    """Add the vocabulary, filled up with unused tokens to `size`, the rows of the embedding.

    Raises: CheckpointDamaged where the vocabulary is larger than the embedding.
    """
    if max(vocabulary.ids.values()) >= size:
        raise CheckpointDamaged(
            f"vocab.json has ids of {size} and above, and config.json says vocab_size {size}"
        )
    pieces = {token: piece for piece, token in vocabulary.ids.items()}
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list([_token_text(pieces.get(token), token) for token in range(size)])
    writer.add_token_types([_token_type(pieces.get(token)) for token in range(size)])
    writer.add_token_merges([f"{byte_text(left)} {byte_text(right)}" for left, right in vocabulary.merges])
    # The first token of every text that BioGPT saw was </s>, not <s>.
    writer.add_bos_token_id(vocabulary.ids[END])
    writer.add_eos_token_id(vocabulary.ids[END])
    writer.add_pad_token_id(vocabulary.ids[PADDING])
    writer.add_unk_token_id(vocabulary.ids[UNKNOWN])
    writer.add_bool(Keys.Tokenizer.ADD_BOS, val=True)
    writer.add_string(TOKENIZER_KEY, TOKENIZER)
    writer.add_uint32(LAYOUT_KEY, LAYOUT)


def _token_text(piece: str | None, token: int) -> str:
    if piece is None:
        return f"[unused {token}]"
    return piece if piece in SPECIAL else byte_text(piece)


def _token_type(piece: str | None) -> TokenType:
    return TokenType.UNUSED if piece is None else SPECIAL_TYPES.get(piece, TokenType.NORMAL)


def read_gguf_vocabulary(file: Path) -> Vocabulary:
    """Return the vocabulary that `add_vocabulary` wrote. Raises: NotBioGptGguf."""
    header = _header(file)
    if header.values.get(TOKENIZER_KEY) != TOKENIZER:
        raise NotBioGptGguf(
            f"{file.name} was not written by `manage.py models import-biogpt`: import it anew"
        )
    if header.values.get(LAYOUT_KEY) != LAYOUT:
        raise NotBioGptGguf(
            f"{file.name} has layout {header.values.get(LAYOUT_KEY)}, and {LAYOUT} is known: import it anew"
        )
    try:
        return _vocabulary(header.lists)
    except (KeyError, ValueError) as error:
        raise NotBioGptGguf(f"{file.name}: its vocabulary is damaged; import the checkpoint again") from error


def _header(file: Path) -> GgufHeader:
    try:
        return read_header(file, lists=LISTS)
    except HeaderFault as fault:
        raise NotBioGptGguf(
            f"{file.name} is not a complete GGUF: make one with `manage.py models import-biogpt`"
        ) from fault
    except OSError as error:
        raise NotBioGptGguf(f"{file} cannot be read: {error.strerror}") from error


def _vocabulary(lists: Mapping[str, list[Any]]) -> Vocabulary:
    texts, types = lists[Keys.Tokenizer.LIST], lists[Keys.Tokenizer.TOKEN_TYPE]
    ids = {
        _piece(text, kind): token
        for token, (text, kind) in enumerate(zip(texts, types, strict=True))
        if kind != TokenType.UNUSED
    }
    missing = [token for token in SPECIAL if token not in ids]
    if missing:
        raise ValueError(f"There is no {', '.join(missing)}")
    return Vocabulary(ids=ids, merges=tuple(_merge(merge) for merge in lists[Keys.Tokenizer.MERGES]))


def _piece(text: str, kind: int) -> str:
    return piece_of(text) if kind == TokenType.NORMAL else text


def _merge(text: str) -> Merge:
    left, right = text.split(" ")
    return piece_of(left), piece_of(right)
