"""Where an entry stands in the tree, proved against the first checkpoint over it."""

from uuid import UUID

from audit.domain import LedgerPlace
from audit.ledger.models import Checkpoint, Entry, Seal
from audit.ledger.sealer import leaf_of
from audit.ledger.store import DatabaseTiles
from audit.tlog.merkle import leaf_hash
from audit.tlog.proofs import inclusion_proof, verify_inclusion
from audit.tlog.serving import store_reader


def place_of(event_id: UUID) -> LedgerPlace | None:
    """Return the entry's place; None before it is sealed.

    Raises: InclusionInvalid where the entry, as it stands, is not in the checkpoint's tree. The checkpoint's signature
    is not looked at: `manage.py audit verify` does.
    """
    seal = Seal.objects.filter(event_id=event_id).first()
    if seal is None:
        return None
    checkpoint = Checkpoint.objects.filter(size__gt=seal.seq).order_by("size")[0]
    size, root = checkpoint.size, bytes(checkpoint.root)
    reader = store_reader(DatabaseTiles(), size)
    leaf = leaf_hash(leaf_of(Entry.objects.get(event_id=event_id)).preimage())
    verify_inclusion(leaf, seal.seq, size, inclusion_proof(reader, seal.seq, size), root)
    return LedgerPlace(
        position=seal.seq,
        checkpoint_size=size,
        checkpoint_root=root.hex(),
        checkpoint_at=checkpoint.created_at,
    )
