"""Multiple-choice questions of either form, and what is wrong with those that are none."""

import json
from pathlib import Path
from typing import Any

import pytest

from clinical.evaluation.data.choices import read_choices
from clinical.evaluation.errors import DataEmpty, DataInvalid, DataMissing
from tests.clinical.evaluation.folders import QUESTIONS, write_lines

ROW: dict[str, Any] = {
    "question": "What is given in anaphylaxis?",
    "options": {"A": "Adrenaline", "B": "Atropine", "C": "Insulin"},
    "answer": "Adrenaline",
    "answer_idx": "A",
    "meta_info": "step1",
}


def row(**changes: Any) -> dict[str, Any]:
    return {key: value for key, value in {**ROW, **changes}.items() if value is not None}


def read(tmp_path: Path, *rows: object) -> Any:
    return read_choices(write_lines(tmp_path / "questions.jsonl", rows))


def test_medqa_has_options_and_the_right_one(tmp_path: Path) -> None:
    [choice] = read(tmp_path, ROW)
    assert choice.options == ("Adrenaline", "Atropine", "Insulin")
    assert (choice.gold, choice.id, choice.group, choice.context) == (0, "line 1", "step1", "")


@pytest.mark.parametrize(
    "changes",
    [
        {"answer_idx": None, "answer": "Atropine"},
        {"answer_idx": None, "answer": "B"},
        {"answer_idx": "B", "answer": None},
        {"answer_idx": "B", "answer": "B"},
        {"answer_idx": "B", "answer": "Atropine"},
        {"options": [{"key": key, "value": value} for key, value in ROW["options"].items()]}
        | {"answer_idx": "B", "answer": "Atropine"},
    ],
)
def test_the_right_option_is_found_however_it_is_named(tmp_path: Path, changes: dict[str, Any]) -> None:
    [choice] = read(tmp_path, row(**changes))
    assert choice.options[choice.gold] == "Atropine"


def test_an_id_of_the_row_is_kept_and_lines_are_counted_else(tmp_path: Path) -> None:
    first, second = read(tmp_path, row(id="q7"), ROW)
    assert (first.id, second.id) == ("q7", "line 2")


def test_pubmedqa_asks_yes_no_or_maybe_of_an_abstract_and_never_of_its_conclusion(tmp_path: Path) -> None:
    first, second = read(tmp_path, *QUESTIONS)
    assert first.options == second.options == ("yes", "no", "maybe")
    assert (first.options[first.gold], second.options[second.gold]) == ("yes", "no")
    assert first.group == "yes"
    assert first.context.startswith("BACKGROUND: We studied metoprolol")
    assert "zebras" not in first.context


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"options": {"A": "one"}}, "1 options"),
        ({"options": {str(n): f"option {n}" for n in range(27)}}, "27 options"),
        ({"options": "A"}, "no object of texts"),
        ({"options": {"A": "one", "B": 2}}, "no object of texts"),
        ({"options": {"A": "one", "B": " "}}, "no object of texts"),
        ({"options": ["one", "two"]}, "0 options"),
        ({"answer_idx": "E"}, "answer_idx"),
        ({"answer_idx": "B"}, "answer_idx"),
        ({"answer_idx": None, "answer": "Aspirin"}, "not exactly one"),
        ({"answer_idx": None, "answer": "x", "options": {"A": "x", "B": "x"}}, "not exactly one"),
        ({"question": None}, "question"),
    ],
)
def test_a_wrong_row_is_named_by_its_line(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(DataInvalid) as caught:
        read(tmp_path, ROW, row(**changes))
    assert "questions.jsonl, line 2: " in str(caught.value)
    assert message in str(caught.value)
    assert "anaphylaxis" not in str(caught.value)


def test_a_file_that_is_missing_or_empty_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataMissing):
        read_choices(tmp_path / "nowhere.jsonl")
    with pytest.raises(DataEmpty):
        read(tmp_path)


def test_what_is_neither_form_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "questions.jsonl").write_text(json.dumps(ROW) + "\nnot json\n")
    with pytest.raises(DataInvalid, match="line 2: no JSON"):
        read_choices(tmp_path / "questions.jsonl")
    with pytest.raises(DataInvalid, match="line 1: "):
        read(tmp_path, {"question": "Is it?"})
