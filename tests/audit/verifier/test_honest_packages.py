"""What is no lie verifies."""

from pathlib import Path

import pytest

from audit.export.folder import zipped
from audit.ledger.models import SubjectKey
from tests.audit.attacks.ledgers import entry_at, newest_note, officer, record
from tests.audit.verifier.packages import export, verify

pytestmark = pytest.mark.usefixtures("ledger")


def test_a_package_of_everything_verifies(tmp_path: Path) -> None:
    record(9)
    held = newest_note()
    record(300, actor="carla")
    report = verify(export(tmp_path / "all"), held_note=held, officer=officer())
    assert (report.start, report.end, report.entries, report.events) == (0, 309, 309, 309)
    assert (report.macs_checked, report.held_size) == (309, 9)


def test_a_package_of_one_patient_lists_every_entry_and_shows_only_theirs(tmp_path: Path) -> None:
    record(9)
    report = verify(export(tmp_path / "one", values={"patient": "pat-1"}))
    assert (report.entries, report.events) == (9, 3)


def test_a_zip_verifies_as_its_folder_does(tmp_path: Path) -> None:
    record(9)
    folder = export(tmp_path / "all")
    assert verify(zipped(folder, tmp_path / "all.zip")) == verify(folder)


def test_a_shredded_patient_is_shown_as_such_and_verifies(tmp_path: Path) -> None:
    record(9)
    SubjectKey.objects.filter(subject_token=entry_at(0).patient_token).delete()
    report = verify(export(tmp_path / "all"), officer=officer())
    assert (report.events, report.shredded) == (9, 3)
    assert "salt" not in (tmp_path / "all" / "events.ndjson").read_text().splitlines()[0]
