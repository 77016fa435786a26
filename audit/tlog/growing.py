"""A tree that grows: each batch of leaf hashes gives the tiles that it completes, and the new root."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from audit.tlog.merkle import HASH_BYTES, RightEdge, check_hash, subtrees
from audit.tlog.serving import TileStore, serve_tile, store_reader
from audit.tlog.tiles import TILE_WIDTH, level_width, tile_at, tile_root


@dataclass(frozen=True)
class FullTile:
    """A tile that a batch completed, to be stored: 8,192 bytes."""

    level: int
    index: int
    data: bytes


class GrowingTree:
    """What a sealer keeps in memory: the right edge and at most 255 hashes of each tile level, whatever the size."""

    def __init__(self) -> None:
        self._edge = RightEdge()
        self._open: list[bytearray] = []

    @classmethod
    def restore(cls, store: TileStore, size: int) -> Self:
        """Return the tree of the first `size` stored leaves, as if they had just been appended.

        Raises: TileMissing where the store does not hold them.
        """
        tree, reader = cls(), store_reader(store, size)
        tree._edge = RightEdge.restore(size, [reader.subtree(*each) for each in subtrees(size)])
        level = 0
        while width := level_width(level, size):
            tree._open.append(bytearray(_open_data(store, level, width, size)))
            level += 1
        return tree

    @property
    def size(self) -> int:
        """How many leaves the tree has."""
        return self._edge.size

    def append(self, leaf_hashes: Iterable[bytes]) -> list[FullTile]:
        """Append leaf hashes and return the tiles that are full now, each after those below it.

        A batch whose tiles cannot be stored is not taken back: restore the tree from the store. Raises: HashInvalid,
        before anything is appended.
        """
        leaves = list(leaf_hashes)
        for each in leaves:
            check_hash(each)
        completed: list[FullTile] = []
        for each in leaves:
            self._edge.append(each)
            self._put(0, each, completed)
        return completed

    def root(self) -> bytes:
        """Return the root, after at most 63 hashes."""
        return self._edge.root()

    def _put(self, level: int, value: bytes, completed: list[FullTile]) -> None:
        if level == len(self._open):
            self._open.append(bytearray())
        tile = self._open[level]
        tile += value
        if len(tile) < TILE_WIDTH * HASH_BYTES:
            return
        data = bytes(tile)
        tile.clear()
        completed.append(FullTile(level, (level_width(level, self.size) - 1) // TILE_WIDTH, data))
        self._put(level + 1, tile_root(data), completed)


def _open_data(store: TileStore, level: int, width: int, size: int) -> bytes:
    """Return the hashes of the level's partial tile; none where its last tile is full."""
    if width % TILE_WIDTH == 0:
        return b""
    return serve_tile(store, tile_at(level, width // TILE_WIDTH, size), size)
