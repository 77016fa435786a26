"""The tree is that of RFC 9162, and its right edge is all that it takes to grow."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.tlog.errors import HashInvalid
from audit.tlog.merkle import (
    EMPTY_ROOT,
    RightEdge,
    complete_root,
    leaf_hash,
    merkle_root,
    node_hash,
    subtrees,
)
from tests.audit.tlog.logs import leaves
from tests.audit.tlog.vectors import LEAVES, ROOTS


def root_by_definition(hashes: list[bytes]) -> bytes:
    """RFC 9162, section 2.1.1, word by word."""
    if not hashes:
        return hashlib.sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return hashlib.sha256(
        b"\x01" + root_by_definition(hashes[:split]) + root_by_definition(hashes[split:])
    ).digest()


def test_leaves_and_nodes_are_hashed_as_the_reference_does() -> None:
    assert leaf_hash(b"L123456").hex() == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    assert (
        node_hash(b"N123", b"N456").hex()
        == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"
    )
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_reference(size: int) -> None:
    assert merkle_root(map(leaf_hash, LEAVES[:size])) == ROOTS[size - 1]


@given(st.integers(min_value=0, max_value=600))
def test_the_edge_gives_the_root_of_the_definition(size: int) -> None:
    assert merkle_root(leaves(size)) == root_by_definition(leaves(size))


@given(st.integers(min_value=0, max_value=300), st.integers(min_value=0, max_value=300))
def test_a_restored_edge_goes_on_as_if_nothing_had_happened(before: int, after: int) -> None:
    hashes = leaves(before + after)
    edge = RightEdge()
    for each in hashes[:before]:
        edge.append(each)
    restored = RightEdge.restore(edge.size, edge.hashes)
    for each in hashes[before:]:
        restored.append(each)
    assert restored.root() == merkle_root(hashes)
    assert len(restored.hashes) == len(subtrees(restored.size))


def test_an_edge_cannot_be_restored_with_too_few_or_wrong_hashes() -> None:
    with pytest.raises(HashInvalid, match="cannot have 1"):
        RightEdge.restore(3, leaves(1))
    with pytest.raises(HashInvalid, match="32 bytes"):
        RightEdge.restore(1, [b"short"])
    with pytest.raises(HashInvalid):
        RightEdge.restore(-1, leaves(1))
    with pytest.raises(HashInvalid, match="32 bytes"):
        RightEdge().append(b"short")


def test_only_a_complete_subtree_has_a_root_of_its_own() -> None:
    assert complete_root(leaves(8)) == merkle_root(leaves(8))
    for count in (0, 3, 6):
        with pytest.raises(HashInvalid):
            complete_root(leaves(count))
