"""Verifies an exported part of the audit record. This file, Python 3.11 and `cryptography` are all that it needs.

    python verifier.py PACKAGE --key VKEY [--checkpoint FILE] [--officer-key PEM --passphrase-file FILE] [--json]

Exit code 0: all of it holds. 1: it does not, and the code says which kind of lie it is. 2: it could not be asked.
Trusted is only what the auditor brings: the ledger's public key, the last checkpoint they hold, the officer's key.
The formats are implemented here a second time, apart from the ledger's own code (docs/audit-export.md).

Sources: RFC 9162 (tree), C2SP signed-note and tlog-checkpoint (notes), RFC 5869 and RFC 7748 (the officer's boxes),
B. Schneier, J. Kelsey, "Secure audit logs to support computer forensics", 1999 (the chain of MAC keys).
"""

import argparse
import base64
import hmac
import json
import os
import re
import sys
import unicodedata
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from struct import pack
from typing import IO, Any, NamedTuple, Self

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import load_pem_private_key

FORMAT = "tacit-audit-export/1"
MANIFEST, MANIFEST_NOTE, CHECKPOINT = "manifest.json", "manifest.note", "checkpoint"
LEAVES, EVENTS, WRITERS, BUNDLE = "leaves.jsonl", "events.ndjson", "writers.json", "bundle.json"
# The first line of the note over a manifest: no checkpoint's note can pass for one, nor the other way round.
MANIFEST_TITLE = "tacit audit export v1"
LEAF_MAGIC = b"tacit/leaf/1"
RATCHET_MAGIC = b"tacit/ratchet/1"
OFFICER_BOX_INFO = b"tacit/officer-box/1"
KINDS = frozenset({"event", "heartbeat", "restore", "purge"})
RECORDED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
EVENT_LINE = re.compile(
    rb'\{"seq":(\d+),"event_id":"([0-9a-f-]{36})",(?:"salt":"([0-9a-f]{64})"|"shredded":true),"event":(\{.*\})\}\n'
)
# Half the work is reading JSON, and `json.loads` looks for encodings and spaces that are not there.
DECODER = json.JSONDecoder()
NO_SUBJECT = sha256(b"").digest()
# From so many events on a second process pays; and how many events it gets at a time, how far ahead.
PARALLEL_FROM, BATCH, BATCHES_AHEAD = 20_000, 500, 8
MAX_LINE_BYTES = 16 * 1024 * 1024
READ_BYTES = 1024 * 1024
# 45 CFR 164.316(b)(2)(i): what is younger may not be purged, whatever a declaration says.
RETENTION_YEARS = 6
# Entries are sealed shortly after they are recorded, those of an emergency's spool some days later.
PURGE_SLACK = timedelta(days=7)
# How far ahead in a writer's chain of keys a misused one is looked for.
REUSE_SEARCH = 100_000
# Where an AuditEvent says what it is found by.
ACTION_SYSTEM, CLIENT_SYSTEM = "urn:tacit:action", "urn:tacit:client"
PERSON = ("http://terminology.hl7.org/CodeSystem/audit-entity-type", "1")


class Code(StrEnum):
    """The kinds of lie, each with what it means."""

    LEAF_MISMATCH = "LEAF_MISMATCH"  # something that an entry's leaf binds was changed
    HEADER_EDITED = "HEADER_EDITED"  # the header was changed
    TOKENS_EDITED = (
        "TOKENS_EDITED"  # the search tokens were changed: an event is hidden from searches, or put into one
    )
    CIPHERTEXT_MISMATCH = "CIPHERTEXT_MISMATCH"  # a ciphertext was changed, or moved here from another entry
    COMMITMENT_MISMATCH = "COMMITMENT_MISMATCH"  # what is shown of an event is not what was recorded
    ENTRY_MISSING = "ENTRY_MISSING"  # an entry was deleted
    ENTRY_DUPLICATED = "ENTRY_DUPLICATED"  # an entry is there twice
    ORDER_CHANGED = "ORDER_CHANGED"  # entries were put into another order
    TRUNCATED = "TRUNCATED"  # the end of the record is missing
    UNSEALED_DELETED = "UNSEALED_DELETED"  # an entry was deleted before it was sealed
    MAC_MISMATCH = "MAC_MISMATCH"  # an entry was not written by the writer that it names
    RATCHET_REUSED = "RATCHET_REUSED"  # an entry was written again later, under a newer key of its writer
    ROLLED_BACK = "ROLLED_BACK"  # the record is shorter than the one the auditor has seen
    FORKED = "FORKED"  # two different records of one size were signed
    SIGNATURE_INVALID = "SIGNATURE_INVALID"  # a signature of the pinned key is not of this text
    KEY_UNTRUSTED = "KEY_UNTRUSTED"  # no signature is of a pinned key
    SEALS_STRIPPED = "SEALS_STRIPPED"  # seals, checkpoint or signatures were taken away
    EMPTY_TREE = "EMPTY_TREE"  # a record of no entries proves nothing
    CONSISTENCY_INVALID = (
        "CONSISTENCY_INVALID"  # the proof that the auditor's record goes on in this one is none
    )
    INCLUSION_INVALID = "INCLUSION_INVALID"  # the entries are not those of the signed tree
    TENANT_MISMATCH = "TENANT_MISMATCH"  # an entry, or the whole record, is another tenant's
    EXPORT_INCOMPLETE = (
        "EXPORT_INCOMPLETE"  # an event matches the filter and is not shown, or the other way round
    )
    MANIFEST_INVALID = "MANIFEST_INVALID"  # manifest, files and counts do not agree
    INDEX_MISMATCH = "INDEX_MISMATCH"  # what is searched or shown beside an entry says other than the entry
    UNDECLARED_RESTORE = (
        "UNDECLARED_RESTORE"  # the auditor's record does not go on in this one, and nothing declares it
    )
    KEY_DAMAGED = (
        "KEY_DAMAGED"  # a wrapped key that entries need does not open, or is gone (live ledgers only)
    )


