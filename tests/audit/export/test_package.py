"""A package holds what was asked for, in every form that was asked for, and nobody else can read it."""

import csv
import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from fhir.resources.R4B.bundle import Bundle

from audit.domain import Outcome
from audit.export import sealing
from audit.export.cover import printable
from audit.export.errors import FolderTaken, FolderUnwritable, NothingSealed
from audit.export.event_files import harmless
from audit.export.folder import zipped
from audit.export.formats import Format
from audit.export.package import write_package
from audit.ledger.models import Lease, SubjectKey
from audit.ledger.reading import Query
from audit.services import append
from tests.audit.attacks.ledgers import EPOCH, LATER, Clock, entry_at, event, record
from tests.audit.verifier.packages import export, lines, verify

pytestmark = pytest.mark.usefixtures("ledger")
PROOF = {"manifest.json", "manifest.note", "events.ndjson", "leaves.jsonl", "writers.json", "checkpoint"}
FOR_PEOPLE = {"README.txt", "verifier.py"}


def manifest_of(package: Path) -> dict[str, Any]:
    return dict(json.loads((package / "manifest.json").read_bytes()))


def test_the_proof_is_always_there_and_the_rest_where_it_was_asked_for(tmp_path: Path) -> None:
    record(4)
    least, most = export(tmp_path / "least", formats=()), export(tmp_path / "most")
    assert {each.name for each in least.iterdir()} == PROOF | FOR_PEOPLE
    added = {"bundle.json", "events.csv", "cover.pdf"}
    assert {each.name for each in most.iterdir()} == PROOF | FOR_PEOPLE | added


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    record(4)
    folder = export(tmp_path / "package")
    archive = zipped(folder, tmp_path / "package.zip")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(each.stat().st_mode) for each in (*folder.iterdir(), archive)} == {0o600}


def test_the_manifest_says_what_was_asked_and_what_is_there(tmp_path: Path) -> None:
    record(9)
    manifest = manifest_of(export(tmp_path / "package", values={"patient": "pat-1"}, outcomes=frozenset({0})))
    assert manifest["requested_by"] == "olga"
    assert manifest["query"]["values"] == {"patient": "pat-1"}
    assert manifest["query"]["tokens"]["patient"] == [bytes(entry_at(1).patient_token or b"").hex()]
    assert manifest["query"]["outcomes"] == ["0"]
    assert manifest["range"] == {"start": 0, "end": 9}
    counts = {"entries": 9, "purged": 0, "events": 3, "shredded": 0, "emergencies": 0, "unsealed": 0}
    assert manifest["counts"] == counts
    assert manifest["checkpoint"]["size"] == 9


@pytest.mark.parametrize(
    ("query", "events"),
    [
        ({}, 9),
        ({"values": {"user": "carla"}}, 2),
        ({"values": {"user": "carla", "patient": "pat-1"}}, 1),
        ({"values": {"action": "answer"}}, 0),
        ({"values": {"purpose": "BTG"}}, 1),
        ({"values": {"date": "2026-11-25"}}, 9),
        ({"values": {"date": "2026-11-24"}}, 0),
        ({"outcomes": frozenset({4, 8})}, 1),
        ({"emergency": True}, 1),
        ({"emergency": False}, 8),
        ({"until": datetime(2026, 11, 24, tzinfo=UTC)}, 0),
        ({"since": datetime(2026, 11, 26, tzinfo=UTC)}, 0),
    ],
)
def test_what_matches_is_shown_and_nothing_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query: dict[str, Any], events: int
) -> None:
    Clock(monkeypatch).set(datetime(2026, 11, 25, 12, tzinfo=UTC))
    record(5)
    record(2, actor="carla")
    record(1, outcome=Outcome.DENIED, reason="no-care-relationship")
    record(1, action="break-glass", purpose="BTG", reason="emergency")
    report = verify(export(tmp_path / "package", **query))
    assert report.events == events
    assert report.entries == (1 if {"since", "until"} & set(query) else 9)


