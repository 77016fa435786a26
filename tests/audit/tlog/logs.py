"""A log in memory, as the ledger's tables hold it: leaf hashes and full tiles."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from audit.tlog.checkpoints import Checkpoint, sign_checkpoint
from audit.tlog.growing import GrowingTree
from audit.tlog.merkle import HASH_BYTES, leaf_hash
from audit.tlog.notes import Note, Signer
from audit.tlog.serving import serve_tile
from audit.tlog.tiles import tiles_of


def leaves(count: int, label: str = "entry") -> list[bytes]:
    return [leaf_hash(f"{label} {number}".encode()) for number in range(count)]


@dataclass
class MemoryLog:
    """A `TileStore` that keeps what a sealer would store."""

    origin: str = "hospital.example/audit"
    leaf_data: bytearray = field(default_factory=bytearray)
    tiles: dict[tuple[int, int], bytes] = field(default_factory=dict)
    tree: GrowingTree = field(default_factory=GrowingTree)

    def append(self, hashes: Iterable[bytes]) -> "MemoryLog":
        hashes = list(hashes)
        for each in self.tree.append(hashes):
            assert (each.level, each.index) not in self.tiles
            self.tiles[each.level, each.index] = each.data
        self.leaf_data += b"".join(hashes)
        return self

    def leaf_hashes(self, start: int, stop: int) -> bytes:
        return bytes(self.leaf_data[start * HASH_BYTES : stop * HASH_BYTES])

    def full_tiles(self, level: int, start: int, stop: int) -> Sequence[bytes]:
        return [self.tiles[level, each] for each in range(start, stop) if (level, each) in self.tiles]

    def signed(self, *signers: Signer) -> Note:
        return sign_checkpoint(Checkpoint(self.origin, self.tree.size, self.tree.root()), *signers)

    def publish(self, folder: Path, *signers: Signer) -> None:
        """Write the files that an address or a folder of this log serves."""
        for tile in tiles_of(self.tree.size):
            path = folder / tile.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(serve_tile(self, tile, self.tree.size))
        (folder / "checkpoint").write_text(str(self.signed(*signers)))
