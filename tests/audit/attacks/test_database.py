"""Lies told in the database itself, each found under a code of its own."""

import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.utils import timezone

from audit.domain import new_event_id
from audit.ledger.checking import check_ledger
from audit.ledger.encoding import canonical
from audit.ledger.models import (
    Checkpoint,
    Entry,
    PurgeDeclaration,
    Seal,
    SubjectKey,
    Tile,
    Unsealed,
    WrappedKey,
    Writer,
)
from audit.ledger.sealer import leaf_of
from audit.ledger.setup import checkpoint_signer
from audit.ledger.writer import writer_of
from audit.services import append
from audit.tlog.checkpoints import Checkpoint as SignedTree
from audit.tlog.checkpoints import sign_checkpoint
from audit.tlog.merkle import EMPTY_ROOT
from audit.tlog.vkeys import SigningKey
from audit.verifier import VerificationFailed
from tests.audit.attacks.ledgers import (
    edit,
    entry_at,
    event,
    flipped,
    new_process,
    newest_note,
    officer,
    record,
    roll_back,
    sign_again,
)

pytestmark = pytest.mark.usefixtures("ledger")
SIZE = 12


def lie_found(**held: Any) -> str:
    with pytest.raises(VerificationFailed) as caught:
        check_ledger(**held)
    return str(caught.value.code)


def delete_entry(entry: Entry) -> None:
    Entry.objects.filter(pk=entry.pk).delete()


@pytest.mark.parametrize(
    ("column", "code"),
    [
        ("event_id", "ENTRY_MISSING"),
        ("writer_id", "LEAF_MISMATCH"),
        ("writer_seq", "LEAF_MISMATCH"),
        ("header", "HEADER_EDITED"),
        ("tokens", "TOKENS_EDITED"),
        ("commitment", "COMMITMENT_MISMATCH"),
        ("key_id", "KEY_DAMAGED"),
        ("nonce", "CIPHERTEXT_MISMATCH"),
        ("ciphertext", "CIPHERTEXT_MISMATCH"),
        ("subject", "CIPHERTEXT_MISMATCH"),
        ("mac", "MAC_MISMATCH"),
    ],
)
def test_an_edited_column_is_found(column: str, code: str) -> None:
    record(SIZE)
    entry = entry_at(5)
    value = getattr(entry, column)
    changed: dict[type, Callable[[Any], Any]] = {
        UUID: lambda _: new_event_id(),
        int: lambda number: number + 1000,
        str: lambda text: f"{text}0",
    }
    edit(entry, **{column: changed.get(type(value), lambda data: flipped(bytes(data)))(value)})
    assert lie_found(officer=officer()) == code


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("outcome", 4),
        ("emergency", True),
        ("patient_token", b"0" * 16),
        ("user_token", None),
        ("date_token", b""),
    ],
)
def test_an_edited_index_column_is_found(column: str, value: object) -> None:
    record(SIZE)
    edit(entry_at(5), **{column: value})
    assert lie_found() == "INDEX_MISMATCH"


def test_an_edited_blind_token_is_found_even_where_its_index_column_says_the_same() -> None:
    record(SIZE)
    entry, other = entry_at(5), entry_at(6)
    tokens = json.loads(bytes(entry.tokens)) | {"patient": bytes(other.patient_token or b"").hex()}
    edit(entry, tokens=canonical(tokens), patient_token=other.patient_token)
    assert lie_found() == "TOKENS_EDITED"


def test_an_edited_header_is_found_even_where_its_index_columns_say_the_same() -> None:
    record(SIZE)
    entry = entry_at(5)
    header = json.loads(bytes(entry.header)) | {"outcome": "8"}
    edit(entry, header=canonical(header), outcome=8)
    assert lie_found() == "CIPHERTEXT_MISMATCH"


def test_a_deletion_in_the_middle_is_found() -> None:
    record(SIZE)
    delete_entry(entry_at(5))
    assert lie_found() == "ENTRY_MISSING"


def test_a_deletion_with_its_seal_is_found() -> None:
    record(SIZE)
    entry = entry_at(5)
    delete_entry(entry)
    Seal.objects.filter(event_id=entry.event_id).delete()
    assert lie_found() == "ENTRY_MISSING"


@pytest.mark.parametrize("with_its_place", [False, True])
def test_a_deletion_before_the_seal_is_found(*, with_its_place: bool) -> None:
    record(SIZE)
    waiting = [append(event()) for _ in range(3)]
    Entry.objects.filter(event_id=waiting[1]).delete()
    if with_its_place:
        Unsealed.objects.filter(event_id=waiting[1]).delete()
    assert lie_found() == "UNSEALED_DELETED"


def test_an_entry_that_is_kept_from_the_sealer_is_found() -> None:
    record(SIZE)
    waiting = append(event())
    Unsealed.objects.filter(event_id=waiting).delete()
    assert lie_found() == "UNSEALED_DELETED"