class VerificationFailed(Exception):
    """What was read is not true. `code` says in which way; no message holds what an entry says."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class LogKey:
    """A pinned public key of a ledger. Source: C2SP signed-note, "Verifier keys"."""

    name: str
    key_id: bytes
    public: bytes

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the key of `name+id+base64`. Raises: ValueError."""
        name, key_id, material = text.strip().split("+", 2)
        raw = base64.b64decode(material, validate=True)
        if len(raw) != 33 or raw[0] != 1:
            raise ValueError("not an Ed25519 key")
        if sha256(name.encode() + b"\n" + raw).digest()[:4].hex() != key_id:
            raise ValueError("the key does not hash to its own id")
        return cls(name, bytes.fromhex(key_id), raw[1:])

    def verify(self, text: bytes, signature: bytes) -> None:
        """Verify a note's signature. Raises: VerificationFailed."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except InvalidSignature:
            raise VerificationFailed(
                Code.SIGNATURE_INVALID, f"The signature of {self.name} is not of this text"
            ) from None


def open_note(data: bytes, keys: Iterable[LogKey]) -> str:
    """Return the text of a note that a pinned key signed. Raises: VerificationFailed."""
    try:
        text, gap, lines = data.decode().rpartition("\n\n")
    except UnicodeDecodeError:
        raise VerificationFailed(Code.SIGNATURE_INVALID, "A signed note is not UTF-8") from None
    if not gap or not lines:
        raise VerificationFailed(Code.SEALS_STRIPPED, "A note bears no signature")
    if not lines.endswith("\n"):
        raise VerificationFailed(Code.SIGNATURE_INVALID, "A note's last line is cut off")
    pinned, is_signed = {(key.name, key.key_id): key for key in keys}, False
    for line in lines[:-1].split("\n"):
        name, key_id, signature = signature_of(line)
        if key := pinned.get((name, key_id)):
            key.verify(f"{text}\n".encode(), signature)
            is_signed = True
    if not is_signed:
        raise VerificationFailed(Code.KEY_UNTRUSTED, "No signature is of a pinned key")
    return f"{text}\n"


def signature_of(line: str) -> tuple[str, bytes, bytes]:
    """Return name, key id and signature of a note's line. Raises: VerificationFailed."""
    dash, name, encoded = line[:2], *line[2:].rpartition(" ")[::2]
    try:
        raw = base64.b64decode(encoded, validate=True)
    except ValueError:
        raw = b""
    if dash != "\u2014 " or len(raw) <= 4 or base64.b64encode(raw).decode() != encoded:
        raise VerificationFailed(Code.SIGNATURE_INVALID, "A signature line cannot be read")
    return name, raw[:4], raw[4:]


@dataclass(frozen=True)
class SignedTree:
    """What a checkpoint says."""

    origin: str
    size: int
    root: bytes


def open_checkpoint(data: bytes, keys: Sequence[LogKey]) -> SignedTree:
    """Return the checkpoint of a ledger whose key is pinned. Raises: VerificationFailed."""
    origin, size, root, *_ = [*open_note(data, keys).split("\n"), "", "", ""]
    try:
        tree = SignedTree(origin, int(size), base64.b64decode(root, validate=True))
    except ValueError:
        raise VerificationFailed(Code.SIGNATURE_INVALID, "What was signed as a checkpoint is none") from None
    if len(tree.root) != 32 or origin not in {key.name for key in keys}:
        raise VerificationFailed(Code.TENANT_MISMATCH, f"The checkpoint is of another ledger: {origin}")
    return tree


class Tree:
    """The root of a growing tree, from leaves and from whole subtrees; at `watched` sizes roots are remembered."""

    def __init__(self, watched: Iterable[int] = ()) -> None:
        self.size = 0
        self.roots: dict[int, bytes] = {}
        self._edge: list[bytes] = []
        self._watched = frozenset(watched)

    def add(self, digest: bytes, level: int = 0) -> None:
        """Append the hash over 2**level leaves. Raises: VerificationFailed."""
        place = self.size >> level
        if self.size != place << level:
            raise VerificationFailed(Code.INCLUSION_INVALID, f"No subtree of that size begins at {self.size}")
        while place & 1:
            digest = sha256(b"\x01" + self._edge.pop() + digest).digest()
            place >>= 1
        self._edge.append(digest)
        self.size += 1 << level
        if self.size in self._watched:
            self.roots[self.size] = self.root()

    def root(self) -> bytes:
        """Return the root. Source: RFC 9162, section 2.1.1."""
        if not self._edge:
            return sha256(b"").digest()
        root = self._edge[-1]
        for left in reversed(self._edge[:-1]):
            root = sha256(b"\x01" + left + root).digest()
        return root


class Leaf(NamedTuple):
    """What the tree binds of an entry; its MAC, which the tree does not, comes along."""

    event_id: bytes
    writer_id: bytes
    writer_seq: int
    header: bytes
    tokens: bytes
    commitment: bytes
    key_id: bytes
    nonce: bytes
    ciphertext_sha256: bytes
    subject_sha256: bytes
    mac: bytes

    def preimage(self) -> bytes:
        """Return the bytes that are hashed and authenticated; each part has its length in front."""
        return b"".join(
            (
                LEAF_MAGIC,
                *(b"\0\0\0\x10", self.event_id, b"\0\0\0\x10", self.writer_id, pack(">Q", self.writer_seq)),
                *(pack(">I", len(self.header)), self.header, pack(">I", len(self.tokens)), self.tokens),
                *(pack(">I", len(self.commitment)), self.commitment),
                *(pack(">I", len(self.key_id)), self.key_id, pack(">I", len(self.nonce)), self.nonce),
                *(b"\0\0\0\x20", self.ciphertext_sha256, b"\0\0\0\x20", self.subject_sha256),
            )
        )


