"""BioGPT's vocabulary: pieces of words with their ids, and the merges that make them.

A piece that ends a word ends in `</w>`. No piece holds a space: spaces separate words, and the words of a file's
merges.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clinical.inference.biogpt.checkpoint.json_file import read_json_object, read_text
from clinical.inference.biogpt.errors import CheckpointDamaged

WORD_END = "</w>"

BEGIN = "<s>"
PADDING = "<pad>"
# Ends a text, and is what BioGPT was trained to begin one with.
END = "</s>"
UNKNOWN = "<unk>"
SPECIAL = (BEGIN, PADDING, END, UNKNOWN)

Merge = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """Ids by piece, special tokens included, and the merges, first ones first."""

    ids: Mapping[str, int]
    merges: tuple[Merge, ...]


def read_vocabulary(checkpoint: Path) -> Vocabulary:
    """Return the vocabulary in the folder's `vocab.json` and `merges.txt`.

    Raises: CheckpointFileMissing, CheckpointDamaged.
    """
    ids = read_json_object(checkpoint / "vocab.json")
    _check_ids(ids)
    return Vocabulary(ids=ids, merges=_merges(read_text(checkpoint / "merges.txt")))


def _check_ids(ids: Mapping[str, Any]) -> None:
    if not all(isinstance(value, int) and value >= 0 for value in ids.values()):
        raise CheckpointDamaged(
            "vocab.json gives a piece an id that is not a whole number: download it again"
        )
    if len(set(ids.values())) != len(ids):
        raise CheckpointDamaged("vocab.json gives two pieces the same id: download it again")
    missing = [token for token in SPECIAL if token not in ids]
    if missing:
        raise CheckpointDamaged(f"vocab.json lacks {', '.join(missing)}: it is not BioGPT's vocabulary")
    if any(" " in piece or not _is_unicode(piece) for piece in ids):
        raise CheckpointDamaged("vocab.json has a piece with a space or broken text in it: download it again")


def _is_unicode(piece: str) -> bool:
    try:
        piece.encode()
    except UnicodeEncodeError:
        return False
    return True


def _merges(text: str) -> tuple[Merge, ...]:
    # The reference drops whatever follows the last newline, and lets the last of two equal merges count.
    lines = [line.split()[:2] for line in text.split("\n")[:-1]]
    if not any(lines):
        raise CheckpointDamaged("merges.txt is empty: download it again")
    ranks: dict[Merge, int] = {}
    for rank, pair in enumerate(lines):
        if len(pair) == 2:
            ranks[pair[0], pair[1]] = rank
        elif pair:
            raise CheckpointDamaged(
                f"merges.txt, line {rank + 1}: there must be two pieces; download it again"
            )
    return tuple(sorted(ranks, key=ranks.__getitem__))
