"""Byte-pair encoding of one word: the merge that was learned first is done first, everywhere in the word.

Source: Sennrich R, Haddow B, Birch A, ACL 2016, doi:10.18653/v1/P16-1162, algorithm 1.
"""

import heapq
from collections.abc import Mapping, Sequence

from clinical.inference.biogpt.checkpoint.vocabulary import WORD_END, Merge


def split_word(word: str, ranks: Mapping[Merge, int]) -> list[str]:
    """Return the pieces of a word that is not empty; the last one ends in `</w>`.

    The time grows as n log n with the length of the word, for a word may be as long as a hostile note.
    """
    return _Word([*word[:-1], word[-1] + WORD_END], ranks).merged()


class _Word:
    """Pieces in a chain; merging two leaves a gap at the right one."""

    def __init__(self, pieces: Sequence[str], ranks: Mapping[Merge, int]) -> None:
        self._ranks = ranks
        self._pieces: list[str] = list(pieces)
        self._next = list(range(1, len(pieces) + 1))
        self._previous = list(range(-1, len(pieces) - 1))
        self._waiting: list[tuple[int, int]] = []
        for position in range(len(pieces) - 1):
            self._offer(position)

    def merged(self) -> list[str]:
        """Return the pieces when no merge is left."""
        while self._waiting:
            # All places of one merge come before the pairs that they make, even where such a pair ranks lower.
            rank = self._waiting[0][0]
            for position in [place for place in self._places_of(rank) if self._merge(rank, place)]:
                self._offer(position)
                self._offer(self._previous[position])
        return [piece for piece in self._pieces if piece]

    def _rank(self, position: int) -> int | None:
        if position < 0 or self._next[position] >= len(self._pieces):
            return None
        return self._ranks.get((self._pieces[position], self._pieces[self._next[position]]))

    def _offer(self, position: int) -> None:
        rank = self._rank(position)
        if rank is not None:
            heapq.heappush(self._waiting, (rank, position))

    def _places_of(self, rank: int) -> list[int]:
        places = []
        while self._waiting and self._waiting[0][0] == rank:
            places.append(heapq.heappop(self._waiting)[1])
        return places

    def _merge(self, rank: int, position: int) -> bool:
        if self._rank(position) != rank:
            return False  # a merge at a neighbouring place took one of the two
        right = self._next[position]
        self._pieces[position] += self._pieces[right]
        self._pieces[right] = ""
        self._next[position] = self._next[right]
        if self._next[right] < len(self._pieces):
            self._previous[self._next[right]] = position
        return True
