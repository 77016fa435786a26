"""The tree has the roots that pymerkle, which is independent of ours, gives it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from audit.domain import Event, Outcome
from audit.ledger.models import Entry
from audit.ledger.sealer import Sealer, leaf_of
from audit.ledger.store import newest_checkpoint
from audit.services import append_all
from audit.tlog.growing import GrowingTree
from audit.tlog.merkle import leaf_hash


def root_of(entries: list[bytes]) -> bytes:
    tree = InmemoryTree(algorithm="sha256")
    for each in entries:
        tree.append_entry(each)
    return bytes(tree.get_root())


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=300))
def test_roots_are_pymerkles(entries: list[bytes]) -> None:
    tree = GrowingTree()
    tree.append(map(leaf_hash, entries))
    assert tree.root() == root_of(entries)


@pytest.mark.django_db
def test_the_ledgers_checkpoint_is_over_its_entries() -> None:
    append_all(
        [
            Event(action="ask", outcome=Outcome.SUCCESS, actor="alma", role="clinician", patient_id=f"p-{n}")
            for n in range(5)
        ]
    )
    Sealer().seal()
    newest = newest_checkpoint()
    assert newest is not None
    assert bytes(newest.root) == root_of(
        [leaf_of(entry).preimage() for entry in Entry.objects.order_by("id")]
    )
