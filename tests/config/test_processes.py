"""Processes beside the web server: started once, watched, revived, stopped."""

import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management.base import CommandError

from clinical.errors import QueueUnavailable
from config import processes, stack


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, settings: Any) -> None:
    settings.TACIT_HOME = tmp_path
    settings.TACIT_RUN_FOLDER = tmp_path / "run"


def sleeper(tmp_path: Path, *, body: str = "time.sleep(60)", **options: Any) -> processes.Process:
    """A process that serves once it has written its file."""
    flag = tmp_path / "serving"
    code = f"import sys, time, pathlib; pathlib.Path({str(flag)!r}).touch(); {body}"
    return processes.Process(
        name="sleeper", command=[sys.executable, "-c", code], is_ready=flag.exists, **options
    )


def test_what_serves_already_is_used_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "serving").touch()
    with processes.running(sleeper(tmp_path)) as children:
        assert children == []


def test_a_process_that_ends_is_started_again_but_not_in_a_rush(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with processes.running(sleeper(tmp_path, body="time.sleep(0.1)")) as [child]:
        time.sleep(0.5)
        assert not child.revive()
        monkeypatch.setattr(processes, "SECONDS_BETWEEN_STARTS", 0)
        assert child.revive()


def test_one_that_its_configuration_ended_is_not_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "SECONDS_BETWEEN_STARTS", 0)
    with processes.running(sleeper(tmp_path, body="time.sleep(0.1); sys.exit(78)")) as [child]:
        time.sleep(0.5)
        assert not child.revive()


def test_a_required_process_that_does_not_start_says_why(tmp_path: Path) -> None:
    broken = processes.Process(
        name="broken",
        command=[sys.executable, "-c", "raise SystemExit('no licence')"],
        is_ready=lambda: False,
    )
    with pytest.raises(CommandError, match="broken did not start: no licence"), processes.running(broken):
        pass


def test_one_that_is_not_required_is_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    broken = processes.Process(
        name="broken",
        command=[sys.executable, "-c", "raise SystemExit('no model')"],
        is_ready=lambda: False,
        is_required=False,
    )
    with processes.running(broken):
        assert "no model" in caplog.text


def test_a_named_redis_that_does_not_answer_is_told_at_once(settings: Any) -> None:
    settings.RUNS_REDIS = False
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    with pytest.raises(QueueUnavailable), stack.for_reviews():
        pass


def test_the_product_may_run_without_its_model_and_a_command_may_not(tmp_path: Path) -> None:
    own, other = processes.engine(), processes.engine_of("another", socket_file=tmp_path / "engine.sock")
    assert (own.is_required, other.is_required) == (False, True)
    assert "another" in other.command
    assert tmp_path / "engine.sock" in other.command
    assert not other.is_ready()
