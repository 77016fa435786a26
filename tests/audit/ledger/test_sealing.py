"""The sealer's loop: what is due, what fails, what it says."""

import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from audit.domain import Event, Outcome
from audit.errors import AuditUnavailable, SealerBusy
from audit.ledger import sealing
from audit.ledger.lease import is_gone, lease_state, own_name
from audit.ledger.sealing import SealingLoop, Step
from audit.ledger.spool import spooled_count
from audit.models import Checkpoint, Entry, Lease, Seal, Unsealed
from audit.operations import sealer as process
from audit.services import append, is_sealed

pytestmark = pytest.mark.django_db


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def an_event(**changes: Any) -> Event:
    values: dict[str, Any] = {
        "action": "ask",
        "outcome": Outcome.SUCCESS,
        "actor": "alma",
        "role": "clinician",
    }
    return Event(**values | changes)


def kinds() -> list[str]:
    import json

    return [json.loads(bytes(entry.header))["kind"] for entry in Entry.objects.order_by("id")]


def test_what_waits_is_sealed_batch_after_batch(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audit.ledger.sealer.BATCH", 3)
    monkeypatch.setattr(sealing, "BATCH", 3)
    for _ in range(7):
        append(an_event())
    SealingLoop(clock=clock).turn()
    assert (Seal.objects.count(), Unsealed.objects.count()) == (7, 0)
    assert list(Checkpoint.objects.order_by("size").values_list("size", flat=True)) == [3, 6, 7]


def test_silence_is_stated_by_a_heartbeat_which_is_sealed(clock: Clock, settings: Any) -> None:
    settings.TACIT_AUDIT_HEARTBEAT_SECONDS = 600
    loop = SealingLoop(clock=clock)
    loop.turn()
    clock.now += 599
    loop.turn()
    assert kinds() == []
    clock.now += 2
    loop.turn()
    clock.now += 1
    loop.turn()
    assert kinds() == ["heartbeat"]
    assert Seal.objects.count() == 1
    clock.now += 599
    loop.turn()
    assert kinds() == ["heartbeat"]


def test_only_the_holder_of_the_lease_beats(clock: Clock, settings: Any) -> None:
    settings.TACIT_AUDIT_HEARTBEAT_SECONDS = 1
    hold("elsewhere.example:1")
    loop = SealingLoop(clock=clock)
    for _ in range(20):
        clock.now += 1
        loop.turn()
    assert kinds() == []


def hold(holder: str) -> None:
    from datetime import timedelta

    from django.utils import timezone

    Lease.objects.create(name="sealer", holder=holder, expires_at=timezone.now() + timedelta(hours=1))


def test_an_idle_sealer_keeps_its_lease_and_writes_little(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, seals = SealingLoop(clock=clock), []
    real = loop._sealer.seal

    def counted() -> int:
        seals.append(clock.now)
        return real()

    monkeypatch.setattr(loop._sealer, "seal", counted)
    for _ in range(100):
        loop.turn()
        clock.now += 0.2
    assert 5 <= len(seals) <= 8
    assert is_sealed()
    loop.finish()
    assert lease_state() is None
    assert not is_sealed()


def test_another_hosts_lease_is_respected_and_a_dead_process_of_this_one_is_not(clock: Clock) -> None:
    append(an_event())
    host = own_name().rpartition(":")[0]
    hold("elsewhere.example:1")
    loop = SealingLoop(clock=clock)
    loop.turn()
    assert Seal.objects.count() == 0
    Lease.objects.update(holder=f"{host}:{2**22 + 1}")
    clock.now += 1
    loop.turn()
    assert Seal.objects.count() == 1


def test_who_is_gone() -> None:
    host = own_name().rpartition(":")[0]
    assert not is_gone(own_name())
    assert not is_gone("elsewhere.example:1")
    assert not is_gone(f"{host}:1")
    assert is_gone(f"{host}:{2**22 + 1}")


def test_a_step_that_fails_is_tried_later_and_later_and_says_no_more_than_the_error(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    attempts: list[float] = []

    def failing() -> None:
        attempts.append(clock.now)
        raise OperationalError("Failing row contains (zebedee-quarrington)")

    monkeypatch.setattr("audit.ledger.sealing.connections.close_all", lambda: None)
    step = Step("sealing", failing, 0.0, clock)
    for _ in range(1000):
        step.run()
        clock.now += 0.1
    pauses = [later - earlier for earlier, later in zip(attempts, attempts[1:], strict=False)]
    assert pauses == sorted(pauses)
    assert pauses[0] < 1 < pauses[-1] <= 30.2
    assert "OperationalError" in caplog.text
    assert "quarrington" not in caplog.text


def test_after_a_failure_that_ended_the_step_keeps_its_pace(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes = iter([OperationalError(), None, None])
    done: list[float] = []

    def act() -> None:
        outcome = next(outcomes)
        if outcome:
            raise outcome
        done.append(clock.now)

    monkeypatch.setattr("audit.ledger.sealing.connections.close_all", lambda: None)
    step = Step("anchoring", act, 10.0, clock)
    for _ in range(200):
        if len(done) == 2:
            break
        step.run()
        clock.now += 0.1
    assert done[1] - done[0] == pytest.approx(10, abs=0.2)


def test_a_busy_sealer_is_no_failure(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    def busy() -> None:
        raise SealerBusy("Another process seals")

    Step("sealing", busy, 0.0, clock).run()
    assert caplog.text == ""


def test_one_step_that_fails_stops_no_other(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, own_spool: Path
) -> None:
    def broken() -> int:
        raise OperationalError

    monkeypatch.setattr("audit.ledger.sealing.connections.close_all", lambda: None)
    monkeypatch.setattr(sealing, "drain", broken)
    append(an_event())
    SealingLoop(clock=clock).turn()
    assert Seal.objects.count() == 1


def test_what_was_spooled_is_drained_and_sealed(clock: Clock) -> None:
    from datetime import UTC, datetime

    from audit.ledger.append import documents_of
    from audit.ledger.spool import spool

    spool(documents_of([an_event(purpose="BTG", patient_id="af-ckd")], datetime.now(UTC)))
    SealingLoop(clock=clock).turn()
    assert Seal.objects.count() == 1
    assert spooled_count() == 1  # the file goes with the commit, which this test does not have


def test_checkpoints_are_anchored_at_their_interval(clock: Clock, settings: Any, tmp_path: Path) -> None:
    settings.TACIT_AUDIT_ANCHOR_FILE = str(tmp_path / "anchor.jsonl")
    settings.TACIT_AUDIT_ANCHOR_SECONDS = 60
    loop = SealingLoop(clock=clock)
    for _ in range(5):
        append(an_event())
        loop.turn()
        clock.now += 30
    lines = (tmp_path / "anchor.jsonl").read_text().splitlines()
    assert len(lines) == 3


def test_beginning_and_end_are_in_the_record() -> None:
    stop = threading.Event()
    stop.set()
    process.seal_until(stop)
    assert kinds() == ["event", "event"]
    assert Unsealed.objects.count() == 0
    assert lease_state() is None


def test_a_beginning_that_cannot_be_recorded_is_tried_until_the_stop(
    without_entries: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, attempts = threading.Event(), []

    def failing(event: Event) -> None:
        attempts.append(event.action)
        if len(attempts) == 3:
            stop.set()
        raise AuditUnavailable("no disk")

    monkeypatch.setattr(process, "append", failing)
    monkeypatch.setattr(process, "SECONDS_UNTIL_RETRY", 0.01)
    monkeypatch.setattr("audit.operations.sealer.connections.close_all", lambda: None)
    monkeypatch.setattr("audit.ledger.sealing.connections.close_all", lambda: None)
    process.seal_until(stop)
    assert attempts == ["start", "start", "start", "stop"]


def test_once_seals_what_waits_and_records_itself_only_where_something_did() -> None:
    assert process.seal_now() == (0, 0)
    append(an_event())
    assert process.seal_now() == (0, 2)
    assert process.seal_now() == (0, 0)
    assert lease_state() is None
