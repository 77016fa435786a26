"""Lies told in a package by whoever runs its server and holds the live key, each found under a code of its own."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from audit.keys.officer import create_officer_keys
from audit.ledger.setup import checkpoint_signer
from audit.ledger.store import DatabaseTiles
from audit.tlog.checkpoints import Checkpoint as SignedTree
from audit.tlog.checkpoints import sign_checkpoint
from audit.tlog.merkle import EMPTY_ROOT
from audit.tlog.proofs import tree_root
from audit.tlog.serving import store_reader
from audit.tlog.vkeys import SigningKey
from audit.verifier import LogKey, VerificationFailed, officer_key, verify_package
from tests.audit.attacks.ledgers import flipped, new_process, newest_note, officer, record, roll_back
from tests.audit.verifier.packages import change, change_line, export, lines, sign, verify

pytestmark = pytest.mark.usefixtures("ledger")
SIZE = 12
LEAVES, EVENTS = "leaves.jsonl", "events.ndjson"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """All events of pat-1 among those of three patients."""
    record(SIZE)
    return export(tmp_path / "package", values={"patient": "pat-1"})


def lie_found(package: Path, **held: Any) -> str:
    with pytest.raises(VerificationFailed) as caught:
        verify(package, **held)
    return str(caught.value.code)


def flipped_hex(text: str) -> str:
    return flipped(bytes.fromhex(text)).hex()


def flip_uuid(text: str) -> str:
    return text[:-1] + ("0" if text[-1] != "0" else "1")


@pytest.mark.parametrize(
    ("column", "edit", "code"),
    [
        ("event_id", flip_uuid, "LEAF_MISMATCH"),
        ("writer_id", flip_uuid, "LEAF_MISMATCH"),
        ("writer_seq", lambda number: number + 100, "LEAF_MISMATCH"),
        ("header", lambda text: text.replace('"0"', '"8"'), "LEAF_MISMATCH"),
        ("header", lambda text: text[1:], "HEADER_EDITED"),
        ("header", lambda text: text.replace("default", "another"), "TENANT_MISMATCH"),
        ("tokens", lambda text: text.replace("patient", "client"), "LEAF_MISMATCH"),
        ("tokens", lambda text: text[1:], "TOKENS_EDITED"),
        ("commitment", flipped_hex, "LEAF_MISMATCH"),
        ("key_id", lambda text: f"{text}0", "LEAF_MISMATCH"),
        ("nonce", flipped_hex, "LEAF_MISMATCH"),
        ("ciphertext_sha256", flipped_hex, "LEAF_MISMATCH"),
        ("subject_sha256", flipped_hex, "LEAF_MISMATCH"),
        ("leaf", flipped_hex, "LEAF_MISMATCH"),
        ("mac", flipped_hex, "MAC_MISMATCH"),
    ],
)
def test_an_edited_column_is_found(package: Path, column: str, edit: Callable[[Any], Any], code: str) -> None:
    change_line(package, LEAVES, 5, **{column: edit(lines(package, LEAVES)[5][column])})
    assert lie_found(package, officer=officer()) == code


def test_a_leaf_that_fits_its_own_hash_is_not_in_the_tree(package: Path) -> None:
    other = lines(package, LEAVES)[6]
    change_line(package, LEAVES, 5, leaf=other["leaf"], purged=True)
    assert lie_found(package) == "INCLUSION_INVALID"


def test_a_missing_entry_is_found(package: Path) -> None:
    change(package, LEAVES, lambda found: found[:5] + found[6:])
    assert lie_found(package) == "ENTRY_MISSING"


def test_an_entry_passed_off_as_purged_is_found(package: Path) -> None:
    leaf = lines(package, LEAVES)[5]
    purged = {"seq": 5, "leaf": leaf["leaf"], "event_id": leaf["event_id"], "purged": True}
    change(package, LEAVES, lambda found: [*found[:5], json.dumps(purged).encode() + b"\n", *found[6:]])
    assert lie_found(package) == "ENTRY_MISSING"


def test_a_truncated_tail_is_found(package: Path) -> None:
    change(package, LEAVES, lambda found: found[:-1])
    assert lie_found(package) == "TRUNCATED"


def test_another_order_is_found(package: Path) -> None:
    change(package, LEAVES, lambda found: [*found[:5], found[6], found[5], *found[7:]])
    assert lie_found(package) == "ORDER_CHANGED"


def test_a_duplicated_entry_is_found(package: Path) -> None:
    change(package, LEAVES, lambda found: [*found[:6], found[5], *found[6:]])
    assert lie_found(package) == "ENTRY_DUPLICATED"


def test_swapped_ciphertexts_are_found(package: Path) -> None:
    rows = lines(package, LEAVES)
    change_line(package, LEAVES, 4, ciphertext_sha256=rows[5]["ciphertext_sha256"])
    change_line(package, LEAVES, 5, ciphertext_sha256=rows[4]["ciphertext_sha256"])
    assert lie_found(package) == "LEAF_MISMATCH"


def test_an_event_that_says_something_else_is_found(package: Path) -> None:
    change(package, EVENTS, lambda found: [found[0].replace(b"alma", b"olga"), *found[1:]])
    assert lie_found(package) == "COMMITMENT_MISMATCH"


def test_an_event_with_another_salt_is_found(package: Path) -> None:
    change_line(package, EVENTS, 0, salt="00" * 32)
    assert lie_found(package) == "COMMITMENT_MISMATCH"


def test_an_event_passed_off_as_shredded_is_found(package: Path) -> None:
    def hide(found: list[bytes]) -> list[bytes]:
        event = json.loads(found[0])
        shown = json.dumps(event["event"], separators=(",", ":"), sort_keys=True)
        line = f'{{"seq":{event["seq"]},"event_id":"{event["event_id"]}","shredded":true,"event":{shown}}}\n'
        return [line.encode(), *found[1:]]

    change(package, EVENTS, hide)
    assert lie_found(package) == "COMMITMENT_MISMATCH"


@pytest.mark.parametrize("at", [0, 1, 3])
def test_an_event_that_is_left_out_is_found(package: Path, at: int) -> None:
    change(package, EVENTS, lambda found: found[:at] + found[at + 1 :])
    assert lie_found(package) == "EXPORT_INCOMPLETE"


def test_an_event_that_does_not_match_is_found(package: Path) -> None:
    change(package, EVENTS, lambda found: [*found, found[0]])
    assert lie_found(package) == "EXPORT_INCOMPLETE"


def hide_the_last_four(package: Path) -> None:
    """Give a hash for the last four entries: the tree is right, and what matched among them is hidden."""
    value = store_reader(DatabaseTiles(), SIZE).subtree(2, 2).hex()
    node = json.dumps({"seq": 8, "level": 2, "hash": value}).encode() + b"\n"
    change(package, LEAVES, lambda found: [*found[:8], node])
    change(package, EVENTS, lambda found: found[:3])


def test_a_part_of_the_range_that_is_not_listed_is_found(package: Path) -> None:
    hide_the_last_four(package)
    assert lie_found(package) == "EXPORT_INCOMPLETE"


def test_a_range_that_is_cut_short_is_found(tmp_path: Path) -> None:
    record(SIZE)
    package = export(tmp_path / "short", formats=(), values={"patient": "pat-1"})
    hide_the_last_four(package)
    sign(
        package, range={"start": 0, "end": 8}, counts={"entries": 8, "events": 3, "shredded": 0, "purged": 0}
    )
    assert lie_found(package) == "EXPORT_INCOMPLETE"


def test_a_filter_with_the_token_of_another_value_is_found(package: Path) -> None:
    manifest = json.loads((package / "manifest.json").read_bytes())
    manifest["query"]["values"]["patient"] = "pat-2"
    sign(package, query=manifest["query"])
    assert lie_found(package) == "TOKENS_EDITED"


def test_a_filter_that_asks_for_less_than_its_values_is_found(package: Path) -> None:
    manifest = json.loads((package / "manifest.json").read_bytes())
    manifest["query"]["tokens"] = {}
    sign(package, query=manifest["query"])
    assert lie_found(package) == "MANIFEST_INVALID"


def test_counts_that_are_not_those_found_are_found(package: Path) -> None:
    manifest = json.loads((package / "manifest.json").read_bytes())
    sign(package, counts=manifest["counts"] | {"events": 5})
    assert lie_found(package) == "MANIFEST_INVALID"


@pytest.mark.parametrize(
    "name", [LEAVES, EVENTS, "checkpoint", "writers.json", "events.csv", "cover.pdf", "verifier.py"]
)
def test_a_file_that_was_not_signed_is_found(package: Path, name: str) -> None:
    path = package / name
    path.write_bytes(flipped(path.read_bytes(), 3))
    assert lie_found(package) == "MANIFEST_INVALID"


def test_a_file_that_the_manifest_does_not_list_is_found(package: Path) -> None:
    (package / "events-2.csv").write_text("seq\n")
    assert lie_found(package) == "MANIFEST_INVALID"


def test_a_changed_manifest_is_found(package: Path) -> None:
    path = package / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b"olga", b"alma"))
    assert lie_found(package) == "MANIFEST_INVALID"


def test_a_checkpoint_passed_off_as_the_manifests_signature_is_found(package: Path) -> None:
    (package / "manifest.note").write_bytes((package / "checkpoint").read_bytes())
    assert lie_found(package) == "MANIFEST_INVALID"


def test_a_bundle_that_says_something_else_is_found(package: Path) -> None:
    change(package, "bundle.json", lambda found: [found[0], found[1].replace(b"alma", b"olga"), *found[2:]])
    assert lie_found(package) == "MANIFEST_INVALID"


def test_another_key_is_found(package: Path) -> None:
    other = SigningKey.generate("tacit.local/audit/default")
    with pytest.raises(VerificationFailed) as caught:
        verify_package(package, [LogKey.parse(str(other.verifier))])
    assert caught.value.code == "KEY_UNTRUSTED"


def test_a_key_that_the_package_brings_along_is_not_trusted(package: Path) -> None:
    other = SigningKey.generate("tacit.local/audit/default")
    note = (package / "checkpoint").read_text().partition("\n\n")[0] + "\n"
    (package / "checkpoint").write_text(str(sign_checkpoint(SignedTree.parse(note), other)))
    sign(package)
    assert lie_found(package) == "KEY_UNTRUSTED"


def test_a_signature_of_another_text_is_found(package: Path) -> None:
    path = package / "checkpoint"
    text, _, signature = path.read_text().rpartition("\n\n")
    path.write_text(f"{text.replace(f'{chr(10)}12{chr(10)}', f'{chr(10)}13{chr(10)}')}\n\n{signature}")
    sign(package)
    assert lie_found(package) == "SIGNATURE_INVALID"


def test_stripped_seals_are_found(package: Path) -> None:
    path = package / "checkpoint"
    path.write_text(path.read_text().partition("\n\n")[0] + "\n")
    sign(package)
    assert lie_found(package) == "SEALS_STRIPPED"


def test_a_tree_of_size_zero_is_found(package: Path) -> None:
    signer = checkpoint_signer()
    note = sign_checkpoint(SignedTree(signer.name, 0, EMPTY_ROOT), signer)
    (package / "checkpoint").write_text(str(note))
    change(package, LEAVES, lambda _: [])
    change(package, EVENTS, lambda _: [])
    assert lie_found(package) == "EMPTY_TREE"


def test_the_checkpoint_of_another_ledger_is_found(package: Path) -> None:
    other = SigningKey("another.example/audit", checkpoint_signer().private)
    note = (
        (package / "checkpoint")
        .read_text()
        .partition("\n\n")[0]
        .replace("tacit.local/audit/default", other.name)
    )
    (package / "checkpoint").write_text(str(sign_checkpoint(SignedTree.parse(f"{note}\n"), other)))
    sign(package)
    with pytest.raises(VerificationFailed) as caught:
        verify_package(
            package, [LogKey.parse(str(checkpoint_signer().verifier)), LogKey.parse(str(other.verifier))]
        )
    assert caught.value.code == "TENANT_MISMATCH"


def test_a_rolled_back_record_is_found(tmp_path: Path) -> None:
    record(SIZE)
    record(3)
    held = newest_note()
    roll_back(SIZE)
    assert lie_found(export(tmp_path / "back"), held_note=held) == "ROLLED_BACK"


def test_a_record_that_was_rolled_back_and_grew_again_is_found(tmp_path: Path) -> None:
    record(SIZE)
    record(3)
    held = newest_note()
    roll_back(SIZE)
    new_process()
    record(5)
    assert lie_found(export(tmp_path / "grown"), held_note=held) == "UNDECLARED_RESTORE"


def test_a_fork_is_found(tmp_path: Path) -> None:
    record(SIZE)
    record(3)
    held = newest_note()
    roll_back(SIZE)
    new_process()
    record(3)
    assert lie_found(export(tmp_path / "fork"), held_note=held) == "FORKED"


@pytest.fixture
def late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, bytes]:
    """A package of the last of three days, and the checkpoint after the first day."""
    notes = []
    for day in range(3):
        moment = datetime(2026, 11, 20 + day, tzinfo=UTC)
        monkeypatch.setattr("django.utils.timezone.now", lambda moment=moment: moment)
        record(11)
        notes.append(newest_note())
    package = export(
        tmp_path / "late",
        held_sizes=[11],
        since=datetime(2026, 11, 22, tzinfo=UTC),
        until=datetime(2026, 11, 23, tzinfo=UTC),
    )
    return package, notes[0]


def test_a_part_of_the_record_is_consistent_with_what_the_auditor_holds(late: tuple[Path, bytes]) -> None:
    package, held = late
    report = verify(package, held_note=held)
    assert (report.start, report.end, report.entries, report.events, report.held_size) == (21, 33, 12, 11, 11)


def test_a_forged_consistency_proof_is_found(late: tuple[Path, bytes]) -> None:
    """The hashes of the auditor's own tree are left as they are, and those that lead on from it are not."""
    package, held = late
    at = next(at for at, line in enumerate(lines(package, LEAVES)) if line["seq"] == 12)
    change_line(package, LEAVES, at, hash="00" * 32)
    assert lie_found(package, held_note=held) == "CONSISTENCY_INVALID"


