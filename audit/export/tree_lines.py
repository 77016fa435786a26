"""The tree from left to right, a line each: leaves of the range, and beside it the hashes of whole subtrees.

Where one of those begins or ends an auditor can see the root of an earlier tree. So the tree is cut at the sizes of
the checkpoints that auditors hold.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import pairwise

from audit.ledger.models import Entry, Seal
from audit.tlog.proofs import HashReader
from audit.verifier import Leaf


def subtree_lines(reader: HashReader, start: int, stop: int, cuts: Iterable[int]) -> Iterator[bytes]:
    """Yield the hashes over the leaves from start to stop, cut at the sizes given."""
    bounds = [start, *sorted(cut for cut in set(cuts) if start < cut < stop), stop]
    for begin, end in pairwise(bounds):
        for level, index in _subtrees(begin, end):
            value = reader.subtree(level, index).hex()
            yield _line({"seq": index << level, "level": level, "hash": value})


def leaf_line(seal: Seal, entry: Entry, leaf: Leaf) -> bytes:
    """Return all that a leaf binds, so that its hash can be computed again."""
    return _line(
        _place(seal)
        | {
            "writer_id": str(entry.writer_id),
            "writer_seq": leaf.writer_seq,
            "header": _text(leaf.header),
            "tokens": _text(leaf.tokens),
            "commitment": leaf.commitment.hex(),
            "key_id": entry.key_id,
            "nonce": leaf.nonce.hex(),
            "ciphertext_sha256": leaf.ciphertext_sha256.hex(),
            "subject_sha256": leaf.subject_sha256.hex(),
            "mac": leaf.mac.hex(),
        }
    )


def purged_line(seal: Seal) -> bytes:
    """Return what is left of an entry that was purged: its hash."""
    return _line(_place(seal) | {"purged": True})


def _place(seal: Seal) -> dict[str, object]:
    return {"seq": seal.seq, "leaf": bytes(seal.leaf_hash).hex(), "event_id": str(seal.event_id)}


def _subtrees(start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Yield (level, index) of the largest whole subtrees that the leaves from start to stop consist of."""
    while start < stop:
        level = (stop - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        yield level, start >> level
        start += 1 << level


def _text(raw: bytes) -> str:
    """Return bytes that should be text; what is none survives too, for the verifier to see."""
    return raw.decode("utf-8", "surrogateescape")


def _line(document: dict[str, object]) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode() + b"\n"
