"""Reads a tree's hashes from its tiles alone."""

from collections.abc import Callable

from audit.tlog.errors import TileMissing
from audit.tlog.merkle import complete_root
from audit.tlog.tiles import TILE_LEVELS, TILE_WIDTH, Tile, tile_at

TileFetch = Callable[[Tile], bytes]


class TileReader:
    """The hashes of the tree of `size` leaves (a `HashReader`); each tile is fetched once.

    The tiles are not trusted: whoever reads checks the root, or a proof, against a signed checkpoint.
    """

    def __init__(self, fetch: TileFetch, size: int) -> None:
        self._fetch = fetch
        self._size = size
        self._seen: dict[Tile, list[bytes]] = {}

    def subtree(self, level: int, index: int) -> bytes:
        """Return the hash over the 2**level leaves from index * 2**level on.

        Raises: TileMissing, TileInvalid, and what the fetch raises.
        """
        tile_level, rest = divmod(level, TILE_LEVELS)
        tile_index, offset = divmod(index << rest, TILE_WIDTH)
        hashes = self._hashes(tile_at(tile_level, tile_index, self._size))
        return complete_root(hashes[offset : offset + (1 << rest)])

    def _hashes(self, tile: Tile) -> list[bytes]:
        if tile not in self._seen:
            self._seen[tile] = self._fetched(tile)
        return self._seen[tile]

    def _fetched(self, tile: Tile) -> list[bytes]:
        try:
            return tile.hashes(self._fetch(tile))
        except TileMissing:
            # A log may drop a partial tile once it has the full one.
            if tile.width == TILE_WIDTH:
                raise
            full = Tile(tile.level, tile.index)
            return full.hashes(self._fetch(full))[: tile.width]
