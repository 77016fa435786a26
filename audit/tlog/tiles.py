"""Tiles: 256 neighbouring hashes of every eighth level of the tree, each under a path of its own.

Source: C2SP tlog-tiles, "Merkle Tree". Entry bundles are not served: the entries are not public.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from audit.tlog.errors import TileInvalid
from audit.tlog.merkle import HASH_BYTES, complete_root

TILE_LEVELS = 8
TILE_WIDTH = 1 << TILE_LEVELS
TILE_BYTES = TILE_WIDTH * HASH_BYTES
_MAX_LEVEL = 63
# The leaves of a tree are counted in 63 bits, so 21 digits (seven groups) are more than any index has.
_PATH = re.compile(
    r"tile/(?P<level>0|[1-9][0-9]?)/(?P<index>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?",
    re.ASCII,
)


@dataclass(frozen=True)
class Tile:
    """Which tile: its level, its index on the level, and how many hashes wide it is (256 where it is full)."""

    level: int
    index: int
    width: int = TILE_WIDTH

    def __post_init__(self) -> None:
        """Raise TileInvalid for a tile that no log has."""
        if not (0 <= self.level <= _MAX_LEVEL and self.index >= 0 and 1 <= self.width <= TILE_WIDTH):
            raise TileInvalid(f"No log has a tile {self.level}/{self.index} of width {self.width}")

    @property
    def path(self) -> str:
        """The path: "tile/<level>/<index>", with ".p/<width>" for a partial tile."""
        digits = str(self.index)
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        index = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        return f"tile/{self.level}/{index}" + (f".p/{self.width}" if self.width < TILE_WIDTH else "")

    @classmethod
    def from_path(cls, path: str) -> Self:
        """Return the tile of this path. Raises: TileInvalid; each tile has one path and no other."""
        match = _PATH.fullmatch(path)
        if match is None:
            raise TileInvalid("Not the path of a tile: it looks like tile/0/x001/234 or tile/0/x001/234.p/17")
        index = int(match["index"].replace("x", "").replace("/", ""))
        tile = cls(int(match["level"]), index, int(match["width"] or TILE_WIDTH))
        if tile.path != path:
            raise TileInvalid("Not the path of a tile: it has leading zeroes, or the width of a full tile")
        return tile

    def hashes(self, data: bytes) -> list[bytes]:
        """Return the tile's data as hashes. Raises: TileInvalid where it is not as long as the tile is wide."""
        if len(data) != self.width * HASH_BYTES:
            raise TileInvalid(f"{self.path} has {self.width * HASH_BYTES} bytes, not {len(data)}")
        return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


def level_width(level: int, size: int) -> int:
    """Return how many hashes the tiles of a level hold together, in a tree of `size` leaves."""
    return size >> TILE_LEVELS * level


def tile_at(level: int, index: int, size: int) -> Tile:
    """Return the tile as a tree of `size` leaves has it: full, or partial. Raises: TileInvalid where it has none."""
    return Tile(level, index, min(level_width(level, size) - index * TILE_WIDTH, TILE_WIDTH))


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield every tile of a tree of `size` leaves."""
    level = 0
    while width := level_width(level, size):
        yield from (tile_at(level, index, size) for index in range(-(-width // TILE_WIDTH)))
        level += 1


def tile_root(data: bytes) -> bytes:
    """Return the hash of a full tile on the level above. Raises: TileInvalid."""
    return complete_root(Tile(0, 0).hashes(data))
