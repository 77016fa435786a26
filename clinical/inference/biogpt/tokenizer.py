"""BioGPT's tokenizer: Moses splits text into words, merges split words into pieces."""

from pathlib import Path
from typing import Self

from clinical.inference.biogpt.bpe import split_word
from clinical.inference.biogpt.checkpoint.vocabulary import SPECIAL, UNKNOWN, Vocabulary, read_vocabulary
from clinical.inference.biogpt.gguf_file.vocabulary import read_gguf_vocabulary
from clinical.inference.biogpt.moses import Moses
from clinical.inference.biogpt.plain_english import PlainEnglish


class BioGptTokenizer:
    """Text to token ids, and what llama.cpp wrote to plain English. Keeps nothing of what passes: it may be PHI."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Take the vocabulary as it is; `from_checkpoint` and `from_gguf` read one."""
        self._unknown = vocabulary.ids[UNKNOWN]
        self._ids = {piece: token for piece, token in vocabulary.ids.items() if piece not in SPECIAL}
        self._ranks = {merge: rank for rank, merge in enumerate(vocabulary.merges)}
        self._moses = Moses()

    @classmethod
    def from_checkpoint(cls, folder: Path) -> Self:
        """Return the tokenizer of a checkpoint folder. Raises: CheckpointFileMissing, CheckpointDamaged."""
        return cls(read_vocabulary(folder))

    @classmethod
    def from_gguf(cls, file: Path) -> Self:
        """Return the tokenizer of a GGUF that `import_biogpt` wrote. Raises: NotBioGptGguf."""
        return cls(read_gguf_vocabulary(file))

    def encode(self, text: str) -> list[int]:
        """Return the ids of content. No special token, whatever the text says, but `<unk>` for unknown characters.

        The model expects its begin-of-sequence token (`</s>`) before the first text; the caller puts it there.
        """
        pieces = (piece for word in self._moses.words(text) for piece in split_word(word, self._ranks))
        return [self._ids.get(piece, self._unknown) for piece in pieces]

    def detokenize(self, text: str) -> str:
        """Return plain English from what llama.cpp wrote: words that end in spaces, escaped as Moses does."""
        return self._moses.text(text.split())

    def text_stream(self) -> PlainEnglish:
        """Return a new text, which `detokenize`s what llama.cpp writes as it comes."""
        return PlainEnglish(self._moses)
