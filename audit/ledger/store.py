"""The tree as it lies in the database: leaf hashes in the seals, full tiles in a table of their own."""

from collections.abc import Sequence

from audit.ledger.models import Checkpoint, Seal, Tile


class DatabaseTiles:
    """A `TileStore` over the ledger's tables."""

    def leaf_hashes(self, start: int, stop: int) -> bytes:
        """Return the leaf hashes from start to stop, joined."""
        rows = Seal.objects.filter(seq__gte=start, seq__lt=stop).order_by("seq")
        return b"".join(bytes(each) for each in rows.values_list("leaf_hash", flat=True))

    def full_tiles(self, level: int, start: int, stop: int) -> Sequence[bytes]:
        """Return the full tiles of a level from index start to stop."""
        rows = Tile.objects.filter(level=level, index__gte=start, index__lt=stop).order_by("index")
        return [bytes(each) for each in rows.values_list("data", flat=True)]


def newest_checkpoint() -> Checkpoint | None:
    """Return the checkpoint of the whole tree; None before the first seal."""
    return Checkpoint.objects.order_by("-size").first()