def parsed(raw: bytes) -> Any:  # noqa: ANN401 - JSON
    """Return a JSON document that has no space around it. Raises: ValueError."""
    text = raw.decode("utf-8", "surrogatepass")
    document, end = DECODER.raw_decode(text)
    if end != len(text):
        raise ValueError("not one JSON document")
    return document


def header_of(leaf: Leaf) -> dict[str, Any]:
    """Return what an entry shows without a key. Raises: VerificationFailed."""
    try:
        header = parsed(leaf.header)
        if is_header(header):
            return dict(header)
    except (ValueError, KeyError, TypeError):
        pass
    raise VerificationFailed(Code.HEADER_EDITED, "An entry's header is none")


def is_header(header: Mapping[str, Any]) -> bool:
    """Whether a header is complete. Raises: ValueError, KeyError, TypeError where it is far from it."""
    if header["kind"] == "restore" and (len(bytes.fromhex(header["root"])) != 32 or header["size"] < 0):
        return False
    if header["kind"] == "purge" and not RECORDED.fullmatch(header["before"]):
        return False
    return header["v"] == 1 and header["kind"] in KINDS and bool(RECORDED.fullmatch(header["recorded"]))


def tokens_of(leaf: Leaf) -> dict[str, str]:
    """Return an entry's search tokens, in hexadecimal. Raises: VerificationFailed."""
    try:
        return dict(parsed(leaf.tokens))
    except (ValueError, TypeError):
        raise VerificationFailed(Code.TOKENS_EDITED, "An entry's tokens are none") from None


class WriterNumbers:
    """Each writer counts its entries. A number that is missing was deleted, or a declared purge covers it."""

    def __init__(self, *, from_first: bool) -> None:
        self.missing = 0
        self.first_gap: VerificationFailed | None = None
        self.newest_before_gap = ""
        self._from_first = from_first
        self._last: dict[bytes, tuple[int, str]] = {}
        self._holes: dict[bytes, list[range]] = {}

    def take(self, leaf: Leaf, recorded: str, *, is_sealed: bool = True) -> None:
        """Take the next entry in the order of the tree. Raises: VerificationFailed."""
        last, at = self._last.get(leaf.writer_id) or self._before(leaf)
        if leaf.writer_seq > last + 1:
            self._gap(leaf, last, at, is_sealed=is_sealed)
        elif leaf.writer_seq <= last:
            raise self._went_back(leaf)
        self._last[leaf.writer_id] = leaf.writer_seq, recorded

    def finish(self, purge_limit: str, purged: int) -> None:
        """Raise VerificationFailed where numbers are missing that no declared purge took."""
        if self.first_gap and (self.missing > purged or not self.newest_before_gap < purge_limit):
            raise self.first_gap

    def _before(self, leaf: Leaf) -> tuple[int, str]:
        """Return number and time before a writer's first entry that is seen here: a writer's id says when it began."""
        born = datetime.fromtimestamp(int.from_bytes(leaf.writer_id[:6]) / 1000, UTC)
        return (-1 if self._from_first else leaf.writer_seq - 1), timestamp(born)

    def _gap(self, leaf: Leaf, last: int, at: str, *, is_sealed: bool) -> None:
        hole = range(last + 1, leaf.writer_seq)
        self._holes.setdefault(leaf.writer_id, []).append(hole)
        self.missing += len(hole)
        self.newest_before_gap = max(self.newest_before_gap, at)
        if self.first_gap is None:
            code = Code.ENTRY_MISSING if is_sealed else Code.UNSEALED_DELETED
            self.first_gap = VerificationFailed(
                code, f"A writer's entries {hole.start} to {hole.stop - 1} are missing"
            )

    def _went_back(self, leaf: Leaf) -> VerificationFailed:
        if any(leaf.writer_seq in hole for hole in self._holes.get(leaf.writer_id, ())):
            return VerificationFailed(Code.ORDER_CHANGED, "A writer's entries are in another order")
        return VerificationFailed(Code.ENTRY_DUPLICATED, f"A writer's entry {leaf.writer_seq} is there twice")


class Macs:
    """Checks the writers' MACs, whose first keys only the officer's private key opens."""

    def __init__(self, boxes: Mapping[bytes, bytes], officer: X25519PrivateKey) -> None:
        self.checked = 0
        self._boxes = boxes
        self._officer = officer
        self._keys: dict[bytes, tuple[int, bytes]] = {}

    def check(self, leaf: Leaf, preimage: bytes) -> None:
        """Check an entry; a writer's entries come in their order. Raises: VerificationFailed."""
        number, key = self._keys.get(leaf.writer_id) or (0, self.first_key(leaf.writer_id))
        for _ in range(leaf.writer_seq - number):
            key = next_key(key)
        if not hmac.compare_digest(hmac.digest(key, preimage, "sha256"), leaf.mac):
            raise mac_failure(key, preimage, leaf)
        self._keys[leaf.writer_id] = leaf.writer_seq + 1, next_key(key)
        self.checked += 1

    def first_key(self, writer_id: bytes) -> bytes:
        """Return what a writer sealed to the officer. Raises: VerificationFailed."""
        recipient = self._officer.public_key().public_bytes_raw()
        try:
            box = self._boxes[writer_id]
            sender, nonce, sealed = box[:32], box[32:44], box[44:]
            shared = self._officer.exchange(X25519PublicKey.from_public_bytes(sender))
            hkdf = HKDF(algorithm=SHA256(), length=32, salt=sender + recipient, info=OFFICER_BOX_INFO)
            return AESGCM(hkdf.derive(shared)).decrypt(nonce, sealed, writer_id)
        except (InvalidTag, ValueError, KeyError):
            raise VerificationFailed(
                Code.MAC_MISMATCH,
                "A writer's first key does not open: missing, changed, or another officer's",
            ) from None


