"""Proofs convince where they should, and nothing else does."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tlog_scales import tlog as other

from audit.tlog.errors import ConsistencyInvalid, InclusionInvalid
from audit.tlog.merkle import EMPTY_ROOT, complete_root, leaf_hash, merkle_root, node_hash
from audit.tlog.proofs import (
    consistency_proof,
    inclusion_proof,
    tree_root,
    verify_consistency,
    verify_inclusion,
)
from tests.audit.tlog.logs import leaves
from tests.audit.tlog.vectors import CONSISTENCY, INCLUSION, LEAVES, ROOTS

SIZES = st.integers(min_value=1, max_value=300)
SOME_HASH = bytes.fromhex("abacaba000000000000000000000000000000000000000000060061e00123456")


@dataclass(frozen=True)
class LeafReader:
    """Hashes straight from the leaves, with no tiles between."""

    hashes: Sequence[bytes]

    def subtree(self, level: int, index: int) -> bytes:
        return complete_root(self.hashes[index << level : (index + 1) << level])


VECTOR_READER = LeafReader([leaf_hash(each) for each in LEAVES])


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_inclusion_proofs_are_those_of_the_reference(index: int, size: int) -> None:
    proof = INCLUSION[index, size]
    assert inclusion_proof(VECTOR_READER, index, size) == proof
    verify_inclusion(leaf_hash(LEAVES[index]), index, size, proof, ROOTS[size - 1])


@pytest.mark.parametrize(("old", "new"), CONSISTENCY)
def test_consistency_proofs_are_those_of_the_reference(old: int, new: int) -> None:
    proof = CONSISTENCY[old, new]
    assert consistency_proof(VECTOR_READER, old, new) == proof
    verify_consistency(old, ROOTS[old - 1], new, ROOTS[new - 1], proof)


def test_the_proofs_of_the_rfc_have_the_nodes_that_it_names() -> None:
    """RFC 9162, section 2.1.5: the tree of seven leaves, its nodes a to l."""
    a, b, c, d, e, f, j = leaves(7)
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k, l = node_hash(g, h), node_hash(i, j)  # noqa: E741 - the RFC's name
    reader = LeafReader([a, b, c, d, e, f, j])
    assert inclusion_proof(reader, 0, 7) == [b, h, l]
    assert inclusion_proof(reader, 3, 7) == [c, g, l]
    assert inclusion_proof(reader, 4, 7) == [f, j, k]
    assert inclusion_proof(reader, 6, 7) == [i, k]
    assert consistency_proof(reader, 3, 7) == [c, d, g, l]
    assert consistency_proof(reader, 4, 7) == [l]
    assert consistency_proof(reader, 6, 7) == [i, j, k]


@given(st.data())
def test_every_leaf_is_proven_and_another_implementation_agrees(data: st.DataObject) -> None:
    size = data.draw(SIZES)
    index = data.draw(st.integers(min_value=0, max_value=size - 1))
    reader, root = LeafReader(leaves(size)), merkle_root(leaves(size))
    assert tree_root(reader, size) == root
    proof = inclusion_proof(reader, index, size)
    verify_inclusion(reader.hashes[index], index, size, proof, root)
    other.InclusionProof(index, size, proof).check(reader.hashes[index], root)


@given(st.data())
def test_every_prefix_is_proven_and_another_implementation_agrees(data: st.DataObject) -> None:
    new = data.draw(SIZES)
    old = data.draw(st.integers(min_value=0, max_value=new))
    reader = LeafReader(leaves(new))
    roots = tree_root(reader, old), tree_root(reader, new)
    proof = consistency_proof(reader, old, new)
    verify_consistency(old, roots[0], new, roots[1], proof)
    other.ConsistencyProof(old, new, proof).check(*roots)


def bent(proof: list[bytes], where: int, how: int) -> list[bytes]:
    """The proof with a bit changed, a hash removed, repeated, or two in the other order."""
    at = where % len(proof)
    changed = proof[at][:-1] + bytes([proof[at][-1] ^ 1 << where % 8])
    return [
        [*proof[:at], changed, *proof[at + 1 :]],
        [*proof[:at], *proof[at + 1 :]],
        [*proof[:at], proof[at], *proof[at:]],
        [*proof[:at], *proof[at + 1 : at + 2], proof[at], *proof[at + 2 :]],
        [*proof, proof[at]],
    ][how]


@given(st.data())
def test_a_bent_inclusion_proof_convinces_nobody(data: st.DataObject) -> None:
    size = data.draw(st.integers(min_value=2, max_value=300))
    index = data.draw(st.integers(min_value=0, max_value=size - 1))
    reader, root = LeafReader(leaves(size)), merkle_root(leaves(size))
    proof = inclusion_proof(reader, index, size)
    wrong = bent(proof, data.draw(st.integers(0, 63)), data.draw(st.integers(0, 4)))
    assume(wrong != proof)
    with pytest.raises(InclusionInvalid):
        verify_inclusion(reader.hashes[index], index, size, wrong, root)


@given(st.data())
def test_a_bent_consistency_proof_convinces_nobody(data: st.DataObject) -> None:
    new = data.draw(st.integers(min_value=2, max_value=300))
    old = data.draw(st.integers(min_value=1, max_value=new - 1))
    reader = LeafReader(leaves(new))
    proof = consistency_proof(reader, old, new)
    wrong = bent(proof, data.draw(st.integers(0, 63)), data.draw(st.integers(0, 4)))
    assume(wrong != proof)
    with pytest.raises(ConsistencyInvalid):
        verify_consistency(old, tree_root(reader, old), new, tree_root(reader, new), wrong)


@given(st.data())
def test_a_tree_with_one_other_entry_is_not_consistent(data: st.DataObject) -> None:
    new = data.draw(st.integers(min_value=2, max_value=200))
    old = data.draw(st.integers(min_value=1, max_value=new))
    changed = data.draw(st.integers(min_value=0, max_value=old - 1))
    honest, forged = leaves(new), leaves(new)
    forged[changed] = leaf_hash(b"another entry")
    reader = LeafReader(forged)
    with pytest.raises(ConsistencyInvalid):
        verify_consistency(
            old, merkle_root(honest[:old]), new, tree_root(reader, new), consistency_proof(reader, old, new)
        )


@pytest.mark.parametrize(("index", "size"), [key for key in INCLUSION if key != (0, 1)])
def test_a_proof_is_of_one_leaf_at_one_place_in_one_tree(index: int, size: int) -> None:
    leaf, proof, root = leaf_hash(LEAVES[index]), INCLUSION[index, size], ROOTS[size - 1]
    for probe in (
        (leaf, index - 1, size, proof, root),
        (leaf, index + 1, size, proof, root),
        (leaf, index ^ 2, size, proof, root),
        (leaf, index, size * 2, proof, root),
        (leaf, index, size // 2, proof, root),
        (b"WrongLeaf", index, size, proof, root),
        (leaf, index, size, proof, EMPTY_ROOT),
        (leaf, index, size, proof, SOME_HASH),
        (leaf, index, size, [*proof, b""], root),
        (leaf, index, size, [*proof, root], root),
        (leaf, index, size, [root, *proof], root),
    ):
        with pytest.raises(InclusionInvalid):
            verify_inclusion(*probe)


@pytest.mark.parametrize(("old", "new"), [key for key in CONSISTENCY if key != (1, 1)])
def test_a_proof_is_of_two_trees_and_no_others(old: int, new: int) -> None:
    proof, old_root, new_root = CONSISTENCY[old, new], ROOTS[old - 1], ROOTS[new - 1]
    for probe in (
        (old - 1, old_root, new, new_root, proof),
        (old + 1, old_root, new, new_root, proof),
        (old ^ 2, old_root, new, new_root, proof),
        (old, old_root, new * 2, new_root, proof),
        (old, old_root, new // 2, new_root, proof),
        (old, b"WrongRoot", new, new_root, proof),
        (old, old_root, new, b"WrongRoot", proof),
        (old, new_root, new, old_root, proof),
        (old, old_root, new, new_root, []),
        (old, old_root, new, new_root, [*proof, b""]),
        (old, old_root, new, new_root, [*proof, old_root]),
        (old, old_root, new, new_root, [new_root, *proof]),
        (old, old_root, new, new_root, [proof[0], *proof]),
    ):
        with pytest.raises(ConsistencyInvalid):
            verify_consistency(*probe)


def test_where_there_is_nothing_to_prove_nothing_else_is_accepted() -> None:
    verify_consistency(0, EMPTY_ROOT, 0, EMPTY_ROOT, [])
    verify_consistency(0, EMPTY_ROOT, 8, ROOTS[7], [])
    verify_consistency(8, ROOTS[7], 8, ROOTS[7], [])
    for probe in (
        (0, SOME_HASH, 8, ROOTS[7], []),
        (0, EMPTY_ROOT, 0, SOME_HASH, []),
        (8, ROOTS[7], 8, SOME_HASH, []),
        (0, EMPTY_ROOT, 8, ROOTS[7], [SOME_HASH]),
        (8, ROOTS[7], 8, ROOTS[7], [SOME_HASH]),
        (8, ROOTS[7], 7, ROOTS[6], []),
        (-1, EMPTY_ROOT, 7, ROOTS[6], []),
    ):
        with pytest.raises(ConsistencyInvalid):
            verify_consistency(*probe)


def test_there_is_no_proof_of_what_the_tree_does_not_have() -> None:
    for index in (-1, 8):
        with pytest.raises(InclusionInvalid, match="no leaf"):
            inclusion_proof(VECTOR_READER, index, 8)
    with pytest.raises(ConsistencyInvalid, match="cannot begin"):
        consistency_proof(VECTOR_READER, 9, 8)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 0), (1, 1), (2, 1), (-1, 1)])
def test_a_leaf_outside_the_tree_is_never_in_it(index: int, size: int) -> None:
    with pytest.raises(InclusionInvalid):
        verify_inclusion(SOME_HASH, index, size, [], SOME_HASH)


def test_bytes_cannot_be_moved_from_the_proof_into_the_leaf() -> None:
    """The hash of a node is over both children in a row, so their lengths must be checked."""
    left, right = leaves(2)
    root = node_hash(left, right)
    verify_inclusion(left, 0, 2, [right], root)
    with pytest.raises(InclusionInvalid):
        verify_inclusion(left + right[:1], 0, 2, [right[1:]], root)
    old = left + right[:1]
    with pytest.raises(ConsistencyInvalid):
        verify_consistency(1, old, 2, root, [right[1:]])
