"""Yes/no questions, in this project's form and in the two that PubMedQA is published in."""

import json
from pathlib import Path

import pytest

from clinical.evaluation.data.questions import read_questions
from clinical.evaluation.errors import DataEmpty, DataInvalid
from tests.clinical.evaluation.folders import write_lines

OURS = {
    "_id": "11",
    "question": "Is it so?",
    "contexts": ["We asked.", "It was."],
    "labels": ["BACKGROUND", "RESULTS"],
    "long_answer": "It is so.",
    "answer": "yes",
}
PUBLISHED = {
    "QUESTION": "Is it so?",
    "CONTEXTS": ["We asked.", "It was."],
    "LABELS": ["BACKGROUND", "RESULTS"],
    "LONG_ANSWER": "It is so.",
    "final_decision": "yes",
}
NESTED = {
    "pubid": 11,
    "question": "Is it so?",
    "context": {"contexts": ["We asked.", "It was."], "labels": ["BACKGROUND", "RESULTS"]},
    "long_answer": "It is so.",
    "final_decision": "yes",
}


def test_every_form_says_the_same(tmp_path: Path) -> None:
    (found,) = read_questions(write_lines(tmp_path / "ours.jsonl", [OURS]))
    assert found.sections == (("BACKGROUND", "We asked."), ("RESULTS", "It was."))
    assert read_questions(write_lines(tmp_path / "nested.jsonl", [NESTED])) == (found,)
    assert read_questions(write_lines(tmp_path / "flat.json", [{"11": PUBLISHED}])) == (found,)
    (tmp_path / "indented.json").write_text(json.dumps({"11": PUBLISHED}, indent=4))
    assert read_questions(tmp_path / "indented.json") == (found,)


def test_the_conclusion_is_nowhere_in_what_is_read(tmp_path: Path) -> None:
    (found,) = read_questions(write_lines(tmp_path / "ours.jsonl", [OURS]))
    assert "It is so." not in repr(found)


def test_sections_without_labels_are_kept(tmp_path: Path) -> None:
    for labels in (None, [], ["BACKGROUND"]):
        (found,) = read_questions(write_lines(tmp_path / "q.jsonl", [OURS | {"labels": labels}]))
        assert [text for _, text in found.sections] == ["We asked.", "It was."]
        assert found.sections[1][0] == ""


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"answer": "perhaps"}, "its answer is none of yes, no, maybe"),
        ({"answer": None}, "answer or final_decision is missing"),
        ({"question": None}, "question or QUESTION is missing"),
        ({"contexts": "text"}, "contexts or CONTEXTS"),
        ({"labels": [1.5]}, "labels or LABELS"),
        ({"_id": None}, "_id or id or pubid is missing"),
    ],
)
def test_a_question_of_another_form_is_told(tmp_path: Path, changes: dict[str, object], told: str) -> None:
    file = write_lines(tmp_path / "q.jsonl", [OURS, OURS | changes])
    with pytest.raises(DataInvalid, match=f"line 2: {told}"):
        read_questions(file)


def test_a_published_row_that_is_wrong_is_named_by_its_key(tmp_path: Path) -> None:
    file = tmp_path / "q.json"
    file.write_text(json.dumps({"11": PUBLISHED, "12": PUBLISHED | {"final_decision": "?"}}, indent=1))
    with pytest.raises(DataInvalid, match="key 12: its answer"):
        read_questions(file)
    file.write_text(json.dumps({"11": PUBLISHED, "12": "no"}, indent=1))
    with pytest.raises(DataInvalid, match="key 12: no JSON object"):
        read_questions(file)


def test_an_object_that_does_not_close_is_told(tmp_path: Path) -> None:
    (tmp_path / "q.json").write_text('{\n "11": {')
    with pytest.raises(DataInvalid, match="no JSON"):
        read_questions(tmp_path / "q.json")


@pytest.mark.parametrize("content", ["", "\n\n", "{}"])
def test_nothing_to_ask_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "q.json").write_text(content)
    with pytest.raises((DataEmpty, DataInvalid)):
        read_questions(tmp_path / "q.json")
