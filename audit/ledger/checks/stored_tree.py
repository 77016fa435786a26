"""The tree as it is stored, computed again: every tile, and every checkpoint at its size."""

from collections.abc import Iterator, Sequence

from audit.ledger.models import Checkpoint, Seal, Tile
from audit.tlog.growing import FullTile, GrowingTree
from audit.verifier import Code, LogKey, SignedTree, Tree, VerificationFailed, open_checkpoint

HASH_BYTES = 32
PAGE = 500


class StoredTree:
    """Grows with the seals; whatever was stored about it on the way must be true."""

    def __init__(self, keys: Sequence[LogKey], origin: str, watched: Sequence[int]) -> None:
        self.tree = Tree(watched)
        self.signed: SignedTree | None = None
        self.checkpoints = 0
        self._keys = keys
        self._origin = origin
        self._tiles = GrowingTree()
        self._waiting: Iterator[Checkpoint] = iter(())
        self._next: Checkpoint | None = None

    def expect(self, size: int) -> None:
        """Make ready to grow to a size that a checkpoint has."""
        self._waiting = _checkpoints(self.tree.size or None, size)
        self._next = next(self._waiting, None)

    def add(self, seal: Seal) -> None:
        """Take the next seal. Raises: VerificationFailed."""
        if seal.seq != self.tree.size:
            raise VerificationFailed(Code.ENTRY_MISSING, f"The seal {self.tree.size} is missing")
        digest = bytes(seal.leaf_hash)
        if len(digest) != HASH_BYTES:
            raise VerificationFailed(Code.LEAF_MISMATCH, f"The seal {seal.seq} holds no hash")
        self.tree.add(digest)
        for tile in self._tiles.append([digest]):
            _check_tile(tile)
        while self._next and self._next.size <= self.tree.size:
            self._check_checkpoint(self._next)
            self._next = next(self._waiting, None)

    def check_size(self, size: int) -> SignedTree:
        """Return the checkpoint of the whole tree, which has this size. Raises: VerificationFailed."""
        if self.tree.size == 0:
            raise VerificationFailed(Code.SEALS_STRIPPED, "There is a checkpoint, and no seal")
        if self.signed is None or self.tree.size != size:
            raise VerificationFailed(
                Code.TRUNCATED, f"The record ends after {self.tree.size} of {size} entries"
            )
        return self.signed

    def _check_checkpoint(self, row: Checkpoint) -> None:
        signed = open_checkpoint(row.note.encode(), self._keys)
        if signed.origin != self._origin:
            raise VerificationFailed(Code.TENANT_MISMATCH, f"The checkpoint {row.size} is another ledger's")
        if signed.size == 0:
            raise VerificationFailed(Code.EMPTY_TREE, "A checkpoint of no entries proves nothing")
        if (signed.size, signed.root) != (row.size, bytes(row.root)):
            raise VerificationFailed(
                Code.INDEX_MISMATCH, f"The checkpoint {row.size} says other than its note"
            )
        if signed.size != self.tree.size or signed.root != self.tree.root():
            raise VerificationFailed(
                Code.INCLUSION_INVALID, f"The first {row.size} seals are not those of the signed tree"
            )
        self.signed = signed
        self.checkpoints += 1


def _checkpoints(after: int | None, size: int) -> Iterator[Checkpoint]:
    """Yield the checkpoints up to a size; the first time also those of sizes that no tree has."""
    rows = Checkpoint.objects.filter(size__lte=size).order_by("size")
    while page := list((rows if after is None else rows.filter(size__gt=after))[:PAGE]):
        yield from page
        after = page[-1].size


def _check_tile(tile: FullTile) -> None:
    stored = Tile.objects.filter(level=tile.level, index=tile.index).values_list("data", flat=True).first()
    data = bytes(stored or b"")
    if data == tile.data:
        return
    code = Code.ORDER_CHANGED if _sorted(data) == _sorted(tile.data) else Code.INCLUSION_INVALID
    raise VerificationFailed(code, f"The tile {tile.level}/{tile.index} is not that of the seals")


def _sorted(data: bytes) -> list[bytes]:
    return sorted(data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES))
