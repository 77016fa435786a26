"""The words that a query may be made of: what articles write in lower case, their abbreviations, their eponyms.

Made from the starter evidence by benchmarks/egress_vocabulary.py; a hospital adds words of its own in a file.
"""

import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

FOLDER = Path(__file__).parent / "lists"
SHORTEST_STEM = 4
# Capitalised words of populations, which name nobody.
POPULATIONS = frozenset("African American Asian Caucasian European Hispanic Latina Latino".split())


def fold(word: str) -> str:
    """Return the word without accents, in its own case."""
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


@dataclass(frozen=True)
class Vocabulary:
    """Words in lower case, abbreviations in their own case, eponyms in lower case."""

    words: frozenset[str]
    abbreviations: frozenset[str]
    eponyms: frozenset[str]

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.words)

    def holds_stem(self, stem: str) -> bool:
        """Whether a word begins like this; of fewer than four letters none does."""
        at = bisect_left(self._sorted, stem)
        return len(stem) >= SHORTEST_STEM and at < len(self._sorted) and self._sorted[at].startswith(stem)


def load_vocabulary(own_words: Path | None = None) -> Vocabulary:
    """Return the packaged vocabulary and the hospital's own words, one a line. Raises: OSError, UnicodeDecodeError."""
    own = _lines(own_words) if own_words else frozenset()
    return Vocabulary(
        words=_lines(FOLDER / "words.txt") | {fold(word).lower() for word in own},
        abbreviations=_lines(FOLDER / "abbreviations.txt")
        | POPULATIONS
        | {fold(word) for word in own if not word.islower()},
        eponyms=_lines(FOLDER / "eponyms.txt"),
    )


def _lines(file: Path) -> frozenset[str]:
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))