def test_a_proof_that_was_left_out_is_told(late: tuple[Path, bytes]) -> None:
    package, _ = late
    signer = checkpoint_signer()
    root = tree_root(store_reader(DatabaseTiles(), 33), 5)
    held = str(sign_checkpoint(SignedTree(signer.name, 5, root), signer)).encode()
    assert lie_found(package, held_note=held) == "CONSISTENCY_INVALID"


def test_forged_hashes_beside_the_range_are_found(late: tuple[Path, bytes]) -> None:
    package, _ = late
    change_line(package, LEAVES, 0, hash="00" * 32)
    assert lie_found(package) == "INCLUSION_INVALID"


def test_dates_that_the_range_does_not_cover_are_found(late: tuple[Path, bytes]) -> None:
    package, _ = late
    query = json.loads((package / "manifest.json").read_bytes())["query"]
    sign(package, query=query | {"since": "2026-11-21T00:00:00.000000Z"})
    assert lie_found(package) == "EXPORT_INCOMPLETE"


def test_another_officers_key_checks_nothing(package: Path, tmp_path: Path) -> None:
    private, passphrase = tmp_path / "private.pem", tmp_path / "passphrase"
    passphrase.write_text("correct horse battery\n")
    create_officer_keys(
        private_path=private, public_path=tmp_path / "public.pem", passphrase="correct horse battery"
    )
    assert lie_found(package, officer=officer_key(private, passphrase)) == "MAC_MISMATCH"


def test_no_message_names_what_an_entry_says(package: Path) -> None:
    change(package, EVENTS, lambda found: [found[0].replace(b"pat-1", b"pat-7"), *found[1:]])
    with pytest.raises(VerificationFailed) as caught:
        verify(package)
    assert "pat-" not in str(caught.value)
