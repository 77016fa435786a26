"""Exports over the API: asked for, approved by another, written by the worker, taken away, gone."""

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from typing import cast as as_type

import pytest
import redis
from asgiref.sync import async_to_sync
from django.db import IntegrityError, transaction
from django.http import StreamingHttpResponse
from django.test import Client
from django.utils import timezone

from audit.domain import Outcome
from audit.ledger.setup import checkpoint_verifier
from audit.services import recorded_since
from compliance.access.models import Account
from compliance.officer.exports import store
from compliance.officer.exports.models import AuditExport
from compliance.officer.exports.services import run_export
from tests.compliance.officer.conftest import SignedIn
from tests.recording import ask

pytestmark = [pytest.mark.usefixtures("redis_server"), pytest.mark.django_db]

URL = "/api/v1/audit/exports"
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
WANTED = {"justification": "OCR sample 17", "patient": "af-ckd", "format": "csv"}


@pytest.fixture(autouse=True)
def empty_redis(redis_server: None, settings: Any) -> redis.Redis:
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.flushall()
    return client


def requested(client: Client, **changes: Any) -> dict[str, Any]:
    response = client.post(URL, json.dumps(WANTED | changes), content_type="application/json")
    assert response.status_code == 202, response.content
    document: dict[str, Any] = response.json()
    assert response.headers["Location"].endswith(f"{URL}/{document['id']}")
    return document


def package_of(client: Client, export_id: str) -> zipfile.ZipFile:
    response = as_type(StreamingHttpResponse, client.get(f"{URL}/{export_id}/package"))
    assert response.status_code == 200

    async def read() -> bytes:
        return b"".join([part async for part in as_type(AsyncIterator[bytes], response.streaming_content)])

    return zipfile.ZipFile(io.BytesIO(async_to_sync(read)()))


def acts(action: str) -> list[Any]:
    return [row.event for row in recorded_since(EPOCH) if row.event.action == action]


def test_a_package_is_written_taken_and_verified(signed_in: SignedIn, tmp_path: Path) -> None:
    ask()
    ask("sepsis")
    olga = signed_in("olga")
    export = requested(olga)
    assert (export["status"], export["patients"]) == ("queued", 1)
    run_export(export["id"])
    assert olga.get(f"{URL}/{export['id']}").json()["status"] == "done"
    package = package_of(olga, export["id"])
    package.extractall(tmp_path / "package")
    assert "sepsis" not in (tmp_path / "package" / "events.ndjson").read_text()
    key = str(checkpoint_verifier())
    verifier = [sys.executable, "-I", str(tmp_path / "package" / "verifier.py"), str(tmp_path / "package")]
    assert subprocess.run([*verifier, "--key", key], capture_output=True, check=False).returncode == 0


def test_each_step_is_in_the_record(signed_in: SignedIn) -> None:
    ask()
    olga = signed_in("olga")
    export = requested(olga)
    run_export(export["id"])
    package_of(olga, export["id"])
    [asked] = acts("request-export")
    assert (asked.actor, asked.patient_id) == ("olga", "af-ckd")
    assert asked.detail["justification"] == "OCR sample 17"
    written, taken = acts("export-audit")
    assert (written.detail["format"], taken.detail["format"]) == ("csv", "download")
    assert {event.detail["export_id"] for event in (written, taken)} == {export["id"]}


def test_the_queue_carries_an_id_and_nothing_else(signed_in: SignedIn, empty_redis: redis.Redis) -> None:
    ask()
    export = requested(signed_in("olga"))
    [message] = as_type(list[bytes], empty_redis.lrange("celery", 0, -1))
    assert export["id"] in message.decode()
    for word in ("af-ckd", "OCR", "olga"):
        assert word.encode() not in message


def test_what_rests_is_encrypted(signed_in: SignedIn) -> None:
    ask()
    export = requested(signed_in("olga"))
    run_export(export["id"])
    row = AuditExport.objects.get()
    file = store.package_file(row.id)
    assert file.stat().st_mode & 0o077 == 0
    assert zipfile.is_zipfile(file) is False
    for resting in (bytes(row.request), bytes(row.wrapped_key), file.read_bytes()):
        assert b"af-ckd" not in resting
        assert b"OCR" not in resting


