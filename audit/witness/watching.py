"""Whether a checkpoint follows from the one before, judged from tiles alone."""

from audit.tlog.checkpoints import Checkpoint
from audit.tlog.errors import ConsistencyInvalid, TileInvalid, TileMissing
from audit.tlog.merkle import EMPTY_ROOT
from audit.tlog.proofs import consistency_proof, tree_root, verify_consistency
from audit.tlog.reading import TileFetch, TileReader
from audit.witness.errors import Forked, RolledBack, SourceUnavailable, TilesContradict

NOTHING_YET = (0, EMPTY_ROOT)


def check_follows(held: tuple[int, bytes], offered: Checkpoint, fetch: TileFetch) -> None:
    """Check that the offered tree begins with the held one (size and root), and that its tiles lead to its root.

    Raises: RolledBack, Forked, TilesContradict; SourceUnavailable where hashes are missing, and from the fetch.
    """
    size, root = held
    if offered.size < size:
        raise RolledBack(
            f"The log has {offered.size} entries and had {size}: the last {size - offered.size} are gone. Its database "
            "was rolled back or cut off, or an old copy of it is served."
        )
    if offered.size == size:
        if offered.root != root:
            raise Forked(
                f"The log signed two different trees of {size} entries: entries that were there were changed."
            )
        return
    try:
        _check_begins_with(size, root, offered, TileReader(fetch, offered.size))
    except TileMissing as error:
        raise SourceUnavailable(
            f"The log signed {offered.size} entries and does not show their hashes: {error}"
        ) from error
    except TileInvalid as error:
        raise TilesContradict(
            f"The log signed {offered.size} entries, and their hashes are no tiles: {error}."
        ) from error


def _check_begins_with(size: int, root: bytes, offered: Checkpoint, reader: TileReader) -> None:
    prefix_root = tree_root(reader, size)
    proof = consistency_proof(reader, size, offered.size)
    try:
        if not size and tree_root(reader, offered.size) != offered.root:
            raise ConsistencyInvalid("The tiles have another root")
        # The root that the tiles give at the old size, not the one that is held: if this holds, the tiles are those
        # of the signed tree, and a root that differs from the held one is the log's own doing.
        verify_consistency(size, prefix_root, offered.size, offered.root, proof)
    except ConsistencyInvalid as error:
        raise TilesContradict(
            f"The hashes that the log serves do not lead to the root that it signed for {offered.size} entries: the "
            "stored hashes are damaged, or were changed after signing."
        ) from error
    if prefix_root != root:
        raise Forked(
            f"The tree of {offered.size} entries does not begin with the {size} entries that were there: entries were "
            "changed, removed or put in.",
            prefix_root=prefix_root,
            proof=tuple(proof),
        )
