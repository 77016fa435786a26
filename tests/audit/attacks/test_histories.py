"""Whatever is done to a ledger by the rules, in whatever order, verifies; and one changed byte afterwards does not."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.ledger.append import write_mark
from audit.ledger.checking import check_ledger
from audit.ledger.models import Seal
from audit.operations.forgetting import shred_patient
from audit.operations.keys import rewrap_all, rotate
from audit.operations.restoring import declare_restore
from audit.operations.retention import purge
from audit.services import append
from audit.verifier import VerificationFailed
from tests.audit.attacks.ledgers import (
    Clock,
    edit,
    entry_at,
    event,
    flipped,
    new_process,
    newest_note,
    officer,
    record,
    roll_back,
    seal,
)

pytestmark = pytest.mark.usefixtures("ledger")


def write_some(_: Path) -> None:
    record(4)


def write_unsealed(_: Path) -> None:
    append(event(patient_id="", action="sign-in"))


def start_again(_: Path) -> None:
    new_process()
    record(2)


def beat(_: Path) -> None:
    write_mark("heartbeat")
    seal()


def rotate_keys(_: Path) -> None:
    rotate()
    rewrap_all()
    record(1)


def shred(_: Path) -> None:
    shred_patient("pat-1")
    record(3)


def drop_what_is_old(_: Path) -> None:
    purge(timezone.now() - timedelta(days=6 * 366))
    seal()


def restore_a_backup(folder: Path) -> None:
    """Lose three entries, and say so."""
    seal()
    size = Seal.objects.count()
    record(3)
    lost = folder / "lost"
    lost.write_bytes(newest_note())
    roll_back(size)
    new_process()
    declare_restore(lost)
    seal()


OPERATIONS: list[Callable[[Path], None]] = [
    write_some,
    write_unsealed,
    start_again,
    beat,
    rotate_keys,
    shred,
    drop_what_is_old,
    restore_a_backup,
]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_histories_by_the_rules_verify_and_a_changed_byte_does_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, data: st.DataObject
) -> None:
    with transaction.atomic():
        new_process()
        with monkeypatch.context() as long_ago:
            Clock(long_ago).set(datetime.now(UTC) - timedelta(days=7 * 366))
            record(3)
        record(2)
        held = [newest_note()]
        for operation in data.draw(st.lists(st.sampled_from(OPERATIONS), max_size=7)):
            operation(tmp_path)
            held.append(newest_note())
            check_ledger(held=held, officer=officer())
        victim = entry_at(data.draw(st.integers(3, Seal.objects.count() - 1)))
        raw = bytes(victim.header)
        edit(victim, header=flipped(raw, data.draw(st.integers(0, len(raw) - 1))))
        with pytest.raises(VerificationFailed):
            check_ledger()
        transaction.set_rollback(True)