def test_nothing_in_the_clear_is_left_beside_it(signed_in: SignedIn, settings: Any) -> None:
    ask()
    run_export(requested(signed_in("olga"))["id"])
    left = [
        *store.MEMORY_FOLDER.glob(f"{store.WORK_PREFIX}{os.getpid()}-*"),
        *Path(settings.TACIT_AUDIT_EXPORTS).glob("*.zip"),
    ]
    assert left == []


def test_what_a_killed_worker_left_is_removed_by_the_next(signed_in: SignedIn) -> None:
    left = store.MEMORY_FOLDER / f"{store.WORK_PREFIX}{2**22 + 1}-x"
    left.mkdir()
    (left / "events.ndjson").write_text("af-ckd")
    with store.work_folder(1):
        assert not left.exists()


def test_what_does_not_fit_into_memory_is_written_where_packages_are_kept(settings: Any) -> None:
    with store.work_folder(1) as small, store.work_folder(10**12) as large:
        assert small.parent == store.MEMORY_FOLDER
        assert large.parent == Path(settings.TACIT_AUDIT_EXPORTS)
    assert not large.exists()


class TestApproval:
    @pytest.fixture(autouse=True)
    def one_patient_at_most(self, settings: Any) -> None:
        settings.TACIT_AUDIT_EXPORT_PATIENTS = 1
        ask()
        ask("sepsis")

    def waiting(self, client: Client) -> dict[str, Any]:
        export = requested_all(client)
        assert (export["status"], export["patients"]) == ("waiting_for_approval", 2)
        return export

    def test_a_large_export_waits_and_another_officer_approves_it(self, signed_in: SignedIn) -> None:
        olga, otto = signed_in("olga"), signed_in("otto")
        export = self.waiting(olga)
        run_export(export["id"])
        assert olga.get(f"{URL}/{export['id']}").json()["status"] == "waiting_for_approval"
        assert export["id"] in [each["id"] for each in otto.get(URL).json()]
        approved = otto.post(f"{URL}/{export['id']}/approve")
        assert (approved.status_code, approved.json()["approved_by"]) == (202, "otto")
        run_export(export["id"])
        for client in (olga, otto):
            assert "events.csv" in package_of(client, export["id"]).namelist()
        assert acts("approve-export")[0].actor == "otto"
        written = [event for event in acts("export-audit") if event.detail["format"] == "csv"]
        assert [(event.actor, event.detail["approved_by"]) for event in written] == [("olga", "otto")]

    def test_nobody_approves_their_own(self, signed_in: SignedIn) -> None:
        olga = signed_in("olga")
        export = self.waiting(olga)
        response = olga.post(f"{URL}/{export['id']}/approve")
        assert (response.status_code, response.json()["type"]) == (409, "urn:tacit:problem:approval-refused")
        assert AuditExport.objects.get(id=export["id"]).status == "waiting_for_approval"

    def test_the_database_refuses_it_too(self, signed_in: SignedIn, officers: dict[str, Account]) -> None:
        export = self.waiting(signed_in("olga"))
        row = AuditExport.objects.filter(id=export["id"])
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(approved_by=officers["olga"], approved_at=timezone.now())
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(approved_by=officers["otto"])

    def test_an_approval_counts_once(self, signed_in: SignedIn) -> None:
        export = self.waiting(signed_in("olga"))
        otto = signed_in("otto")
        assert otto.post(f"{URL}/{export['id']}/approve").status_code == 202
        assert otto.post(f"{URL}/{export['id']}/approve").status_code == 409

    @pytest.mark.parametrize("username", ["alma", "ravi", "ada"])
    def test_nobody_else_approves(self, signed_in: SignedIn, username: str) -> None:
        export = self.waiting(signed_in("olga"))
        assert signed_in(username).post(f"{URL}/{export['id']}/approve").status_code == 403
        assert acts("approve-export")[-1].outcome is Outcome.DENIED


def requested_all(client: Client) -> dict[str, Any]:
    body = {"justification": "sample", "format": "csv"}
    response = client.post(URL, json.dumps(body), content_type="application/json")
    document: dict[str, Any] = response.json()
    return document


