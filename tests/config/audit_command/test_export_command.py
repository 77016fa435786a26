"""`manage.py audit export`: a package that the verifier accepts, and a second officer where it is large."""

import io
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from audit.services import recorded_since
from compliance.access.domain import Role
from compliance.access.models import Account
from tests.config.audit_command.conftest import Run
from tests.conftest import PASSWORD
from tests.recording import ask

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def second_officer(cast: dict[str, Account], tmp_path: Path) -> tuple[str, ...]:
    """Otto, the second officer, and the file with his password."""
    Account.objects.create_user("otto", password=PASSWORD, role=Role.COMPLIANCE_OFFICER)
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    return ("--approve-by", "otto", "--password-file", str(tmp_path / "password"))


def told(*arguments: str) -> str:
    with pytest.raises(CommandError) as caught:
        call_command("audit", "export", "--reason", "sample", *arguments, stdout=io.StringIO())
    return str(caught.value)


def verified(package: str, key: str) -> dict[str, str]:
    """Run the verifier of the package alone, as an auditor does."""
    result = subprocess.run(
        [sys.executable, "-I", f"{package}/verifier.py", package, "--key", key],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return dict(line.split(": ", 1) for line in result.stdout.splitlines() if ": " in line)


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("ndjson", {"events.ndjson"}),
        ("csv", {"events.ndjson", "events.csv"}),
        ("bundle", {"events.ndjson", "bundle.json"}),
        ("package", {"events.ndjson", "events.csv", "bundle.json", "cover.pdf"}),
    ],
)
def test_a_package_holds_the_form_asked_for_and_verifies(
    run: Run, tmp_path: Path, name: str, files: set[str]
) -> None:
    for patient in ("af-ckd", "sepsis", "af-ckd"):
        ask(patient)
    where = str(tmp_path / "package")
    made = run(
        "export", "--patient", "af-ckd", "--format", name, "--reason", "OCR sample 17", "--output", where
    )
    assert made["patients"] == 1
    found = {file.name for file in Path(where).iterdir()}
    assert files <= found
    assert verified(where, run("vkey")["vkey"])["events"] == "2"
    assert "sepsis" not in (Path(where) / "events.ndjson").read_text()


def test_the_export_is_in_the_record_with_its_reason_and_filters(run: Run, tmp_path: Path) -> None:
    ask()
    run(
        "export",
        "--patient",
        "af-ckd",
        "--user",
        "alma",
        "--reason",
        "sample",
        "--output",
        str(tmp_path / "x"),
    )
    made = [row.event for row in recorded_since(EPOCH) if row.event.action == "export-audit"]
    assert [(event.actor, event.patient_id, event.outcome.value) for event in made] == [
        ("olga", "af-ckd", "success")
    ]
    detail = made[0].detail
    assert (detail["filters"], detail["justification"], detail["patients"]) == (
        ["patient", "user"],
        "sample",
        1,
    )


@pytest.mark.parametrize(
    ("filters", "events"),
    [
        (("--user", "carla"), 1),
        (("--action", "ask", "--outcome", "denied"), 1),
        (("--purpose", "BTG"), 1),
        (("--emergency",), 1),
        (("--since", "2999-01-01"), 0),
        (("--until", "2020-01-02"), 0),
    ],
)
def test_filters_narrow_the_export(run: Run, tmp_path: Path, filters: tuple[str, ...], events: int) -> None:
    from audit.domain import Outcome

    ask()
    ask(actor="carla", outcome=Outcome.DENIED)
    ask(purpose="BTG")
    made = run("export", *filters, "--reason", "sample", "--output", str(tmp_path / "package"))
    assert made["manifest"]["counts"]["events"] == events


def test_a_large_export_needs_a_second_officer(
    run: Run, tmp_path: Path, settings: Any, second_officer: tuple[str, ...]
) -> None:
    settings.TACIT_AUDIT_EXPORT_PATIENTS = 1
    ask("af-ckd")
    ask("sepsis")
    where = ("--output", str(tmp_path / "package"))
    assert "2 patients" in told(*where)
    assert "another than the first" in told(*where, "--approve-by", "olga")
    assert not (tmp_path / "package").exists()
    made = run("export", *where, "--reason", "sample", *second_officer)
    assert made["patients"] == 2
    by = {(row.event.actor, row.event.action): row.event for row in recorded_since(EPOCH)}
    assert by["otto", "approve-export"].detail["patients"] == 2
    assert by["olga", "export-audit"].detail["approved_by"] == "otto"


def test_the_second_persons_password_and_role_count(
    tmp_path: Path, settings: Any, second_officer: tuple[str, ...]
) -> None:
    settings.TACIT_AUDIT_EXPORT_PATIENTS = 0
    ask()
    where = ("--output", str(tmp_path / "package"))
    wrong = tmp_path / "wrong"
    wrong.write_text("not it")
    assert "password is wrong" in told(*where, "--approve-by", "otto", "--password-file", str(wrong))
    assert "Your role" in told(*where, "--approve-by", "alma", *second_officer[2:])
    assert not (tmp_path / "package").exists()
    denied = [
        (row.event.actor, row.event.action) for row in recorded_since(EPOCH) if row.event.outcome == "denied"
    ]
    assert denied == [("otto", "sign-in"), ("alma", "approve-export")]


def test_a_folder_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    ask()
    assert "exists already" in told("--output", str(tmp_path))
    failed = [row.event for row in recorded_since(EPOCH) if row.event.outcome == "failed"]
    assert [(event.action, event.reason) for event in failed] == [("export-audit", "FolderTaken")]


def test_a_zip_is_written_too(run: Run, tmp_path: Path) -> None:
    ask()
    made = run("export", "--reason", "sample", "--zip", "--output", str(tmp_path / "package"))
    assert made["package"].endswith("package.zip")
    assert Path(made["package"]).stat().st_mode & 0o077 == 0


def test_a_reason_is_required() -> None:
    with pytest.raises(CommandError, match="--reason"):
        call_command("audit", "export")


def test_json_is_one_object(run: Run, tmp_path: Path) -> None:
    ask()
    assert json.dumps(run("export", "--reason", "s", "--output", str(tmp_path / "p")))


def test_a_package_of_some_dates_continues_a_checkpoint_that_the_auditor_holds(
    run: Run, tmp_path: Path
) -> None:
    first, later = str(tmp_path / "first"), str(tmp_path / "later")
    ask()
    run("export", "--reason", "sample", "--output", first)
    began = datetime.now(UTC).isoformat()
    ask()
    held = f"{first}/checkpoint"
    run("export", "--reason", "sample", "--output", later, "--since", began, "--held", held)
    key = run("vkey")["vkey"]
    result = subprocess.run(
        [sys.executable, "-I", f"{later}/verifier.py", later, "--key", key, "--checkpoint", held],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout
    assert "held_size: None" not in result.stdout


def test_what_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in told("--held", str(tmp_path / "nothing"))
