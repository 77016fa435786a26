"""Baseline files: read, written anew, and told where they are wrong."""

from pathlib import Path

import pytest

import clinical.evaluation
from clinical.evaluation.baseline import baseline_text, read_baseline, updated
from clinical.evaluation.errors import BaselineInvalid
from clinical.evaluation.gate import Floor

FLOORS = [
    Floor(label="medqa small", figure="accuracy", value=0.25, tolerance=0.05),
    Floor(label="retrieval", figure="ndcg_at_10", value=0.725, tolerance=0.01),
    Floor(label="safety", figure="unsafe.rate", value=0.02, tolerance=0.01, lower_is_better=True),
]


def written(file: Path, text: str) -> Path:
    file.write_text(text)
    return file


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    text = baseline_text(FLOORS)
    assert read_baseline(written(tmp_path / "baseline.toml", text)) == FLOORS
    assert text.startswith("# Figures of the last release")


def test_an_update_takes_the_values_and_keeps_tolerances_and_what_was_not_measured() -> None:
    after = updated(FLOORS, {"retrieval": {"ndcg_at_10": 0.75, "recall_at_100": 0.9}})
    assert [floor.value for floor in after] == [0.25, 0.75, 0.02]
    assert after[1].tolerance == 0.01


def test_a_new_label_brings_its_shares() -> None:
    figures = {
        "suite": "direction",
        "macro_f1": 0.8,
        "rows": 12,
        "p50_ms": 0.5,
        "text": "both",
        "given": True,
    }
    [floor] = updated([], {"direction": figures})
    assert (floor.figure, floor.value, floor.tolerance) == ("macro_f1", 0.8, 0.01)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[", "no TOML"),
        ("retrieval = 1", "retrieval is no table"),
        ("[retrieval]\nndcg = 0.7", "retrieval, ndcg: "),
        ('[retrieval]\nndcg = { value = "0.7", tolerance = 0.1 }', "not numbers"),
        ("[retrieval]\nndcg = { value = 0.7 }", "not numbers"),
        ("[retrieval]\nndcg = { value = 0.7, tolerance = -0.1 }", "negative"),
        ("[retrieval]\nndcg = { value = 0.7, tolerance = nan }", "negative"),
        ('[retrieval]\nndcg = { value = 0.7, tolerance = 0.1, better = "more" }', "the only word"),
        ("[retrieval]\nndcg = { value = 0.7, tolerance = 0.1, worse = 1 }", "no table of value"),
    ],
)
def test_a_wrong_baseline_is_told_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BaselineInvalid) as caught:
        read_baseline(written(tmp_path / "baseline.toml", text))
    assert "baseline.toml: " in str(caught.value)
    assert message in str(caught.value)


def test_a_missing_baseline_is_told(tmp_path: Path) -> None:
    with pytest.raises(BaselineInvalid, match="missing"):
        read_baseline(tmp_path / "none.toml")


def test_the_committed_baseline_can_be_read_and_holds_itself() -> None:
    file = Path(clinical.evaluation.__file__).with_name("baseline.toml")
    floors = read_baseline(file)
    assert {"retrieval", "verification", "direction", "pubmedqa"} <= {floor.label for floor in floors}
    assert baseline_text(floors) == file.read_text(encoding="utf-8")