def test_another_officers_export_is_not_shown(signed_in: SignedIn) -> None:
    ask()
    export = requested(signed_in("olga"))
    otto = signed_in("otto")
    assert otto.get(URL).json() == []
    for address in (f"{URL}/{export['id']}", f"{URL}/{export['id']}/package"):
        assert otto.get(address).status_code == 404


@pytest.mark.parametrize("username", ["alma", "ravi", "ada"])
def test_no_other_role_comes_near(signed_in: SignedIn, username: str) -> None:
    ask()
    export = requested(signed_in("olga"))
    client = signed_in(username)
    assert client.post(URL, json.dumps(WANTED), content_type="application/json").status_code == 403
    for address in (URL, f"{URL}/{export['id']}", f"{URL}/{export['id']}/package"):
        assert client.get(address).status_code == 403
    assert {event.outcome for event in acts("request-export") if event.actor == username} == {Outcome.DENIED}


@pytest.mark.parametrize(
    "changes",
    [
        {"justification": ""},
        {"justification": "x" * 201},
        {"justification": "two\nlines"},
        {"format": "exe"},
        {"patient": "a b"},
        {"action": "nonsense"},
        {"outcomes": ["5"]},
        {"since": "yesterday"},
        {"purpose": "treat"},
    ],
)
def test_bad_input_is_a_problem_that_does_not_repeat_it(signed_in: SignedIn, changes: dict[str, Any]) -> None:
    response = signed_in("olga").post(URL, json.dumps(WANTED | changes), content_type="application/json")
    assert response.status_code == 400
    assert response.json()["type"] == "urn:tacit:problem:request-invalid"
    assert "nonsense" not in response.content.decode()


def test_a_package_is_not_ready_before_it_is(signed_in: SignedIn) -> None:
    ask()
    olga = signed_in("olga")
    export = requested(olga)
    response = olga.get(f"{URL}/{export['id']}/package")
    assert (response.status_code, response.json()["type"]) == (409, "urn:tacit:problem:export-not-ready")


@pytest.mark.parametrize("export_id", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_what_is_not_there_is_not_found(signed_in: SignedIn, export_id: str) -> None:
    olga = signed_in("olga")
    assert olga.get(f"{URL}/{export_id}").status_code == 404
    assert olga.post(f"{URL}/{export_id}/approve").status_code == 404


def test_after_its_time_nothing_is_left(signed_in: SignedIn) -> None:
    ask()
    olga = signed_in("olga")
    export = requested(olga)
    run_export(export["id"])
    file = store.package_file(AuditExport.objects.get().id)
    AuditExport.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert olga.get(f"{URL}/{export['id']}").status_code == 404
    assert not file.exists()
    assert not AuditExport.objects.exists()


def test_an_export_that_fails_is_recorded_and_says_so(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("no space left for Zebedee Quarrington")

    ask()
    olga = signed_in("olga")
    export = requested(olga)
    monkeypatch.setattr("compliance.officer.exports.writing.write_package", full)
    run_export(export["id"])
    assert olga.get(f"{URL}/{export['id']}").json()["status"] == "failed"
    assert acts("export-audit")[-1].outcome is Outcome.FAILED


def test_a_job_is_done_once(signed_in: SignedIn) -> None:
    ask()
    export = requested(signed_in("olga"))
    run_export(export["id"])
    run_export(export["id"])
    assert len([event for event in acts("export-audit") if event.detail["format"] == "csv"]) == 1


def test_without_a_queue_nothing_waits(signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    from kombu.exceptions import OperationalError

    def away(*_: object) -> None:
        raise OperationalError

    ask()
    monkeypatch.setattr("compliance.officer.exports.tasks.write_export_job.delay", away)
    response = signed_in("olga").post(URL, json.dumps(WANTED), content_type="application/json")
    assert (response.status_code, response.json()["type"]) == (503, "urn:tacit:problem:queue-unavailable")
    assert AuditExport.objects.get().status == "failed"


def test_a_changed_package_is_never_sent_whole(signed_in: SignedIn) -> None:
    from compliance.errors import ExportDamaged

    ask()
    olga = signed_in("olga")
    export = requested(olga)
    run_export(export["id"])
    file = store.package_file(AuditExport.objects.get().id)
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(ExportDamaged):
        package_of(olga, export["id"])