def next_key(key: bytes) -> bytes:
    """Return the MAC key after this one."""
    return sha256(RATCHET_MAGIC + key).digest()


def mac_failure(key: bytes, preimage: bytes, leaf: Leaf) -> VerificationFailed:
    """Return what is wrong with a MAC that its own key did not make."""
    for _ in range(REUSE_SEARCH):
        key = next_key(key)
        if hmac.compare_digest(hmac.digest(key, preimage, "sha256"), leaf.mac):
            return VerificationFailed(Code.RATCHET_REUSED, "An entry was signed again with a newer key")
    return VerificationFailed(Code.MAC_MISMATCH, "An entry's MAC is not its writer's")


class EntryCheck:
    """What must hold of the entries in their order: the tenant, the writers' numbers, the MACs, the declarations."""

    def __init__(self, tenant: str, *, from_first: bool = True, macs: Macs | None = None) -> None:
        self.restores: set[tuple[int, bytes]] = set()
        self.purges: list[str] = []
        self.entries = self.purged = 0
        self._tenant = tenant
        self._macs = macs
        self._numbers = WriterNumbers(from_first=from_first)
        self._newest = self._newest_before_purged = ""

    def entry(self, leaf: Leaf, preimage: bytes, *, is_sealed: bool = True) -> dict[str, Any]:
        """Check an entry and return its header. Raises: VerificationFailed."""
        header = self.declaration(leaf, preimage)
        self._numbers.take(leaf, header["recorded"], is_sealed=is_sealed)
        self._newest = max(self._newest, header["recorded"])
        self.entries += 1
        return header

    def declaration(self, leaf: Leaf, preimage: bytes) -> dict[str, Any]:
        """Check an entry that is shown apart from its neighbours, and return its header. Raises: VerificationFailed."""
        header = header_of(leaf)
        if header.get("tenant") != self._tenant:
            raise VerificationFailed(Code.TENANT_MISMATCH, "An entry is another tenant's")
        if self._macs:
            self._macs.check(leaf, preimage)
        if header["kind"] == "restore":
            self.restores.add((header["size"], bytes.fromhex(header["root"])))
        if header["kind"] == "purge" and is_old_enough(header):
            self.purges.append(header["before"])
        return header

    def purged_entry(self) -> None:
        """Take an entry of which only the hash is left."""
        self.purged += 1
        self._newest_before_purged = max(self._newest_before_purged, self._newest)

    def finish(self) -> None:
        """Raise VerificationFailed where something is missing that no declared purge took."""
        limit = timestamp(datetime.fromisoformat(max(self.purges)) + PURGE_SLACK) if self.purges else ""
        if self.purged and not self._newest_before_purged < limit:
            raise VerificationFailed(
                Code.ENTRY_MISSING, "Entries are gone, and no declared purge reaches that far"
            )
        self._numbers.finish(limit, self.purged)


def is_old_enough(header: Mapping[str, Any]) -> bool:
    """Whether a purge keeps to the time for which the record must be kept."""
    recorded = header["recorded"]
    return bool(header["before"] <= f"{int(recorded[:4]) - RETENTION_YEARS:04d}{recorded[4:]}")


