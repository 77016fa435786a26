"""Comparisons of trials, and the spellings of their labels."""

from pathlib import Path

import pytest

from clinical.evaluation.data.trials import read_trials
from clinical.evaluation.errors import DataEmpty, DataInvalid
from tests.clinical.evaluation.folders import write_lines

ROW = {
    "_id": "1",
    "pmcid": "PMC1",
    "pmid": None,
    "title": "A trial",
    "abstract": "Drug A lowered pain.",
    "intervention": "drug A",
    "comparator": "placebo",
    "outcome": "pain",
    "label": "significantly decreased",
    "evidence": ["Pain was lower."],
}


def read_with(tmp_path: Path, **changes: object) -> str:
    return read_trials(write_lines(tmp_path / "t.jsonl", [ROW | changes]))[0].label


@pytest.mark.parametrize(
    ("label", "direction"),
    [
        ("significantly increase", "increased"),
        ("significantly increased", "increased"),
        ("Significantly  Decreased", "decreased"),
        ("no significant difference", "no significant difference"),
        ("not reported", "not reported"),
        (-1, "decreased"),
    ],
)
def test_every_spelling_of_a_label_is_known(tmp_path: Path, label: object, direction: str) -> None:
    assert read_with(tmp_path, label=label) == direction


def test_a_row_says_its_article_and_its_quotes(tmp_path: Path) -> None:
    trial = read_trials(write_lines(tmp_path / "t.jsonl", [ROW]))[0]
    assert (trial.article, trial.quotes, trial.abstract) == (
        "PMC1",
        ("Pain was lower.",),
        "Drug A lowered pain.",
    )


def test_the_original_columns_are_read_from_csv(tmp_path: Path) -> None:
    file = tmp_path / "annotations.csv"
    file.write_text(
        "PromptID,PMCID,Outcome,Intervention,Comparator,Label,Annotations\n"
        "7,1550405,pain,drug A,placebo,significantly decreased,Pain was lower.\n"
        "8,1550405,pain,drug A,placebo,invalid prompt,\n"
    )
    (trial,) = read_trials(file)
    assert (trial.id, trial.article, trial.quotes, trial.abstract) == (
        "7",
        "1550405",
        ("Pain was lower.",),
        "",
    )


def test_an_unknown_label_is_named_by_its_line(tmp_path: Path) -> None:
    with pytest.raises(DataInvalid, match=r"t\.jsonl, line 1: its label is none of"):
        read_with(tmp_path, label="rather better")


@pytest.mark.parametrize("column", ["intervention", "comparator", "outcome", "label"])
def test_a_missing_column_is_named(tmp_path: Path, column: str) -> None:
    with pytest.raises(DataInvalid, match=f"line 1: {column}"):
        read_with(tmp_path, **{column: None})


def test_evidence_that_is_no_list_of_texts_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataInvalid, match="evidence"):
        read_with(tmp_path, evidence=[{"text": "x"}])


def test_a_file_of_rejected_prompts_only_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataEmpty):
        read_with(tmp_path, label="invalid prompt")
