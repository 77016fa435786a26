"""Checks the whole ledger where it lies: every row against every other, and the contents where the keys are there.

The rules are those of the offline verifier, with the same codes. What a database alone cannot show, its owner could
change: pass what lies elsewhere, the checkpoints that others hold and the officer's key.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings

from audit.ledger.checks.agreement import check_index, edited_part
from audit.ledger.checks.contents import check_contents
from audit.ledger.checks.declarations import check_purge_rows
from audit.ledger.checks.key_rows import (
    OfficerBoxes,
    check_keys_present,
    check_subject_keys,
    check_wrapped_keys,
    opened_macs,
)
from audit.ledger.checks.stored_tree import StoredTree
from audit.ledger.checks.waiting import check_nothing_is_outside, waiting_entries
from audit.ledger.keys import quarter_of
from audit.ledger.models import Entry, Seal, Unsealed
from audit.ledger.sealed import sealed_pages, verifiable
from audit.ledger.setup import checkpoint_verifier
from audit.ledger.store import newest_checkpoint
from audit.verifier import (
    Code,
    EntryCheck,
    Leaf,
    LogKey,
    Macs,
    SignedTree,
    VerificationFailed,
    check_held,
    header_of,
    open_checkpoint,
)


@dataclass(frozen=True, kw_only=True)
class LedgerReport:
    """What was found to hold."""

    size: int
    root: str
    entries: int
    unsealed: int
    purged: int
    shredded: int
    checkpoints: int
    macs_checked: int
    held_sizes: list[int]
    declared_restores: list[int]
    declared_purges: list[str]


def check_ledger(
    *,
    keys: Sequence[str] = (),
    held: Sequence[bytes] = (),
    officer: X25519PrivateKey | None = None,
) -> LedgerReport:
    """Check the ledger of this installation; it may be in use meanwhile.

    `keys` are the pinned ones, otherwise the installation's own; `held` are notes of checkpoints that others hold.
    Raises: VerificationFailed with its code; KeysError where a key's file is missing.
    """
    pinned = [LogKey.parse(each) for each in keys or (str(checkpoint_verifier()),)]
    others = [open_checkpoint(each, pinned) for each in held]
    check_wrapped_keys()
    check_subject_keys()
    boxes = OfficerBoxes()
    macs = opened_macs(boxes, officer)
    entries = EntryCheck(settings.TACIT_AUDIT_TENANT, macs=macs)
    tree = StoredTree(pinned, settings.TACIT_AUDIT_ORIGIN, [each.size for each in others])
    return _Check(tree=tree, entries=entries, boxes=boxes, macs=macs, held=others).run()


@dataclass(kw_only=True)
class _Check:
    tree: StoredTree
    entries: EntryCheck
    boxes: OfficerBoxes
    macs: Macs | None
    held: Sequence[SignedTree]
    shredded: int = 0
    unsealed: int = 0
    key_ids: set[str] = field(default_factory=set)
    writers: set[bytes] = field(default_factory=set)

    def run(self) -> LedgerReport:
        """Check everything. Raises: VerificationFailed."""
        signed = self._check_sealed()
        self.entries.finish()
        check_nothing_is_outside()
        check_purge_rows()
        check_keys_present(self.key_ids)
        self._check_writers()
        for each in self.held:
            check_held(each, self.tree.tree, signed, self.entries.restores)
        return self._report(signed)

    def _check_sealed(self) -> SignedTree:
        """Check what is sealed, and then what waits; while the sealer goes on, again from where it was."""
        signed, done = None, 0
        while True:
            size = self._newest_size()
            if size > done:
                signed, done = self._grow(size), size
            queue = list(Unsealed.objects.order_by("id").values_list("event_id", flat=True))
            has_more = Seal.objects.filter(seq__gte=done).exists()
            if self._newest_size() == done:
                break
        if has_more:
            raise VerificationFailed(Code.SEALS_STRIPPED, "The newest seals are under no checkpoint")
        for page in waiting_entries(queue):
            self._take_waiting(page)
        return signed or self._empty()

    def _newest_size(self) -> int:
        newest = newest_checkpoint()
        return newest.size if newest else 0

    def _grow(self, size: int) -> SignedTree:
        self.tree.expect(size)
        for page in sealed_pages(self.tree.tree.size, size):
            for seal, entry in page:
                self._take_sealed(seal, entry)
                self.tree.add(seal)
            self.shredded += check_contents([entry for _, entry in page if entry])
        return self.tree.check_size(size)

    def _take_sealed(self, seal: Seal, entry: Entry | None) -> None:
        if entry is None:
            self.entries.purged_entry()
            return
        leaf = verifiable(entry)
        preimage = leaf.preimage()
        if sha256(b"\0" + preimage).digest() != bytes(seal.leaf_hash):
            raise self._changed(entry, leaf)
        self.entries.entry(leaf, preimage)
        self._take(entry, leaf)

    def _take_waiting(self, page: Sequence[Entry]) -> None:
        for entry in page:
            leaf = verifiable(entry)
            self.entries.entry(leaf, leaf.preimage(), is_sealed=False)
            self._take(entry, leaf)
        self.shredded += check_contents(page)
        self.unsealed += len(page)

    def _take(self, entry: Entry, leaf: Leaf) -> None:
        check_index(entry, leaf)
        self.writers.add(leaf.writer_id)
        if entry.key_id:
            self.key_ids |= {entry.key_id, f"blind/{quarter_of(entry.recorded_at)}"}

    def _changed(self, entry: Entry, leaf: Leaf) -> VerificationFailed:
        """Return which part of a sealed entry was changed."""
        code = edited_part(entry, leaf)
        if code is Code.LEAF_MISMATCH:
            try:
                if header_of(leaf).get("tenant") != settings.TACIT_AUDIT_TENANT:
                    code = Code.TENANT_MISMATCH
                else:
                    check_contents([entry])
            except VerificationFailed as lie:
                code = lie.code
        return VerificationFailed(code, f"{entry.event_id} is not what was sealed")

    def _check_writers(self) -> None:
        """Every entry's writer is known; and none was registered without an entry, unless a purge took those."""
        for writer_id in self.writers:
            try:
                self.boxes[writer_id]
            except KeyError:
                raise VerificationFailed(
                    Code.MAC_MISMATCH, "An entry is of a writer that never registered"
                ) from None
        if set(self.boxes) - self.writers and not self.entries.purged:
            raise VerificationFailed(Code.ENTRY_MISSING, "All entries of a writer are gone")

    def _empty(self) -> SignedTree:
        """Return the tree of a ledger that has sealed nothing yet. Raises: VerificationFailed."""
        if self.held or (self.boxes and not self.unsealed) or newest_checkpoint():
            check_nothing_is_outside()
            raise VerificationFailed(Code.EMPTY_TREE, "The record is empty, and was not before")
        return SignedTree(settings.TACIT_AUDIT_ORIGIN, 0, self.tree.tree.root())

    def _report(self, signed: SignedTree) -> LedgerReport:
        return LedgerReport(
            size=signed.size,
            root=signed.root.hex(),
            entries=self.entries.entries - self.unsealed,
            unsealed=self.unsealed,
            purged=self.entries.purged,
            shredded=self.shredded,
            checkpoints=self.tree.checkpoints,
            macs_checked=self.macs.checked if self.macs else 0,
            held_sizes=[each.size for each in self.held],
            declared_restores=sorted(size for size, _ in self.entries.restores),
            declared_purges=sorted(self.entries.purges),
        )