def test_a_deletion_before_the_seal_is_found_once_the_rest_is_sealed() -> None:
    record(SIZE)
    waiting = [append(event()) for _ in range(3)]
    Entry.objects.filter(event_id=waiting[1]).delete()
    Unsealed.objects.filter(event_id=waiting[1]).delete()
    record(1)
    assert lie_found() == "ENTRY_MISSING"


def test_a_writer_whose_entries_are_all_gone_is_found() -> None:
    record(SIZE)
    new_process()
    waiting = append(event())
    Entry.objects.filter(event_id=waiting).delete()
    Unsealed.objects.filter(event_id=waiting).delete()
    assert lie_found() == "ENTRY_MISSING"


@pytest.mark.parametrize("with_entries", [False, True])
def test_a_truncated_tail_is_found(*, with_entries: bool) -> None:
    record(SIZE)
    tail = Seal.objects.filter(seq__gte=SIZE - 3)
    if with_entries:
        Entry.objects.filter(event_id__in=tail.values("event_id")).delete()
    tail.delete()
    assert lie_found() == "TRUNCATED"


def test_another_order_is_found() -> None:
    record(SIZE)
    first, second = Seal.objects.get(seq=4), Seal.objects.get(seq=5)
    Seal.objects.filter(seq__in=(4, 5)).delete()
    Seal.objects.create(seq=4, event_id=second.event_id, leaf_hash=second.leaf_hash)
    Seal.objects.create(seq=5, event_id=first.event_id, leaf_hash=first.leaf_hash)
    assert lie_found() == "ORDER_CHANGED"


def test_another_order_of_different_writers_is_found_in_the_tiles() -> None:
    for _ in range(2):
        new_process()
        record(128)
    seals = {seal.seq: seal for seal in Seal.objects.filter(seq__in=(127, 128))}
    Seal.objects.filter(seq__in=seals).delete()
    for seq, seal in ((127, seals[128]), (128, seals[127])):
        Seal.objects.create(seq=seq, event_id=seal.event_id, leaf_hash=seal.leaf_hash)
    Checkpoint.objects.filter(size__lt=256).delete()
    assert lie_found() == "ORDER_CHANGED"


def test_a_replayed_event_is_found() -> None:
    """The copy has another id, as two of one id the database refuses: so it does not open."""
    record(SIZE)
    copy = entry_at(5)
    copy.pk, copy.event_id, copy.writer_seq = None, new_event_id(), SIZE
    copy.save()
    Unsealed.objects.create(event_id=copy.event_id)
    record(0)
    assert lie_found() == "CIPHERTEXT_MISMATCH"


def test_swapped_ciphertexts_are_found() -> None:
    record(SIZE)
    one, other = entry_at(4), entry_at(5)
    edit(one, ciphertext=other.ciphertext)
    edit(other, ciphertext=one.ciphertext)
    assert lie_found() == "CIPHERTEXT_MISMATCH"


def test_a_row_of_another_tenant_is_found(settings: Any) -> None:
    record(SIZE)
    settings.TACIT_AUDIT_TENANT = "other"
    new_process()
    append(event(patient_id=""))
    foreign = Entry.objects.latest("pk")
    Entry.objects.filter(pk=foreign.pk).delete()
    Unsealed.objects.all().delete()
    settings.TACIT_AUDIT_TENANT = "default"
    edit(
        entry_at(5),
        **{
            name: getattr(foreign, name)
            for name in ("header", "tokens", "commitment", "nonce", "ciphertext", "subject")
        },
        **{name: getattr(foreign, name) for name in ("key_id", "recorded_at", "outcome", "emergency")},
        **{
            f"{name}_token": getattr(foreign, f"{name}_token")
            for name in "patient user client action purpose date".split()
        },
    )
    assert lie_found() == "TENANT_MISMATCH"


def test_a_database_that_was_rolled_back_is_found_by_who_holds_a_checkpoint() -> None:
    record(SIZE)
    record(3)
    held = newest_note()
    roll_back(SIZE)
    check_ledger()
    assert lie_found(held=[held]) == "ROLLED_BACK"


def test_a_database_that_was_rolled_back_and_grew_again_is_found() -> None:
    record(SIZE)
    record(3)
    held = newest_note()
    roll_back(SIZE)
    new_process()
    record(5)
    check_ledger()
    assert lie_found(held=[held]) == "UNDECLARED_RESTORE"


def test_a_fork_is_found_by_who_holds_the_other_checkpoint() -> None:
    record(SIZE)
    record(3)
    held = newest_note()
    roll_back(SIZE)
    new_process()
    record(3)
    check_ledger()
    assert lie_found(held=[held]) == "FORKED"