def timestamp(moment: datetime) -> str:
    """Return a moment as headers write it."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def check_held(held: SignedTree, tree: Tree, signed: SignedTree, restores: set[tuple[int, bytes]]) -> None:
    """Check that the record that the auditor holds goes on in this one. Raises: VerificationFailed."""
    if held.origin != signed.origin:
        raise VerificationFailed(Code.TENANT_MISMATCH, "The checkpoint held is of another ledger")
    if (held.size, held.root) in restores or held.size == 0:
        return
    if held.size > signed.size:
        raise VerificationFailed(
            Code.ROLLED_BACK, f"The record has {signed.size} entries; {held.size} were seen before"
        )
    root = tree.roots.get(held.size)
    if root is None:
        raise VerificationFailed(
            Code.CONSISTENCY_INVALID,
            f"The package proves nothing about the first {held.size} entries: ask for one for your checkpoint",
        )
    if root != held.root:
        code = Code.FORKED if held.size == signed.size else Code.UNDECLARED_RESTORE
        raise VerificationFailed(code, f"The first {held.size} entries are not those of the checkpoint held")


def check_root(tree: Tree, signed: SignedTree, held: SignedTree | None) -> None:
    """Check that the tree is the one that was signed. Raises: VerificationFailed."""
    if tree.size < signed.size:
        raise VerificationFailed(
            Code.TRUNCATED, f"The record ends after {tree.size} of {signed.size} entries"
        )
    if tree.size == signed.size and tree.root() == signed.root:
        return
    if held and held.size < tree.size and tree.roots.get(held.size) == held.root:
        raise VerificationFailed(
            Code.CONSISTENCY_INVALID, "What leads from the checkpoint held to this one was changed"
        )
    raise VerificationFailed(Code.INCLUSION_INVALID, "The entries are not those of the signed tree")


class Filter:
    """What was asked for, as it can be checked without a key: all of it must hold."""

    def __init__(self, query: Mapping[str, Any]) -> None:
        self.since, self.until = str(query["since"]), str(query["until"])
        self.values = {name: normal(value) for name, value in query["values"].items()}
        self._tokens = {name: frozenset(tokens) for name, tokens in query["tokens"].items()}
        self._outcomes = frozenset(map(str, query["outcomes"]))
        self._emergency = query["emergency"]
        if set(self.values) != set(self._tokens) or not all(
            map(RECORDED.fullmatch, (self.since, self.until))
        ):
            raise ValueError("not a query")

    def matches(self, header: Mapping[str, Any], leaf: Leaf) -> bool:
        """Whether an entry must be among the events that are shown. Raises: VerificationFailed."""
        if header["kind"] != "event" or not self.since <= header["recorded"] < self.until:
            return False
        if self._outcomes and header.get("outcome") not in self._outcomes:
            return False
        if self._emergency is not None and bool(header.get("emergency")) != self._emergency:
            return False
        tokens = tokens_of(leaf) if self._tokens else {}
        return all(tokens.get(name) in wanted for name, wanted in self._tokens.items())


def normal(value: object) -> str:
    """Return a value in the one form that tokens are made of."""
    return unicodedata.normalize("NFC", str(value)).strip()


def values_of(document: Mapping[str, Any]) -> dict[str, str]:
    """Return what an AuditEvent is found by. Raises: KeyError, IndexError, TypeError."""
    found = {"user": document["agent"][0]["who"]["identifier"]["value"], "date": document["recorded"][:10]}
    for entity in document.get("entity", ()):
        if (entity["type"]["system"], entity["type"]["code"]) == PERSON:
            found.setdefault("patient", entity["what"]["reference"].removeprefix("Patient/"))
    for tag in document["meta"]["tag"]:
        if tag["system"] == ACTION_SYSTEM:
            found.setdefault("action", tag["code"])
    for agent in document["agent"]:
        if agent["who"].get("identifier", {}).get("system") == CLIENT_SYSTEM:
            found.setdefault("client", agent["who"]["identifier"]["value"])
    if "purposeOfEvent" in document:
        found["purpose"] = document["purposeOfEvent"][0]["coding"][0]["code"]
    return {name: normal(value) for name, value in found.items()}


class Package:
    """A package's files, in a folder or a .zip; nothing is unpacked."""

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path) if path.is_file() else None
        self._folder = path

    def names(self) -> set[str]:
        """Return the names of all files."""
        if self._archive:
            return set(self._archive.namelist())
        return {
            each.relative_to(self._folder).as_posix() for each in self._folder.rglob("*") if each.is_file()
        }

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes]]:
        """Open a file. Raises: VerificationFailed where it is missing."""
        try:
            stream = self._archive.open(name) if self._archive else (self._folder / name).open("rb")
        except (KeyError, FileNotFoundError):
            code = Code.SEALS_STRIPPED if name in (CHECKPOINT, MANIFEST_NOTE) else Code.MANIFEST_INVALID
            raise VerificationFailed(code, f"The package has no {name}") from None
        with stream:
            yield stream

    def read(self, name: str) -> bytes:
        """Return a small file's content. Raises: VerificationFailed."""
        with self.opened(name) as stream:
            return stream.read(MAX_LINE_BYTES)

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield a file's lines. Raises: VerificationFailed."""
        with self.opened(name) as stream:
            while line := stream.readline(MAX_LINE_BYTES):
                yield line

    def digest(self, name: str) -> str:
        """Return a file's SHA-256 in hexadecimal. Raises: VerificationFailed."""
        digest = sha256()
        with self.opened(name) as stream:
            while block := stream.read(READ_BYTES):
                digest.update(block)
        return digest.hexdigest()


@dataclass(frozen=True)
class Manifest:
    """What a package says of itself."""

    origin: str
    tenant: str
    start: int
    end: int
    query: Filter
    counts: Mapping[str, int]
    files: Mapping[str, str]


def read_manifest(package: Package, keys: Sequence[LogKey]) -> Manifest:
    """Return the manifest, once its signature and every file's hash are checked. Raises: VerificationFailed."""
    raw = package.read(MANIFEST)
    title, origin, digest, *_ = [*open_note(package.read(MANIFEST_NOTE), keys).split("\n"), "", "", ""]
    if title != MANIFEST_TITLE or digest != f"sha256:{sha256(raw).hexdigest()}":
        raise VerificationFailed(Code.MANIFEST_INVALID, "The manifest is not the one that was signed")
    manifest = parse_manifest(raw)
    if manifest.origin != origin:
        raise VerificationFailed(Code.MANIFEST_INVALID, "The manifest is another ledger's")
    if package.names() != {*manifest.files, MANIFEST, MANIFEST_NOTE}:
        raise VerificationFailed(Code.MANIFEST_INVALID, "The package has other files than its manifest lists")
    for name, stated in manifest.files.items():
        if package.digest(name) != stated:
            raise VerificationFailed(Code.MANIFEST_INVALID, f"{name} is not the file that was signed")
    return manifest


