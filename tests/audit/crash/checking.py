"""Seals what is left, then checks the whole ledger by other ways than those that wrote it; prints what it holds.

python -m tests.audit.crash.checking
"""

import hashlib
import hmac
import json
from collections import defaultdict
from typing import TYPE_CHECKING

from tests.audit.crash.processes import main, tell

if TYPE_CHECKING:
    from audit.models import Entry


def check() -> None:
    from audit.ledger.reading import opened
    from audit.models import Entry, Seal
    from tests.audit.ledger.sealed import sealed

    sealed()
    entries = list(Entry.objects.order_by("id"))
    check_numbers_and_macs(entries)
    check_tree(entries)
    is_event = [entry for entry in entries if entry.outcome is not None]
    assert [each.entry for each in opened(is_event)] == is_event
    assert not any(each.is_shredded for each in opened(is_event))
    order = {seal.event_id: seal.seq for seal in Seal.objects.all()}
    tell(
        json.dumps(
            [
                {"id": str(each.event_id), "writer": str(each.writer_id), "key": each.key_id}
                for each in sorted(entries, key=lambda entry: order[entry.event_id])
            ]
        )
    )


def check_numbers_and_macs(entries: "list[Entry]") -> None:
    from audit.keys.officer import open_with_officer_key, read_officer_private_key
    from audit.ledger.sealer import leaf_of
    from audit.ledger.setup import officer_passphrase_file, officer_private_file
    from audit.models import Writer

    private = read_officer_private_key(officer_private_file(), officer_passphrase_file().read_text().strip())
    of_writer = defaultdict(list)
    for entry in entries:
        of_writer[entry.writer_id].append(entry)
    for writer_id, own in of_writer.items():
        own.sort(key=lambda entry: entry.writer_seq)
        assert [entry.writer_seq for entry in own] == list(range(len(own)))
        box = Writer.objects.get(writer_id=writer_id).officer_box
        key = open_with_officer_key(private, bytes(box), writer_id.bytes)
        for entry in own:
            assert hmac.digest(key, leaf_of(entry).preimage(), "sha256") == bytes(entry.mac)
            key = hashlib.sha256(b"tacit/ratchet/1" + key).digest()


def check_tree(entries: "list[Entry]") -> None:
    from audit.ledger.sealer import leaf_of
    from audit.ledger.setup import checkpoint_verifier
    from audit.models import Checkpoint, Seal, Tile, Unsealed
    from audit.tlog.checkpoints import open_checkpoint
    from audit.tlog.merkle import leaf_hash, merkle_root

    seals = list(Seal.objects.order_by("seq"))
    assert [seal.seq for seal in seals] == list(range(len(entries)))
    assert not Unsealed.objects.exists()
    leaf_of_id = {entry.event_id: leaf_hash(leaf_of(entry).preimage()) for entry in entries}
    assert len({seal.event_id for seal in seals}) == len(entries)
    hashes = [leaf_of_id[seal.event_id] for seal in seals]
    key = checkpoint_verifier()
    for row in Checkpoint.objects.all():
        signed, _ = open_checkpoint(row.note.encode(), origin=key.name, log_keys=[key])
        assert (signed.size, signed.root) == (row.size, bytes(row.root))
        assert signed.root == merkle_root(hashes[: row.size])
    assert Checkpoint.objects.latest("size").size == len(entries)
    for tile in Tile.objects.filter(level=0):
        assert bytes(tile.data) == b"".join(hashes[tile.index * 256 : (tile.index + 1) * 256])


if __name__ == "__main__":
    main(check)
