"""Proofs, made from any source of hashes, and their verification.

Source: RFC 9162, sections 2.1.3 (inclusion) and 2.1.4 (consistency).
"""

from collections.abc import Sequence
from typing import Protocol

from audit.tlog.errors import ConsistencyInvalid, InclusionInvalid
from audit.tlog.merkle import EMPTY_ROOT, HASH_BYTES, node_hash


class HashReader(Protocol):
    """Where a tree's hashes are read."""

    def subtree(self, level: int, index: int) -> bytes:
        """Return the hash over the 2**level leaves from index * 2**level on."""


def tree_root(reader: HashReader, size: int) -> bytes:
    """Return the root of the tree of the first `size` leaves."""
    return _range_hash(reader, 0, size) if size else EMPTY_ROOT


def inclusion_proof(reader: HashReader, index: int, size: int) -> list[bytes]:
    """Return the hashes that lead from leaf `index` to the root of the tree of the first `size` leaves.

    Raises: InclusionInvalid where the tree has no such leaf. Source: RFC 9162, section 2.1.3.1.
    """
    if not 0 <= index < size:
        raise InclusionInvalid(f"A tree of {size} leaves has no leaf {index}")
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range_hash(reader, middle, end))
            end = middle
        else:
            path.append(_range_hash(reader, start, middle))
            start = middle
    return path[::-1]


def consistency_proof(reader: HashReader, old_size: int, new_size: int) -> list[bytes]:
    """Return the hashes that show the first tree to be the beginning of the second; none where there is nothing to show.

    Raises: ConsistencyInvalid where the first is the larger. Source: RFC 9162, section 2.1.4.1.
    """
    if not 0 <= old_size <= new_size:
        raise ConsistencyInvalid(f"A tree of {new_size} leaves cannot begin with one of {old_size}")
    if old_size in (0, new_size):
        return []
    proof, start, end = [], 0, new_size
    while end != old_size:
        middle = start + _split(end - start)
        if old_size <= middle:
            proof.append(_range_hash(reader, middle, end))
            end = middle
        else:
            proof.append(_range_hash(reader, start, middle))
            start = middle
    if start:  # otherwise the verifier holds this hash: it is the old root
        proof.append(_range_hash(reader, start, end))
    return proof[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Verify that the leaf with this hash stands at `index` in the tree of this size and root.

    Raises: InclusionInvalid. Source: RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size or not _are_hashes(leaf, root, *proof):
        raise InclusionInvalid(f"Not a proof about leaf {index} of a tree of {size} leaves")
    position, last, computed = index, size - 1, leaf
    for each in proof:
        if not last:
            raise InclusionInvalid("The proof is too long")
        if position & 1 or position == last:
            computed = node_hash(each, computed)
            position, last = _up_to_left_turn(position, last)
        else:
            computed = node_hash(computed, each)
        position, last = position >> 1, last >> 1
    if last or computed != root:
        raise InclusionInvalid(f"The leaf is not at {index} in the tree of {size} leaves with this root")


def verify_consistency(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Verify that the tree of `old_size` leaves is the beginning of the tree of `new_size` leaves.

    Raises: ConsistencyInvalid. Source: RFC 9162, section 2.1.4.2.
    """
    if not 0 <= old_size <= new_size or not _are_hashes(old_root, new_root, *proof):
        raise ConsistencyInvalid(f"Not a proof about trees of {old_size} and {new_size} leaves")
    if old_size in (0, new_size):
        _verify_without_proof(old_size, old_root, new_size, new_root, proof)
        return
    path = [old_root, *proof] if old_size.bit_count() == 1 else list(proof)
    if not path or not proof:
        raise ConsistencyInvalid("The proof is empty")
    if _roots_of_path(path, old_size, new_size) != (old_root, new_root):
        raise ConsistencyInvalid(
            f"The tree of {old_size} leaves with this root is not the beginning of the tree of {new_size} leaves"
        )


def _verify_without_proof(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Verify the cases that the RFC leaves out: the empty tree begins every tree, and each tree begins itself."""
    if proof:
        raise ConsistencyInvalid("There is nothing to prove here, and a proof all the same")
    if old_size == 0 and old_root != EMPTY_ROOT:
        raise ConsistencyInvalid("The empty tree has another root")
    if old_size == new_size and old_root != new_root:
        raise ConsistencyInvalid(f"Two trees of {new_size} leaves have different roots")


def _roots_of_path(path: Sequence[bytes], old_size: int, new_size: int) -> tuple[bytes, bytes]:
    """Return the roots of the smaller and the larger tree that the path leads to."""
    position, last = old_size - 1, new_size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for each in path[1:]:
        if not last:
            raise ConsistencyInvalid("The proof is too long")
        if position & 1 or position == last:
            old, new = node_hash(each, old), node_hash(each, new)
            position, last = _up_to_left_turn(position, last)
        else:
            new = node_hash(new, each)
        position, last = position >> 1, last >> 1
    if last:
        raise ConsistencyInvalid("The proof is too short")
    return old, new


def _up_to_left_turn(position: int, last: int) -> tuple[int, int]:
    """Skip the levels at which the path has no sibling, since the tree ends there."""
    while position and not position & 1:
        position, last = position >> 1, last >> 1
    return position, last


def _range_hash(reader: HashReader, start: int, end: int) -> bytes:
    """Return the hash over the leaves from start to end, which must be a node of the tree."""
    size = end - start
    if size.bit_count() == 1:
        level = size.bit_length() - 1
        return reader.subtree(level, start >> level)
    middle = start + _split(size)
    return node_hash(_range_hash(reader, start, middle), _range_hash(reader, middle, end))


def _split(size: int) -> int:
    """Return the largest power of two below size."""
    return 1 << (size - 1).bit_length() - 1


def _are_hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_BYTES for value in values)
