"""An emergency goes on where the record cannot be written, and comes into the record later, once."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import TestCase

from audit.domain import Event, Outcome
from audit.errors import AuditUnavailable
from audit.keys.errors import ProviderUnavailable
from audit.ledger import spool as spooling
from audit.ledger.append import documents_of
from audit.ledger.spool import drain, spool, spooled_count, unreadable_count
from audit.models import Entry
from audit.services import append, append_all, recorded_since

pytestmark = pytest.mark.django_db
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
CANARY = "zebedee-quarrington"


def break_glass(**changes: Any) -> Event:
    values: dict[str, Any] = {
        "action": "break-glass",
        "outcome": Outcome.SUCCESS,
        "actor": "alma",
        "role": "clinician",
        "patient_id": CANARY,
        "purpose": "BTG",
        "reason": "unconscious",
    }
    return Event(**values | changes)


def an_hour_ago() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


def spooled(event: Event, moment: datetime) -> Path:
    [event_id] = spool(documents_of([event], moment))
    return spooling.spool_folder() / f"{event_id}.json"


def drained() -> int:
    with TestCase.captureOnCommitCallbacks(execute=True):
        return drain()


def test_an_emergency_goes_on_without_the_database(without_entries: None, own_spool: Path) -> None:
    event_id = append(break_glass())
    assert [file.name for file in own_spool.iterdir()] == [f"{event_id}.json"]


@pytest.mark.parametrize("purpose", ["BTG", "ETREAT"])
def test_an_access_for_an_emergencys_purpose_goes_on_too(without_entries: None, purpose: str) -> None:
    append(break_glass(action="ask", purpose=purpose))
    assert spooled_count() == 1


def test_nothing_else_goes_on(without_entries: None) -> None:
    with pytest.raises(AuditUnavailable):
        append(break_glass(action="ask", purpose="TREAT"))
    with pytest.raises(AuditUnavailable):
        append_all([break_glass(), break_glass(action="ask", purpose="TREAT")])
    assert spooled_count() == 0


def test_where_neither_can_be_written_even_an_emergency_waits(without_entries: None, own_spool: Path) -> None:
    own_spool.write_text("a file where the folder should be")
    with pytest.raises(AuditUnavailable) as caught:
        append(break_glass())
    assert CANARY not in str(caught.value)


def test_the_file_is_the_owners_alone_and_holds_nothing_in_the_clear() -> None:
    file = spooled(break_glass(), an_hour_ago())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert CANARY.encode() not in file.read_bytes()


def test_it_comes_into_the_record_with_its_own_time_and_the_file_goes() -> None:
    moment = an_hour_ago()
    file = spooled(break_glass(), moment)
    assert drained() == 1
    [row] = recorded_since(EPOCH)
    assert (row.event.patient_id, row.event.reason, str(row.id)) == (CANARY, "unconscious", file.stem)
    assert abs(row.recorded_at - moment) < timedelta(milliseconds=1)
    assert Entry.objects.get().emergency
    assert not file.exists()


def test_it_comes_once_also_where_the_file_outlived_the_commit() -> None:
    file = spooled(break_glass(), an_hour_ago())
    content = file.read_bytes()
    assert drained() == 1
    file.write_bytes(content)
    file.chmod(0o600)
    assert drained() == 0
    assert not file.exists()
    assert Entry.objects.count() == 1


def test_the_file_stays_until_the_commit() -> None:
    file = spooled(break_glass(), an_hour_ago())
    assert drain() == 1  # the test's own transaction is still open
    assert file.exists()


def test_the_oldest_comes_first() -> None:
    for actor in ("first", "second", "third"):
        spooled(break_glass(actor=actor), datetime.now(UTC))
    assert drained() == 3
    assert [row.event.actor for row in recorded_since(EPOCH)] == ["first", "second", "third"]


def _flipped(content: bytes) -> bytes:
    at = content.index(b'"sealed": "') + 20
    return content[:at] + (b"A" if content[at : at + 1] != b"A" else b"B") + content[at + 1 :]


@pytest.mark.parametrize("change", [_flipped, lambda _: b"", lambda _: b"{}", lambda content: content[:-40]])
def test_a_changed_file_is_set_aside_and_the_others_come_in(change: Any, caplog: Any) -> None:
    file = spooled(break_glass(actor="lost"), an_hour_ago())
    file.write_bytes(change(file.read_bytes()))
    spooled(break_glass(actor="kept"), datetime.now(UTC))
    assert drained() == 1
    assert [row.event.actor for row in recorded_since(EPOCH)] == ["kept"]
    assert (spooled_count(), unreadable_count()) == (0, 1)
    assert file.stem in caplog.text
    assert CANARY not in caplog.text


def test_a_file_under_another_name_is_set_aside() -> None:
    first, second = (spooled(break_glass(), datetime.now(UTC)) for _ in range(2))
    first.replace(second)
    assert drained() == 0
    assert unreadable_count() == 1


def test_while_the_keys_keeper_is_away_the_file_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    spooled(break_glass(), an_hour_ago())

    def away() -> None:
        raise ProviderUnavailable("Vault does not answer")

    monkeypatch.setattr(spooling, "key_encryptor", away)
    with pytest.raises(ProviderUnavailable):
        drain()
    assert (spooled_count(), unreadable_count()) == (1, 0)


def test_on_postgresql_the_transaction_goes_on_after_the_spool(without_entries: None) -> None:
    append(break_glass())
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
