"""The Merkle tree: how leaves and nodes are hashed, and its right edge, from which it grows.

Source: RFC 9162, section 2.1.1.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import pairwise
from typing import Self

from audit.tlog.errors import HashInvalid

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf. The prefix keeps leaves and nodes apart, so that neither passes for the other."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node over two subtrees."""
    return sha256(b"\x01" + left + right).digest()


def merkle_root(leaf_hashes: Iterable[bytes]) -> bytes:
    """Return the root of the tree of these leaf hashes, EMPTY_ROOT where there are none."""
    edge = RightEdge()
    for each in leaf_hashes:
        edge.append(each)
    return edge.root()


def check_hash(value: bytes) -> None:
    """Raise HashInvalid for what is no SHA-256 hash."""
    if len(value) != HASH_BYTES:
        raise HashInvalid(f"A hash has {HASH_BYTES} bytes, this one {len(value)}")


def subtrees(size: int) -> list[tuple[int, int]]:
    """Return (level, index) of the complete subtrees that a tree of this size consists of, from the left.

    The subtree holds the 2**level leaves from index * 2**level on.
    """
    found, start = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            found.append((level, start >> level))
            start += 1 << level
    return found


class RightEdge:
    """A growing tree, of which only the hashes of its complete subtrees are kept: at most 64 of them."""

    def __init__(self) -> None:
        self.size = 0
        self._hashes: list[bytes] = []

    @classmethod
    def restore(cls, size: int, hashes: Sequence[bytes]) -> Self:
        """Return the edge of a tree of `size` leaves, from the hashes of its `subtrees(size)`.

        Raises: HashInvalid.
        """
        if size < 0 or len(hashes) != size.bit_count():
            raise HashInvalid(f"The edge of a tree of {size} leaves cannot have {len(hashes)} hashes")
        for each in hashes:
            check_hash(each)
        edge = cls()
        edge.size, edge._hashes = size, list(hashes)
        return edge

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """The hashes of the complete subtrees, from the left: what `restore` takes."""
        return tuple(self._hashes)

    def append(self, leaf: bytes) -> None:
        """Append a leaf hash: one hash on average, 64 at most. Raises: HashInvalid."""
        check_hash(leaf)
        ones = (
            ~self.size & (self.size + 1)
        ).bit_length() - 1  # how many subtrees at the end are as high as the new one
        for _ in range(ones):
            leaf = node_hash(self._hashes.pop(), leaf)
        self._hashes.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Return the tree's root: at most 63 hashes."""
        if not self._hashes:
            return EMPTY_ROOT
        root = self._hashes[-1]
        for left in reversed(self._hashes[:-1]):
            root = node_hash(left, root)
        return root


def complete_root(hashes: Sequence[bytes]) -> bytes:
    """Return the root over 1, 2, 4, 8 ... neighbouring hashes of one level.

    Raises: HashInvalid where their number is no power of two.
    """
    if len(hashes).bit_count() != 1:
        raise HashInvalid(f"{len(hashes)} hashes are no complete subtree")
    while len(hashes) > 1:
        hashes = [node_hash(left, right) for left, right in list(pairwise(hashes))[::2]]
    return hashes[0]