def parse_manifest(raw: bytes) -> Manifest:
    """Return what a manifest says. Raises: VerificationFailed."""
    try:
        document = json.loads(raw)
        if document["format"] != FORMAT:
            raise ValueError(f"a {document['format']}")
        return Manifest(
            origin=document["origin"],
            tenant=document["tenant"],
            start=int(document["range"]["start"]),
            end=int(document["range"]["end"]),
            query=Filter(document["query"]),
            counts=document["counts"],
            files={name: entry["sha256"] for name, entry in document["files"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise VerificationFailed(
            Code.MANIFEST_INVALID, f"The manifest is not one of format {FORMAT}"
        ) from None


# A line of a revealed event, and what its leaf says: place, line, commitment, event id, recorded, outcome, has a subject.
# A plain tuple, as a million of them go to the second process.
Shown = tuple[int, bytes, bytes, bytes, str, str | None, bool]


def lie_among(events: Sequence[Shown], values: Mapping[str, str]) -> tuple[Code, str] | None:
    """Return what is wrong with the first event that is not its leaf's, or does not have the values asked for."""
    for event in events:
        if lie := lie_of(event, values):
            return lie, f"What is shown of entry {event[0]} is not what was recorded"
    return None


def lie_of(event: Shown, wanted: Mapping[str, str]) -> Code | None:
    """Return what is wrong with an event."""
    _, line, commitment, *header, has_subject = event
    match = EVENT_LINE.fullmatch(line)
    if match is None:
        return Code.MANIFEST_INVALID
    salt, shown = match[3], match[4]
    if salt and sha256(bytes.fromhex(salt.decode()) + shown).digest() != commitment:
        return Code.COMMITMENT_MISMATCH
    try:
        document = parsed(shown)
        said = [uuid_bytes(document["id"]), document["recorded"], document["outcome"]]
        values = values_of(document) if wanted or not salt else {}
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        return Code.INDEX_MISMATCH
    if said != header:
        return Code.INDEX_MISMATCH
    if not salt:  # said to be of a shredded patient
        if not has_subject or values.get("patient") != "?":
            return Code.COMMITMENT_MISMATCH
        values["patient"] = wanted.get("patient", "?")
    return Code.TOKENS_EDITED if any(values.get(name) != value for name, value in wanted.items()) else None


class Documents:
    """Checks revealed events in batches; those of a large package in a second process meanwhile."""

    def __init__(self, values: Mapping[str, str], pool: Executor | None) -> None:
        self._values = values
        self._pool = pool
        self._batch: list[Shown] = []
        self._running: deque[Future[tuple[Code, str] | None]] = deque()

    def add(self, event: Shown) -> None:
        """Take an event. Raises: VerificationFailed, also for one before."""
        self._batch.append(event)
        if len(self._batch) >= BATCH:
            self._flush()

    def finish(self) -> None:
        """Raise VerificationFailed where an event is not its leaf's."""
        self._flush()
        while self._running:
            self._judge(self._running.popleft().result())

    def _flush(self) -> None:
        batch, self._batch = self._batch, []
        if self._pool is None:
            self._judge(lie_among(batch, self._values))
            return
        self._running.append(self._pool.submit(lie_among, batch, self._values))
        if len(self._running) > BATCHES_AHEAD:
            self._judge(self._running.popleft().result())

    def _judge(self, lie: tuple[Code, str] | None) -> None:
        if lie:
            raise VerificationFailed(*lie)


class ShownEvents:
    """The events that are revealed, read side by side with the leaves: none left out, and none left over."""

    def __init__(self, package: Package, documents: Documents, *, with_bundle: bool) -> None:
        self.count = self.shredded = 0
        self._documents = documents
        self._lines = package.lines(EVENTS)
        self._bundle = bundle_lines(package) if with_bundle else None

    def take(self, seq: int, event_id: str, leaf: Leaf, header: Mapping[str, Any]) -> None:
        """Check the next line against the entry that it must reveal. Raises: VerificationFailed."""
        line, start = next(self._lines, b""), f'{{"seq":{seq},"event_id":"{event_id}",'.encode()
        if not line.startswith(start):
            raise self._other(seq, line)
        self.count += 1
        self.shredded += line.startswith(b'"shredded"', len(start))
        has_subject = leaf.subject_sha256 != NO_SUBJECT
        said = leaf.commitment, leaf.event_id, header["recorded"], header.get("outcome"), has_subject
        self._documents.add((seq, line, *said))
        if self._bundle:
            self._check_bundle(self._bundle, line)

    def _other(self, seq: int, line: bytes) -> VerificationFailed:
        if line and not EVENT_LINE.fullmatch(line):
            return VerificationFailed(Code.MANIFEST_INVALID, f"A line of {EVENTS} cannot be read")
        return VerificationFailed(Code.EXPORT_INCOMPLETE, f"Entry {seq} matches the filter and is not shown")

    def _check_bundle(self, bundle: Iterator[bytes], line: bytes) -> None:
        match, shown = EVENT_LINE.fullmatch(line), next(bundle, b"")
        if match is None or shown != bundle_line(match[2], match[4]):
            self._documents.finish()  # where the event itself is a lie, that is the one to tell
            raise VerificationFailed(Code.MANIFEST_INVALID, f"{BUNDLE} says other than {EVENTS}")

    def finish(self) -> None:
        """Raise VerificationFailed where events are shown that do not match, or are no entries of the range."""
        self._documents.finish()
        if next(self._lines, b""):
            raise VerificationFailed(
                Code.EXPORT_INCOMPLETE, "Events are shown that are no matches of the filter"
            )
        if self._bundle and next(self._bundle, b""):
            raise VerificationFailed(Code.MANIFEST_INVALID, f"{BUNDLE} holds more events than {EVENTS}")


def bundle_lines(package: Package) -> Iterator[bytes]:
    """Yield the lines of the Bundle's entries. Raises: VerificationFailed."""
    lines = package.lines(BUNDLE)
    if not next(lines, b"").startswith(b'{"resourceType":"Bundle","type":"collection",'):
        raise VerificationFailed(Code.MANIFEST_INVALID, f"{BUNDLE} is no Bundle of this format")
    for line in lines:
        if line == b"]}\n":
            return
        yield line.rstrip(b",\n")


def bundle_line(event_id: bytes, document: bytes) -> bytes:
    """Return an entry of the Bundle."""
    return b'{"fullUrl":"urn:uuid:%s","resource":%s}' % (event_id, document)


def uuid_bytes(text: str) -> bytes:
    """Return the 16 bytes of a UUID's text. Raises: ValueError."""
    return bytes.fromhex(text.replace("-", ""))


def leaf_of(line: Mapping[str, Any]) -> Leaf:
    """Return the leaf of a line. Raises: KeyError, ValueError, TypeError."""
    hexadecimal = bytes.fromhex
    return Leaf(
        uuid_bytes(line["event_id"]),
        uuid_bytes(line["writer_id"]),
        line["writer_seq"],
        line["header"].encode("utf-8", "surrogateescape"),
        line["tokens"].encode("utf-8", "surrogateescape"),
        hexadecimal(line["commitment"]),
        line["key_id"].encode("utf-8", "surrogateescape"),
        hexadecimal(line["nonce"]),
        hexadecimal(line["ciphertext_sha256"]),
        hexadecimal(line["subject_sha256"]),
        hexadecimal(line["mac"]),
    )


@dataclass
class Walk:
    """Reads a package's tree from left to right: leaves of the range, and hashes of what lies beside it."""

    manifest: Manifest
    signed: SignedTree
    tree: Tree
    check: EntryCheck
    events: ShownEvents
    event_ids: set[bytes] = field(default_factory=set)
    first_recorded: str = ""
    last_recorded: str = ""

    def run(self, lines: Iterator[bytes]) -> None:
        """Check every line. Raises: VerificationFailed."""
        for raw in lines:
            try:
                line = parsed(raw.rstrip(b"\n"))
                seq = line["seq"]
                if seq != self.tree.size:
                    raise misplaced(seq, self.tree.size, lines)
                self._take(seq, line)
            except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
                raise VerificationFailed(
                    Code.MANIFEST_INVALID, f"A line of {LEAVES} cannot be read"
                ) from None

    def _take(self, seq: int, line: Mapping[str, Any]) -> None:
        is_in_range = self.manifest.start <= seq < self.manifest.end
        if "level" not in line:
            digest = bytes.fromhex(line["leaf"])
            if "purged" in line:
                self._purged(seq)
            else:
                self._leaf(seq, line, digest, is_in_range=is_in_range)
            self.tree.add(digest)
            return
        level = line["level"]
        if level not in range(64):
            raise ValueError("no such level")
        if is_in_range or seq < self.manifest.start < seq + (1 << level):
            raise VerificationFailed(
                Code.EXPORT_INCOMPLETE, f"The entries from {seq} on are in the range and not listed"
            )
        self.tree.add(bytes.fromhex(line["hash"]), level)

    def _leaf(self, seq: int, line: Mapping[str, Any], digest: bytes, *, is_in_range: bool) -> None:
        leaf = leaf_of(line)
        preimage = leaf.preimage()
        if sha256(b"\0" + preimage).digest() != digest:
            raise VerificationFailed(
                leaf_lie(leaf, self.manifest.tenant), f"Entry {seq} is not what was sealed"
            )
        if not is_in_range:
            self.check.declaration(leaf, preimage)
            return
        header = self.check.entry(leaf, preimage)
        if leaf.event_id in self.event_ids:
            raise VerificationFailed(Code.ENTRY_DUPLICATED, f"Entry {seq} was sealed before")
        self.event_ids.add(leaf.event_id)
        if seq == self.manifest.start:
            self.first_recorded = header["recorded"]
        self.last_recorded = header["recorded"] if seq == self.manifest.end - 1 else ""
        if self.manifest.query.matches(header, leaf):
            self.events.take(seq, line["event_id"], leaf, header)

    def _purged(self, seq: int) -> None:
        if seq == self.manifest.start != 0:
            raise VerificationFailed(
                Code.EXPORT_INCOMPLETE, "A range may begin with purged entries only at the record's beginning"
            )
        self.check.purged_entry()

    def finish(self, held: SignedTree | None) -> None:
        """Check what shows only at the end. Raises: VerificationFailed."""
        check_root(self.tree, self.signed, held)
        self.check.finish()
        self.events.finish()
        self._check_edges()
        if held:
            check_held(held, self.tree, self.signed, self.check.restores)
        found = {
            "entries": self.check.entries,
            "purged": self.check.purged,
            "events": self.events.count,
            "shredded": self.events.shredded,
        }
        if any(self.manifest.counts.get(name) != count for name, count in found.items()):
            raise VerificationFailed(
                Code.MANIFEST_INVALID, "The manifest counts other entries than there are"
            )

    def _check_edges(self) -> None:
        """Raise VerificationFailed for a range that ends neither with the record nor beyond the dates asked for."""
        query, manifest = self.manifest.query, self.manifest
        begins = manifest.start == 0 or "" < self.first_recorded < query.since
        ends = manifest.end == self.signed.size or self.last_recorded >= query.until
        if not (begins and ends):
            raise VerificationFailed(
                Code.EXPORT_INCOMPLETE, "The range is not shown to cover the dates that were asked for"
            )


def leaf_lie(leaf: Leaf, tenant: str) -> Code:
    """Return what kind of change it is, as far as the leaf itself tells."""
    try:
        header = header_of(leaf)
        tokens_of(leaf)
    except VerificationFailed as lie:
        return lie.code
    return Code.LEAF_MISMATCH if header.get("tenant") == tenant else Code.TENANT_MISMATCH


def misplaced(seq: int, expected: int, rest: Iterator[bytes]) -> VerificationFailed:
    """Return what is wrong with a line that is not the next one."""
    if seq < expected:
        return VerificationFailed(Code.ENTRY_DUPLICATED, f"Entry {seq} is there twice")
    if any(json.loads(line)["seq"] == expected for line in rest):
        return VerificationFailed(Code.ORDER_CHANGED, f"Entry {seq} stands where {expected} belongs")
    return VerificationFailed(Code.ENTRY_MISSING, f"Entry {expected} is missing")


@dataclass(frozen=True)
class Report:
    """What was found to hold."""

    origin: str
    size: int
    root: str
    start: int
    end: int
    entries: int
    events: int
    shredded: int
    purged: int
    unsealed: int
    macs_checked: int
    held_size: int | None
    declared_restores: list[int]
    declared_purges: list[str]


def verify_package(
    path: Path,
    keys: Sequence[LogKey],
    *,
    held_note: bytes | None = None,
    officer: X25519PrivateKey | None = None,
) -> Report:
    """Verify a package against pinned keys, and what the auditor holds. Raises: VerificationFailed."""
    package = Package(path)
    manifest = read_manifest(package, keys)
    signed = open_checkpoint(package.read(CHECKPOINT), keys)
    if signed.origin != manifest.origin:
        raise VerificationFailed(Code.TENANT_MISMATCH, "Manifest and checkpoint are of different ledgers")
    if signed.size == 0:
        raise VerificationFailed(Code.EMPTY_TREE, "The record is empty")
    held = open_checkpoint(held_note, keys) if held_note is not None else None
    macs = Macs(read_boxes(package), officer) if officer else None
    check = EntryCheck(manifest.tenant, from_first=manifest.start == 0, macs=macs)
    with second_process(manifest.counts.get("events", 0)) as pool:
        documents = Documents(manifest.query.values, pool)
        events = ShownEvents(package, documents, with_bundle=BUNDLE in manifest.files)
        walk = Walk(manifest, signed, Tree([held.size] if held else ()), check, events)
        walk.run(package.lines(LEAVES))
        walk.finish(held)
    return report_of(walk, macs, held)


@contextmanager
def second_process(events: int) -> Iterator[Executor | None]:
    """Give a process that takes half the work of a large package; None where it would not be worth its start."""
    if events < PARALLEL_FROM or os.cpu_count() == 1:
        yield None
        return
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def report_of(walk: Walk, macs: Macs | None, held: SignedTree | None) -> Report:
    """Return what a walk found."""
    return Report(
        origin=walk.signed.origin,
        size=walk.signed.size,
        root=walk.signed.root.hex(),
        start=walk.manifest.start,
        end=walk.manifest.end,
        entries=walk.check.entries,
        events=walk.events.count,
        shredded=walk.events.shredded,
        purged=walk.check.purged,
        unsealed=walk.manifest.counts.get("unsealed", 0),
        macs_checked=macs.checked if macs else 0,
        held_size=held.size if held else None,
        declared_restores=sorted(size for size, _ in walk.check.restores),
        declared_purges=sorted(walk.check.purges),
    )


def read_boxes(package: Package) -> dict[bytes, bytes]:
    """Return the writers' first keys, sealed to the officer. Raises: VerificationFailed."""
    try:
        rows = json.loads(package.read(WRITERS))
        return {uuid_bytes(row["writer_id"]): bytes.fromhex(row["officer_box"]) for row in rows}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise VerificationFailed(Code.MANIFEST_INVALID, f"{WRITERS} cannot be read") from None


def officer_key(pem: Path, passphrase_file: Path) -> X25519PrivateKey:
    """Return the officer's private key. Raises: ValueError, OSError."""
    passphrase = unicodedata.normalize("NFC", passphrase_file.read_text().strip()).encode()
    key = load_pem_private_key(pem.read_bytes(), passphrase)
    if not isinstance(key, X25519PrivateKey):
        raise ValueError("not an X25519 key")
    return key


def pinned_key(text: str) -> LogKey:
    """Return the key of an argument: its text, or a file that holds it."""
    path = Path(text)
    return LogKey.parse(path.read_text() if path.is_file() else text)


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the command line's arguments."""
    parser = argparse.ArgumentParser(
        prog="verifier.py", description="Verifies an export of the audit record."
    )
    parser.add_argument("package", type=Path, help="the folder or .zip")
    parser.add_argument(
        "--key",
        action="append",
        required=True,
        type=pinned_key,
        help="pinned key, or its file; again for others",
    )
    parser.add_argument("--checkpoint", type=Path, help="the last checkpoint that you hold")
    parser.add_argument("--officer-key", type=Path, help="the officer's private key (PEM), to check the MACs")
    parser.add_argument("--passphrase-file", type=Path, help="a file with the key's passphrase")
    parser.add_argument("--json", action="store_true", help="answer with one JSON object")
    given = parser.parse_args(argv)
    if bool(given.officer_key) != bool(given.passphrase_file):
        parser.error("--officer-key and --passphrase-file go together")
    return given


def answer(result: Mapping[str, Any], *, as_json: bool) -> None:
    """Write the result."""
    text = json.dumps(result) if as_json else "\n".join(f"{name}: {value}" for name, value in result.items())
    sys.stdout.write(f"{text}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Verify a package and return the exit code."""
    given = arguments(argv)
    try:
        held = given.checkpoint.read_bytes() if given.checkpoint else None
        officer = officer_key(given.officer_key, given.passphrase_file) if given.officer_key else None
        report = verify_package(given.package, given.key, held_note=held, officer=officer)
    except VerificationFailed as lie:
        answer({"verified": False, "code": str(lie.code), "message": str(lie)}, as_json=given.json)
        return 1
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 2
    answer({"verified": True, **asdict(report)}, as_json=given.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
