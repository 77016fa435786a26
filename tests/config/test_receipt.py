"""`manage.py receipt verify`."""

import io
import json
import logging
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from compliance.access.models import Account
from tests.audit.ledger.sealed import sealed
from tests.clinical.answers.receipts.conftest import QUESTION, Give, give  # noqa: F401 - a fixture
from tests.config.running import run, run_json


@pytest.fixture
def document(give: Give) -> dict[str, Any]:  # noqa: F811 - the fixture
    return give()


@pytest.fixture
def file(document: dict[str, Any], tmp_path: Path) -> Path:
    path = tmp_path / "saved.json"
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False), encoding="utf-8")
    return path


def test_a_genuine_answer_is_told_with_what_the_record_says(file: Path, document: dict[str, Any]) -> None:
    sealed()
    told = run("receipt", "verify", file, "--as", "olga")
    for words in ("Genuine", "to alma (clinician), purpose TREAT", "of the ledger, under the checkpoint"):
        assert words in told
    assert document["model"] in told
    assert "does not prove" in told


def test_under_json_it_is_one_object(file: Path) -> None:
    sealed()
    found = run_json("receipt", "verify", file, "--as", "alma")
    assert (found["outcome"], found["given"]["by"]) == ("genuine", "alma")
    assert found["given"]["ledger"]["checkpoint_size"] > found["given"]["ledger"]["position"]


def test_whatever_is_not_genuine_ends_with_1(file: Path, document: dict[str, Any]) -> None:
    file.write_text(json.dumps({**document, "status": "refused"}))
    found = run_json("receipt", "verify", file, "--as", "olga", code=1)
    assert (found["outcome"], found["differs"]) == ("altered", ["status"])
    file.write_text("no JSON")
    assert run_json("receipt", "verify", file, "--as", "olga", code=1)["outcome"] == "not_a_receipt"


def test_without_json_it_ends_with_1_too(
    file: Path, document: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(json.dumps({**document, "status": "refused"}))
    with pytest.raises(SystemExit) as stop:
        call_command("receipt", "verify", str(file), "--as", "olga")
    assert stop.value.code == 1
    assert "The record says otherwise of: status." in capsys.readouterr().out


def test_the_question_may_come_from_a_file(file: Path, document: dict[str, Any], tmp_path: Path) -> None:
    del document["question"]
    file.write_text(json.dumps(document))
    question = tmp_path / "question.txt"
    question.write_text(f"\ufeff{QUESTION}\n", encoding="utf-8")
    assert run_json("receipt", "verify", file, "--as", "olga", code=1)["outcome"] == "question_missing"
    assert "Genuine" in run("receipt", "verify", file, "--as", "olga", "--question-file", question)
    assert "Genuine" in run("receipt", "verify", file, "--as", "olga", "--question", QUESTION)


def test_standard_input_is_read_for_a_dash(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(file.read_bytes())))
    assert run_json("receipt", "verify", "-", "--as", "olga")["outcome"] == "genuine"


def test_neither_question_nor_answer_is_printed_or_logged(
    file: Path,
    document: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    document["message"] = document["claims"][0]["text"] = "canary-of-the-answer"
    file.write_text(json.dumps(document))
    for asked in ("", "canary-of-the-question"):
        with pytest.raises(SystemExit):
            call_command("receipt", "verify", str(file), "--as", "olga", "--question", asked)
    shown = capsys.readouterr()
    assert "canary" not in f"{shown.out}{shown.err}{caplog.text}"
    assert QUESTION not in f"{shown.out}{shown.err}{caplog.text}"


def test_a_file_that_is_not_there_is_told_with_its_name(cast: dict[str, Account], tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.json cannot be read"):
        run("receipt", "verify", tmp_path / "none.json", "--as", "olga")


def test_who_may_not_is_told_so(file: Path) -> None:
    problem = run_json("receipt", "verify", file, "--as", "ada", code=1)
    assert problem["type"] == "urn:tacit:problem:access-denied"