def rewrite(entry: Entry) -> None:
    """Make an entry say something else, with all that the live keys allow."""
    append(event(patient_id="pat-9"))
    new = Entry.objects.latest("pk")
    Unsealed.objects.filter(event_id=new.event_id).delete()
    Entry.objects.filter(pk=new.pk).delete()
    columns = {field.attname: getattr(new, field.attname) for field in Entry._meta.concrete_fields}
    for kept in ("id", "writer_id", "writer_seq"):
        del columns[kept]
    Seal.objects.filter(event_id=entry.event_id).update(event_id=new.event_id)
    edit(entry, **columns)


def test_what_was_signed_again_with_the_stolen_live_key_is_found() -> None:
    record(SIZE)
    held = newest_note()
    new_process()
    record(1)
    rewrite(entry_at(5))
    sign_again()
    Writer.objects.exclude(writer_id__in=Entry.objects.values("writer_id")).delete()
    check_ledger()
    assert lie_found(held=[held]) == "UNDECLARED_RESTORE"
    assert lie_found(officer=officer()) == "MAC_MISMATCH"


def test_old_rows_under_a_newer_key_of_their_writer_are_found() -> None:
    """CVE-2023-31438 and CVE-2023-31439: journald's verifier took such entries for old ones."""
    record(SIZE)
    entry, live_key = entry_at(5), writer_of(connections["default"])._keys[-1]
    edit(entry, mac=hmac.digest(live_key, leaf_of(entry).preimage(), "sha256"))
    check_ledger()
    assert lie_found(officer=officer()) == "RATCHET_REUSED"


@pytest.mark.parametrize("models", [(Seal,), (Seal, Tile, Checkpoint), (Checkpoint,)])
def test_stripped_seals_are_found(models: tuple[Any, ...]) -> None:
    record(SIZE)
    for model in models:
        model.objects.all().delete()
    assert lie_found() == "SEALS_STRIPPED"


def test_a_checkpoint_without_its_signature_is_found() -> None:
    record(SIZE)
    text = newest_note().decode().partition("\n\n")[0] + "\n"
    Checkpoint.objects.update(note=text)
    assert lie_found() == "SEALS_STRIPPED"


def test_an_emptied_ledger_is_found() -> None:
    record(SIZE)
    held = newest_note()
    for model in (Entry, Seal, Tile, Checkpoint):
        model.objects.all().delete()
    assert lie_found() == "EMPTY_TREE"
    Writer.objects.all().delete()
    check_ledger()
    assert lie_found(held=[held]) == "EMPTY_TREE"


def test_a_signed_tree_of_size_zero_is_found() -> None:
    signer = checkpoint_signer()
    note = sign_checkpoint(SignedTree(signer.name, 0, EMPTY_ROOT), signer)
    Checkpoint.objects.create(size=0, root=EMPTY_ROOT, note=str(note), created_at=timezone.now())
    assert lie_found() == "EMPTY_TREE"


def test_another_key_is_found() -> None:
    record(SIZE)
    other = SigningKey.generate("tacit.local/audit/default")
    assert lie_found(keys=[str(other.verifier)]) == "KEY_UNTRUSTED"


def test_a_signature_of_another_text_is_found() -> None:
    record(SIZE)
    record(1)
    older, newest = Checkpoint.objects.order_by("size")
    signature = older.note.rpartition("\n\n")[2]
    Checkpoint.objects.filter(pk=newest.pk).update(
        note=f"{newest.note.rpartition(chr(10) * 2)[0]}\n\n{signature}"
    )
    assert lie_found() == "SIGNATURE_INVALID"


def test_a_changed_tile_is_found() -> None:
    record(256)
    tile = Tile.objects.get()
    Tile.objects.filter(pk=tile.pk).update(data=flipped(bytes(tile.data), 100))
    assert lie_found() == "INCLUSION_INVALID"


def test_a_damaged_key_is_found() -> None:
    record(SIZE)
    row = WrappedKey.objects.latest("pk")
    WrappedKey.objects.filter(pk=row.pk).update(wrapped=flipped(bytes(row.wrapped), -1))
    assert lie_found() == "KEY_DAMAGED"


def test_a_key_that_is_gone_is_found() -> None:
    record(SIZE)
    WrappedKey.objects.filter(key_id__startswith="data/").delete()
    assert lie_found() == "KEY_DAMAGED"


def test_a_purge_that_only_the_database_knows_of_is_found() -> None:
    record(SIZE)
    PurgeDeclaration.objects.create(
        before=datetime(2001, 1, 1, tzinfo=UTC), declared_at=datetime.now(UTC), event_id=new_event_id()
    )
    assert lie_found() == "INDEX_MISMATCH"


def test_a_shredded_patient_still_verifies() -> None:
    record(SIZE)
    SubjectKey.objects.filter(subject_token=entry_at(0).patient_token).delete()
    assert check_ledger(officer=officer()).shredded == SIZE / 3


def test_no_message_names_a_patient_or_a_user() -> None:
    record(SIZE, patient_id="pat-secret", actor="alma-secret")
    edit(entry_at(5), tokens=b"{}")
    with pytest.raises(VerificationFailed) as caught:
        check_ledger()
    assert "secret" not in str(caught.value)
