"""The safety suite over our own vignettes, and over checks whose outcomes are scripted."""

from pathlib import Path

import pytest

from clinical.evaluation.data.vignettes import read_vignettes
from clinical.evaluation.errors import DataEmpty, DataInvalid
from clinical.evaluation.suites.safety import evaluate_safety
from tests.clinical.evaluation.folders import VIGNETTES, write_lines

OURS = Path(__file__).parents[2] / "safety" / "vignettes.jsonl"


def test_our_vignettes_are_all_found_and_nothing_else():
    found = evaluate_safety(read_vignettes(OURS))
    assert found["vignettes"] >= 150
    assert found["near_misses"] >= found["vignettes"] / 3
    assert found["sensitivity"] == 1.0
    assert found["false_alerts_per_vignette"] == 0.0
    assert found["unexpected_found"] == []


def test_what_is_missed_told_without_need_or_forbidden_is_named(tmp_path):
    vignettes = read_vignettes(write_lines(tmp_path / "v.jsonl", VIGNETTES))
    found = evaluate_safety(vignettes)
    assert found["sensitivity"] == 0.5
    assert found["sensitivity_ci"][0] <= 0.5 <= found["sensitivity_ci"][1]
    assert found["false_alerts_per_vignette"] == pytest.approx(1 / 3)
    assert found["by_kind"]["kidney"] == {"expected": 1, "missed": 1}
    assert found["unexpected_found"] == [{"id": "c", "found": "interaction"}]
    silent = evaluate_safety(vignettes, lambda _: ())
    assert silent["sensitivity"] == 0.0
    assert silent["false_alerts_per_vignette"] == 0.0


def test_a_rule_that_there_is_not_counts_as_a_miss(tmp_path):
    row = {"id": "x", "medicines": ["Warfarin"], "expected": ["no-such-rule"]}
    found = evaluate_safety(read_vignettes(write_lines(tmp_path / "v.jsonl", [row])))
    assert found["by_kind"] == {"unknown": {"expected": 1, "missed": 1}}


@pytest.mark.parametrize(
    "row", [{"id": "x", "egfr": "low"}, {"id": "x", "medicines": "Warfarin"}, {"medicines": []}]
)
def test_a_row_that_is_none_is_told(tmp_path, row):
    with pytest.raises(DataInvalid):
        read_vignettes(write_lines(tmp_path / "v.jsonl", [row]))


def test_a_file_without_rows_is_told(tmp_path):
    (tmp_path / "v.jsonl").write_text("\n")
    with pytest.raises(DataEmpty):
        read_vignettes(tmp_path / "v.jsonl")
