"""`manage.py audit seal` as a process of its own: it seals, drains what was spooled, and stops when it is told."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.product import ROOT

SECONDS_TO_START = 40
# A process that breaks the glass while its database takes no entry.
BREAK_GLASS = """
import django; django.setup()
from django.db import connection
connection.cursor().execute("ALTER TABLE audit_entry RENAME TO audit_entry_away")
from audit.domain import Event, Outcome
from audit.services import append
try:
    append(Event(action="break-glass", outcome=Outcome.SUCCESS, actor="alma", role="clinician",
                 patient_id="zebedee-quarrington", purpose="BTG", reason="unconscious"))
finally:
    connection.cursor().execute("ALTER TABLE audit_entry_away RENAME TO audit_entry")
"""


class Installation:
    """A state folder with a database of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "TACIT_HOME": str(home),
            "TACIT_MODE": "demo",
            "TACIT_AUDIT_HEARTBEAT_SECONDS": "1",
            "DATABASE_URL": "",
        }
        self.run("manage.py", "migrate", "-v", "0")

    def run(self, *arguments: str) -> None:
        subprocess.run([sys.executable, *arguments], cwd=ROOT, env=self.environment, check=True)

    def start(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "manage.py", "audit", "seal"],
            cwd=ROOT,
            env=self.environment,
            stderr=subprocess.PIPE,
            text=True,
        )

    def one(self, query: str) -> Any:
        database = sqlite3.connect(self.home / "tacit.sqlite3", timeout=10)
        try:
            return database.execute(query).fetchone()[0]
        finally:
            database.close()

    def wait(self, query: str, value: object) -> None:
        give_up_at = time.monotonic() + SECONDS_TO_START
        while self.one(query) != value:
            assert time.monotonic() < give_up_at, query
            time.sleep(0.1)


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path)


def test_it_seals_drains_beats_and_stops(installation: Installation) -> None:
    installation.run("-c", BREAK_GLASS)
    assert len(list((installation.home / "audit" / "spool").glob("*.json"))) == 1
    process = installation.start()
    try:
        # The beginning, the break-glass, and at least a heartbeat.
        installation.wait("SELECT count(*) >= 3 FROM audit_seal", 1)
        assert installation.one("SELECT count(*) FROM audit_entry WHERE emergency") == 1
        assert list((installation.home / "audit" / "spool").iterdir()) == []
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "quarrington" not in told
    assert installation.one("SELECT count(*) FROM audit_unsealed") == 0
    assert installation.one("SELECT count(*) FROM audit_lease") == 0


def test_a_successor_need_not_wait_for_one_that_was_killed(installation: Installation) -> None:
    first = installation.start()
    try:
        installation.wait("SELECT count(*) FROM audit_lease", 1)
    finally:
        first.kill()
        first.communicate()
    holder = installation.one("SELECT holder FROM audit_lease")
    second = installation.start()
    try:
        installation.wait(f"SELECT holder <> '{holder}' FROM audit_lease", 1)  # noqa: S608 - our own name
        installation.wait("SELECT count(*) FROM audit_unsealed", 0)
    finally:
        second.kill()
        second.communicate()
