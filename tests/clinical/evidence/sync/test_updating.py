"""A sync that is killed with SIGKILL goes on where it was, and nothing that was durable is lost."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from clinical.evidence.index import EvidenceIndex
from clinical.evidence.sync import updating
from tests.clinical.evidence.sync.eutils_server import Request, Server
from tests.clinical.evidence.sync.library import articles
from tests.clinical.evidence.sync.updater import update

ROOT = Path(__file__).resolve().parents[4]


def test_a_killed_sync_goes_on(
    server: Server, redis_server: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updating, "RECORDS_PER_FETCH", 5)
    server.state.library.add(*articles(range(1, 31)))
    started: list[int] = []

    def kill_at_the_fourth_fetch(_request: Request) -> None:
        if len(server.state.forms("efetch")) == 4:
            os.kill(started[0], signal.SIGKILL)

    server.state.on_request = kill_at_the_fourth_fetch
    command = [sys.executable, "-m", "tests.clinical.evidence.sync.updater"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    with subprocess.Popen(
        [*command, str(tmp_path), settings.REDIS_URL, server.address], cwd=ROOT, env=environment
    ) as child:
        started.append(child.pid)
        assert child.wait(60) == -signal.SIGKILL
    assert EvidenceIndex(tmp_path).size == 15
    server.state.on_request = lambda _request: None
    report = update(tmp_path, settings.REDIS_URL, server.address)
    assert report.is_complete
    assert EvidenceIndex(tmp_path).size == 30
    starts = [int(form["retstart"]) for form in server.state.forms("efetch")]
    assert starts == [0, 5, 10, 15, 15, 20, 25]
    assert len(server.state.forms("esearch")) == 1
