"""A writer's numbers have no gap, and its MACs are those that the officer computes."""

import hmac
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from audit.ledger.writer import ConnectionWriter, next_key, writer_of
from audit.models import Entry, Writer
from audit.services import append, append_all
from tests.audit.ledger.acts import an_event, assert_macs_hold


def entries() -> list[Entry]:
    return list(Entry.objects.order_by("id"))


def rolled_back(act: Callable[[], Any]) -> None:
    with transaction.atomic():
        act()
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_number_that_was_rolled_back_is_used_again() -> None:
    append(an_event())
    rolled_back(lambda: append_all([an_event(), an_event()]))
    append(an_event())
    rolled_back(lambda: append(an_event()))
    append_all([an_event(), an_event()])
    assert [entry.writer_seq for entry in entries()] == [0, 1, 2, 3]
    assert_macs_hold(entries())


@pytest.mark.django_db
def test_a_savepoint_inside_a_transaction_gives_its_numbers_back_too() -> None:
    with transaction.atomic():
        append(an_event(actor="before"))
        rolled_back(lambda: append(an_event(actor="lost")))
        with transaction.atomic():
            append(an_event(actor="inner"))
            rolled_back(lambda: append_all([an_event(actor="lost"), an_event(actor="lost")]))
        append(an_event(actor="after"))
    assert [entry.writer_seq for entry in entries()] == [0, 1, 2]
    assert_macs_hold(entries())


@pytest.mark.django_db
def test_a_first_append_that_is_rolled_back_leaves_no_writer_and_the_next_one_registers() -> None:
    rolled_back(lambda: append(an_event()))
    assert not Writer.objects.exists()
    append(an_event())
    assert_macs_hold(entries())


@pytest.mark.django_db
def test_keys_of_committed_numbers_are_erased(django_capture_on_commit_callbacks: Any) -> None:
    writer = writer_of(connections[DEFAULT_DB_ALIAS])
    first = writer._keys[0]
    for _ in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            append(an_event())
    assert writer._keys == [next_key(next_key(next_key(first)))]
    with django_capture_on_commit_callbacks(execute=True):
        append(an_event())
    assert_macs_hold(entries())


@given(st.lists(st.booleans(), max_size=12))
def test_the_ratchet_moves_one_key_a_number_however_commits_and_numbers_mix(commits: list[bool]) -> None:
    writer = ConnectionWriter()
    key, macs = writer._keys[0], []
    for is_committed in commits:
        signed = writer.sign(lambda seq: b"leaf %d" % seq)
        macs.append((signed.seq, signed.mac))
        if is_committed:
            writer.committed(signed.seq)
    assert [seq for seq, _ in macs] == list(range(len(commits)))
    for seq, mac in macs:
        assert mac == hmac.new(key, b"leaf %d" % seq, "sha256").digest()
        key = next_key(key)


@pytest.mark.django_db
def test_a_connection_in_another_process_is_another_writer(monkeypatch: pytest.MonkeyPatch) -> None:
    before = writer_of(connections[DEFAULT_DB_ALIAS])
    assert writer_of(connections[DEFAULT_DB_ALIAS]) is before
    monkeypatch.setattr("audit.ledger.writer.os.getpid", lambda: before.pid + 1)
    assert writer_of(connections[DEFAULT_DB_ALIAS]).id != before.id
