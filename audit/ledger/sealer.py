"""Puts entries into the tree: gives each its place, stores full tiles, signs a checkpoint.

One process at a time has the lease. Should two seal all the same, the first place that both give away lets only one
of them commit, so no entry is sealed twice. An entry leaves the queue in the transaction that seals it.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connections, transaction
from django.utils import timezone

from audit.errors import SealerBusy
from audit.ledger.durability import flush
from audit.ledger.encoding import Leaf
from audit.ledger.lease import SEALER, is_gone, own_name
from audit.ledger.models import Checkpoint, Entry, Lease, Seal, Tile, Unsealed
from audit.ledger.setup import checkpoint_signer
from audit.ledger.store import DatabaseTiles, newest_checkpoint
from audit.tlog.checkpoints import Checkpoint as SignedTree
from audit.tlog.checkpoints import sign_checkpoint
from audit.tlog.growing import GrowingTree
from audit.tlog.merkle import leaf_hash

BATCH = 500
LEASE_SECONDS = 10

logger = logging.getLogger(__name__)


class Sealer:
    """Seals batch after batch, keeping the tree's right edge in memory between them."""

    def __init__(self) -> None:
        self._holder = own_name()
        self._tree: GrowingTree | None = None

    def seal(self) -> int:
        """Seal up to one batch; return how many entries it had. Raises: SealerBusy, DatabaseError."""
        # Read and hashed before the transaction, in which SQLite lets nobody else write. Where another process seals
        # them meanwhile, the places that both would give are refused.
        leaves = [(entry.event_id, leaf_hash(leaf_of(entry).preimage())) for entry in _waiting()]
        try:
            with transaction.atomic():
                self._take_lease()
                if leaves:
                    self._grow(leaves)
        except IntegrityError as error:
            self._tree = None
            raise SealerBusy("Another process sealed at the same time") from error
        except BaseException:
            self._tree = None  # it may have grown by what was rolled back
            raise
        if leaves:
            flush(connections[DEFAULT_DB_ALIAS])
        return len(leaves)

    def release(self) -> None:
        """Let another process take over at once."""
        Lease.objects.filter(name=SEALER, holder=self._holder).delete()

    def _take_lease(self) -> None:
        now = timezone.now()
        Lease.objects.get_or_create(name=SEALER, defaults={"holder": self._holder, "expires_at": now})
        lease = Lease.objects.select_for_update().get(name=SEALER)
        if lease.holder != self._holder and lease.expires_at > now and not is_gone(lease.holder):
            raise SealerBusy("Another process seals")
        if lease.holder != self._holder:
            self._tree = None
        lease.holder, lease.expires_at = self._holder, now + timedelta(seconds=LEASE_SECONDS)
        lease.save()

    def _grow(self, leaves: Sequence[tuple[UUID, bytes]]) -> None:
        tree = self._tree = self._current_tree()
        first = tree.size
        tiles = tree.append(each for _, each in leaves)
        Seal.objects.bulk_create(
            Seal(seq=seq, event_id=event_id, leaf_hash=each)
            for seq, (event_id, each) in enumerate(leaves, start=first)
        )
        Tile.objects.bulk_create(Tile(level=each.level, index=each.index, data=each.data) for each in tiles)
        _sign(tree)
        Unsealed.objects.filter(event_id__in=[event_id for event_id, _ in leaves]).delete()

    def _current_tree(self) -> GrowingTree:
        newest = newest_checkpoint()
        size = newest.size if newest else 0
        if self._tree is None or self._tree.size != size:
            return GrowingTree.restore(DatabaseTiles(), size)
        return self._tree


def leaf_of(entry: Entry) -> Leaf:
    """Return the entry as a leaf."""
    return Leaf(
        event_id=entry.event_id,
        writer_id=entry.writer_id,
        writer_seq=entry.writer_seq,
        header=bytes(entry.header),
        tokens=bytes(entry.tokens),
        commitment=bytes(entry.commitment),
        key_id=entry.key_id,
        nonce=bytes(entry.nonce),
        ciphertext=bytes(entry.ciphertext),
        subject=bytes(entry.subject),
    )


def _waiting() -> list[Entry]:
    """Return the entries to seal in the order of the queue, which is each writer's own order."""
    queue = list(Unsealed.objects.order_by("id").values_list("event_id", flat=True)[:BATCH])
    entries = Entry.objects.in_bulk(queue, field_name="event_id")
    return [entries[event_id] for event_id in queue if event_id in entries]


def _sign(tree: GrowingTree) -> None:
    signed = SignedTree(settings.TACIT_AUDIT_ORIGIN, tree.size, tree.root())
    note = sign_checkpoint(signed, checkpoint_signer())
    Checkpoint.objects.create(size=tree.size, root=signed.root, note=str(note), created_at=timezone.now())
