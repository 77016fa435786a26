"""The intake suite over a reader whose outcomes are scripted."""

from datetime import date

import pytest

from clinical.evaluation.errors import DataEmpty, DataMissing
from clinical.evaluation.suites.intake import evaluate_intake, record_files
from ehr_integration.chart.domain import Chart, Finding, FindingCode, Patient
from ehr_integration.errors import ChartRefusal, ChartRefused

PATIENT = Patient(id="p1", name="Wendell A Lorem", sex="male", birth_date=date(1960, 2, 29))
STALE = Finding(code=FindingCode.STALE, reference="Observation/1", text="Old.")
DUPLICATE = Finding(code=FindingCode.DUPLICATE, reference="Observation/2", text="Twice.")


@pytest.fixture
def folder(tmp_path):
    for name in ("good", "refused", "crash", "deeper/good", ".hidden", ".git/good"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    return tmp_path


def read(path):
    if path.name == "refused":
        raise ChartRefused(ChartRefusal.NO_PATIENT, "No patient")
    if path.name == "crash":
        raise KeyError("Wendell A Lorem")
    return Chart(patient=PATIENT, facts=(), findings=(STALE, STALE, DUPLICATE))


def test_every_file_is_a_chart_a_refusal_or_a_crash(folder):
    notes: list[str] = []
    found = evaluate_intake(record_files(folder), read, note=notes.append)
    assert (found["files"], found["charts"], found["crashed"]) == (4, 2, 1)
    assert found["refused"] == {"no-patient": 1}
    assert (found["findings"], found["findings_by_code"]) == (6, {"stale": 4, "duplicate": 2})
    assert found["p95_ms"] >= found["p50_ms"] > 0
    assert notes == [f"{folder / 'crash'}: the reader crashed with KeyError"]


def test_files_are_those_of_all_folders_without_hidden_ones(folder):
    names = [path.relative_to(folder).as_posix() for path in record_files(folder)]
    assert names == ["crash", "deeper/good", "good", "refused"]
    assert record_files(folder / "good") == [folder / "good"]


def test_a_folder_that_is_not_there_or_empty_is_told(tmp_path):
    with pytest.raises(DataMissing, match="nowhere"):
        record_files(tmp_path / "nowhere")
    with pytest.raises(DataEmpty, match="holds no file"):
        record_files(tmp_path)
