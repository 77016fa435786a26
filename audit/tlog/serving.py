"""Serves tiles from what the ledger stores: leaf hashes, and full tiles."""

from collections.abc import Sequence
from typing import Protocol

from audit.tlog.errors import TileMissing
from audit.tlog.merkle import HASH_BYTES
from audit.tlog.reading import TileReader
from audit.tlog.tiles import TILE_WIDTH, Tile, level_width, tile_root


class TileStore(Protocol):
    """Where the hashes lie."""

    def leaf_hashes(self, start: int, stop: int) -> bytes:
        """Return the leaf hashes from start to stop, joined."""

    def full_tiles(self, level: int, start: int, stop: int) -> Sequence[bytes]:
        """Return the full tiles of a level from index start to stop, 8,192 bytes each."""


def serve_path(store: TileStore, path: str, size: int) -> bytes:
    """Return the data of the tile with this path, as of the tree of `size` leaves: the newest signed checkpoint's.

    Raises: TileInvalid where the path names no tile, TileMissing where that tree does not have it.
    """
    return serve_tile(store, Tile.from_path(path), size)


def serve_tile(store: TileStore, tile: Tile, size: int) -> bytes:
    """Return the tile's data. Partial tiles of earlier checkpoints are served as well.

    Raises: TileMissing where the tree of `size` leaves does not have it, or the store has lost it.
    """
    first = tile.index * TILE_WIDTH
    if first + tile.width > level_width(tile.level, size):
        raise TileMissing(f"{tile.path} is not in the tree of {size} leaves")
    data = _data(store, tile, first)
    if len(data) != tile.width * HASH_BYTES:
        raise TileMissing(f"{tile.path} is in the tree, and the store does not hold it whole")
    return data


def store_reader(store: TileStore, size: int) -> TileReader:
    """Return a reader of the stored tree's hashes, for proofs and for restoring its right edge."""
    return TileReader(lambda tile: serve_tile(store, tile, size), size)


def _data(store: TileStore, tile: Tile, first: int) -> bytes:
    if tile.width == TILE_WIDTH:
        return b"".join(store.full_tiles(tile.level, tile.index, tile.index + 1))
    if tile.level == 0:
        return store.leaf_hashes(first, first + tile.width)
    below = store.full_tiles(tile.level - 1, first, first + tile.width)
    return b"".join(tile_root(each) for each in below)