def test_dates_in_the_middle_show_one_entry_more_on_either_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        Clock(monkeypatch).set(datetime(2026, 11, 10 + number, tzinfo=UTC))
        record(4)
    day = datetime(2026, 11, 12, tzinfo=UTC)
    report = verify(export(tmp_path / "day", since=day, until=day + timedelta(days=1)))
    assert (report.start, report.end, report.events) == (7, 13, 4)
    none = verify(export(tmp_path / "none", since=day + timedelta(hours=1), until=day + timedelta(hours=2)))
    assert (none.start, none.end, none.events) == (11, 13, 0)


def test_what_waits_is_sealed_first(tmp_path: Path) -> None:
    record(4)
    append(event())
    assert verify(export(tmp_path / "package")).events == 5


def test_what_could_not_be_sealed_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record(4)
    append(event())
    monkeypatch.setattr(sealing, "SECONDS_TO_WAIT", 0.2)
    Lease.objects.create(
        name="sealer", holder="elsewhere:1", expires_at=timezone.now() + timedelta(minutes=1)
    )
    report = verify(export(tmp_path / "package"))
    assert (report.events, report.unsealed) == (4, 1)


def test_an_empty_record_cannot_be_exported(tmp_path: Path) -> None:
    with pytest.raises(NothingSealed):
        export(tmp_path / "package")


def test_what_is_there_is_never_written_over(tmp_path: Path) -> None:
    record(4)
    folder = export(tmp_path / "package")
    with pytest.raises(FolderTaken):
        export(tmp_path / "package")
    zipped(folder, tmp_path / "package.zip")
    with pytest.raises(FolderTaken):
        zipped(folder, tmp_path / "package.zip")


def test_an_export_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    record(4)

    def full_disk(_done: int, _total: int) -> None:
        raise OSError(28, "No space left on device")

    query = Query(since=EPOCH, until=LATER)
    with pytest.raises(FolderUnwritable, match="No space left"):
        write_package(query, tmp_path / "p", formats=(), requested_by="olga", on_progress=full_disk)
    assert list(tmp_path.iterdir()) == []


def test_progress_is_told(tmp_path: Path) -> None:
    record(4)
    told: list[tuple[int, int]] = []
    write_package(
        Query(since=EPOCH, until=LATER),
        tmp_path / "package",
        formats=(),
        requested_by="olga",
        on_progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(4, 4)]


def test_the_bundle_is_fhir(tmp_path: Path) -> None:
    record(4)
    bundle = Bundle.model_validate_json((export(tmp_path / "package") / "bundle.json").read_bytes())
    assert bundle.type == "collection"
    assert len(bundle.entry or []) == 4


def test_a_bundle_of_nothing_is_fhir_too(tmp_path: Path) -> None:
    record(4)
    package = export(tmp_path / "package", values={"user": "nobody"})
    verify(package)
    assert Bundle.model_validate_json((package / "bundle.json").read_bytes()).entry is None


def test_no_spreadsheet_runs_what_is_in_the_table(tmp_path: Path) -> None:
    record(1, actor='=HYPERLINK("http://evil.example")', patient_id="-1")
    with (export(tmp_path / "package") / "events.csv").open(newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert row["actor"] == '\'=HYPERLINK("http://evil.example")'
    assert row["patient_id"] == "'-1"


@pytest.mark.parametrize("start", list("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"))
def test_formulas_become_text(start: str) -> None:
    assert harmless(f"{start}1") == f"'{start}1"


def test_a_shredded_patient_is_nowhere_in_it(tmp_path: Path) -> None:
    record(3, patient_id="pat-secret")
    SubjectKey.objects.all().delete()
    package = export(tmp_path / "package")
    found = [each.name for each in package.iterdir() if b"pat-secret" in each.read_bytes()]
    assert found == []
    assert [("salt" in line, line["shredded"]) for line in lines(package, "events.ndjson")] == [
        (False, True)
    ] * 3


def test_the_cover_is_a_pdf_whatever_the_names_are(tmp_path: Path) -> None:
    record(3, actor="<b>&alma", patient_id="pat-1")
    package = export(tmp_path / "package", values={"user": "<b>&alma"})
    assert (package / "cover.pdf").read_bytes().startswith(b"%PDF-")
    assert printable("\u0141ucja") == "\\u0141ucja"


def test_every_format_has_a_file(tmp_path: Path) -> None:
    record(1)
    for each in Format:
        assert verify(export(tmp_path / each, formats=[each])).events == 1
