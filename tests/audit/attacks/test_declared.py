"""What may change in a record is declared in it: keys that rotate, entries past their time, a restored backup."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from audit.ledger.append import write_mark
from audit.ledger.checking import check_ledger
from audit.ledger.header import timestamp
from audit.ledger.models import Entry, PurgeDeclaration, WrappedKey
from audit.operations.forgetting import shred_patient
from audit.operations.keys import rewrap_all, rotate
from audit.operations.restoring import declare_restore
from audit.operations.retention import purge
from audit.tlog.vkeys import SigningKey
from audit.verifier import LogKey, VerificationFailed, verify_package
from tests.audit.attacks.ledgers import (
    Clock,
    entry_at,
    new_process,
    newest_note,
    officer,
    pinned,
    record,
    roll_back,
    seal,
)
from tests.audit.verifier.packages import export, verify

pytestmark = pytest.mark.usefixtures("ledger")
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SEVEN_YEARS_AGO = NOW - timedelta(days=7 * 366)
BEFORE = SEVEN_YEARS_AGO + timedelta(days=1)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def record_old_and_new(clock: Clock, *, new_writer: bool = True) -> None:
    clock.set(SEVEN_YEARS_AGO)
    record(6)
    if new_writer:
        new_process()
    clock.set(NOW)
    record(4)


def lie_found(**held: Any) -> str:
    with pytest.raises(VerificationFailed) as caught:
        check_ledger(**held)
    return str(caught.value.code)


def lie_found_in(package: Path) -> str:
    with pytest.raises(VerificationFailed) as caught:
        verify(package)
    return str(caught.value.code)


@pytest.mark.parametrize("new_writer", [True, False])
def test_a_declared_purge_passes(clock: Clock, tmp_path: Path, *, new_writer: bool) -> None:
    record_old_and_new(clock, new_writer=new_writer)
    held = newest_note()
    assert purge(BEFORE) == 6
    report = check_ledger(held=[held], officer=officer())
    assert (report.purged, report.entries, report.unsealed) == (6, 4, 1)
    assert report.declared_purges == [timestamp(BEFORE)]
    shown = verify(export(tmp_path / "all"), held_note=held, officer=officer())
    assert (shown.purged, shown.entries, shown.events, shown.declared_purges) == (
        6,
        5,
        4,
        [timestamp(BEFORE)],
    )


def test_a_purge_shows_in_packages_of_other_dates_too(clock: Clock, tmp_path: Path) -> None:
    record_old_and_new(clock)
    purge(BEFORE)
    clock.set(NOW + timedelta(days=1))
    record(3)
    clock.set(NOW + timedelta(days=2))
    record(3)
    shown = verify(export(tmp_path / "late", since=NOW + timedelta(days=2)))
    assert (shown.events, shown.purged, shown.declared_purges) == (3, 0, [timestamp(BEFORE)])


def test_a_purge_that_nobody_declared_is_found(clock: Clock, tmp_path: Path) -> None:
    record_old_and_new(clock)
    Entry.objects.filter(recorded_at__lt=BEFORE).delete()
    assert lie_found() == "ENTRY_MISSING"
    assert lie_found_in(export(tmp_path / "all")) == "ENTRY_MISSING"


def test_a_purge_that_took_more_than_it_declared_is_found(clock: Clock, tmp_path: Path) -> None:
    record_old_and_new(clock)
    purge(BEFORE)
    Entry.objects.filter(pk=entry_at(8).pk).delete()
    assert lie_found() == "ENTRY_MISSING"
    assert lie_found_in(export(tmp_path / "all")) == "ENTRY_MISSING"


def test_a_declared_purge_of_what_must_be_kept_is_found(clock: Clock, tmp_path: Path) -> None:
    clock.set(NOW - timedelta(days=5 * 366))
    record(6)
    new_process()
    clock.set(NOW)
    before = NOW - timedelta(days=1)
    event_id = write_mark("purge", before=timestamp(before))
    PurgeDeclaration.objects.create(before=before, declared_at=NOW, event_id=event_id)
    Entry.objects.filter(recorded_at__lt=before).delete()
    seal()
    assert lie_found() == "ENTRY_MISSING"
    assert lie_found_in(export(tmp_path / "all")) == "ENTRY_MISSING"


def test_a_declared_restore_passes(tmp_path: Path) -> None:
    record(5)
    record(3)
    lost = tmp_path / "lost"
    lost.write_bytes(newest_note())
    roll_back(5)
    new_process()
    declare_restore(lost)
    record(4)
    report = check_ledger(held=[lost.read_bytes()], officer=officer())
    assert (report.size, report.declared_restores) == (10, [8])
    assert verify(export(tmp_path / "all"), held_note=lost.read_bytes()).declared_restores == [8]


def test_the_restore_of_another_tree_declares_nothing(tmp_path: Path) -> None:
    record(5)
    record(3)
    lost, other = newest_note(), tmp_path / "other"
    roll_back(5)
    new_process()
    record(7)
    other.write_bytes(newest_note())
    roll_back(5)
    new_process()
    declare_restore(other)
    record(7)
    assert lie_found(held=[lost]) == "UNDECLARED_RESTORE"


def test_a_new_key_encryption_key_passes() -> None:
    record(5)
    kek_id = rotate()
    assert rewrap_all() == WrappedKey.objects.filter(kek_id=kek_id).count() + 1
    record(5)
    assert check_ledger(officer=officer()).size == 10


def test_new_data_keys_and_writers_pass() -> None:
    for _ in range(3):
        record(4)
        new_process()
    assert len(set(Entry.objects.values_list("key_id", flat=True))) == 3
    assert check_ledger(officer=officer()).macs_checked == 12


def test_a_shredded_patient_passes() -> None:
    record(9)
    assert shred_patient("pat-1") == 1
    assert check_ledger(officer=officer()).shredded == 3


def test_an_older_signing_key_may_be_pinned_beside_the_new_one(tmp_path: Path) -> None:
    record(5)
    package = export(tmp_path / "all")
    older = LogKey.parse(str(SigningKey.generate("tacit.local/audit/default").verifier))
    assert verify_package(package, [older, LogKey.parse(pinned())]).entries == 5
