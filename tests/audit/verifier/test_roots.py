"""Roots and proofs of the ledger are those of an implementation that is not ours (tlog-scales, Apache-2.0)."""

import json
from pathlib import Path

import pytest
from tlog_scales import tlog as other

from audit.export.tree_lines import subtree_lines
from audit.ledger.models import Checkpoint, Seal
from audit.ledger.store import DatabaseTiles
from audit.tlog.proofs import consistency_proof, inclusion_proof
from audit.tlog.serving import store_reader
from audit.verifier import Tree
from tests.audit.attacks.ledgers import record
from tests.audit.verifier.packages import export, lines, verify

pytestmark = pytest.mark.usefixtures("ledger")


def test_every_entry_is_in_the_tree_of_the_newest_checkpoint(tmp_path: Path) -> None:
    record(263)
    newest = Checkpoint.objects.latest("size")
    reader = store_reader(DatabaseTiles(), newest.size)
    package = export(tmp_path / "package", formats=())
    for line in lines(package, "leaves.jsonl"):
        proof = inclusion_proof(reader, line["seq"], newest.size)
        other.InclusionProof(line["seq"], newest.size, proof).check(
            bytes.fromhex(line["leaf"]), bytes(newest.root)
        )
    assert verify(package).root == bytes(newest.root).hex()


def test_every_checkpoint_goes_on_in_the_next() -> None:
    for count in (1, 5, 250, 9):
        record(count)
    checkpoints = list(Checkpoint.objects.order_by("size"))
    reader = store_reader(DatabaseTiles(), checkpoints[-1].size)
    for older, newer in zip(checkpoints, checkpoints[1:], strict=False):
        proof = consistency_proof(reader, older.size, newer.size)
        other.ConsistencyProof(older.size, newer.size, proof).check(bytes(older.root), bytes(newer.root))


@pytest.mark.parametrize(("start", "stop"), [(0, 5), (5, 6), (3, 17), (100, 200), (255, 257), (261, 263)])
def test_a_tree_of_leaves_and_subtrees_has_the_root_of_its_leaves(start: int, stop: int) -> None:
    """As a package of some dates has it: leaves in the range, hashes of subtrees beside it."""
    record(263)
    reader = store_reader(DatabaseTiles(), 263)
    tree = Tree([10, 40])
    for seq, (begin, end) in enumerate(((0, start), (start, stop), (stop, 263))):
        if seq == 1:
            for leaf in Seal.objects.filter(seq__gte=begin, seq__lt=end).order_by("seq"):
                tree.add(bytes(leaf.leaf_hash))
            continue
        for line in map(json.loads, subtree_lines(reader, begin, end, [10, 40])):
            assert line["seq"] == tree.size
            tree.add(bytes.fromhex(line["hash"]), line["level"])
    assert tree.root() == bytes(Checkpoint.objects.get(size=263).root)
    assert set(tree.roots) == {10, 40}
