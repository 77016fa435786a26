"""The trained model as it runs: what is refused at load, and, where the files are there, what it says."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from clinical.evidence.checking import Direction, Verdict, check, decide, direction
from clinical.evidence.checking.model import ONNX, SETTINGS, TRAINED, CheckerModel
from clinical.evidence.checking.pairs import claim_pair, trial_pair
from clinical.evidence.checking.reader import Head
from clinical.evidence.errors import CheckerInvalid, CheckerMissing
from tests.clinical.evidence.checking.passages import quote

needs_model = pytest.mark.skipif(
    not (TRAINED / ONNX).is_file(), reason="the trained checker is not installed"
)
LARGEST_BYTES = 30_000_000


def test_a_missing_model_is_told_with_the_fix(tmp_path: Path) -> None:
    with pytest.raises(CheckerMissing, match="train_checker"):
        CheckerModel(tmp_path)


@needs_model
@pytest.mark.parametrize(
    ("name", "change"),
    [(ONNX, lambda whole: whole[:-1] + b"?"), (SETTINGS, lambda _: b"{"), (SETTINGS, lambda _: b"{}")],
)
def test_a_changed_file_is_not_run(tmp_path: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    folder = Path(shutil.copytree(TRAINED, tmp_path / "trained"))
    (folder / name).write_bytes(change((folder / name).read_bytes()))
    with pytest.raises(CheckerInvalid, match=name):
        CheckerModel(folder)


@needs_model
def test_weights_for_other_signs_than_these_are_refused(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(TRAINED, tmp_path / "trained"))
    settings = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
    settings["verdict"]["combination"]["weights"] = [[0.0] * 9] * 3
    (folder / SETTINGS).write_text(json.dumps(settings), encoding="utf-8")
    with pytest.raises(CheckerInvalid, match="signs"):
        CheckerModel(folder)


@pytest.fixture(scope="module")
def model() -> CheckerModel:
    return CheckerModel()


@needs_model
def test_the_model_is_small() -> None:
    assert (TRAINED / ONNX).stat().st_size < LARGEST_BYTES


@needs_model
def test_probabilities_do_not_depend_on_the_other_pairs(model: CheckerModel) -> None:
    pairs = [
        trial_pair(intervention="bexapril", comparator="placebo", outcome="stroke", text=text)
        for text in ("Bexapril reduced stroke.", "Stroke did not differ between bexapril and placebo. " * 5)
    ]
    together = model.probabilities(Head.DIRECTION, pairs)
    alone = [model.probabilities(Head.DIRECTION, [pair])[0] for pair in pairs]
    assert all(abs(sum(row) - 1) < 1e-5 for row in together)
    for one, other in zip(together, alone, strict=True):
        assert one == pytest.approx(other, abs=0.05)  # int8 ranges are taken over the batch


@needs_model
def test_a_text_of_any_length_is_read(model: CheckerModel) -> None:
    long = claim_pair("Bexapril reduces stroke.", "Bexapril reduced stroke. " * 1000)
    assert len(model.probabilities(Head.VERDICT, [long] * 40)) == 40


@needs_model
def test_the_checker_with_its_model_tells_support_from_contradiction() -> None:
    passage = quote(
        "In this trial, treatment with metformin significantly reduced body weight compared with placebo."
    )
    claim = "Metformin lowers body weight."
    assert check(claim, (passage,)).verdict is not Verdict.CONTRADICTED
    assert not check("Metformin increases body weight.", (passage,)).is_supported
    assert not check("Aspirin prevents colorectal cancer.", (passage,)).is_supported


@needs_model
def test_the_model_reads_a_trial() -> None:
    text = "Pain scores were significantly lower in the bexapril group than in the placebo group (p < 0.001)."
    result = direction(intervention="bexapril", comparator="placebo", outcome="pain scores", text=text)
    assert (result.direction, result.quote) == (Direction.DECREASED, text)


@needs_model
def test_a_decision_quotes_its_passage() -> None:
    passage = quote("Metformin significantly reduced body weight compared with placebo (p < 0.001).")
    assert decide("Does metformin reduce body weight?", (passage,)).quote == passage.quote


@needs_model
def test_what_it_was_trained_on_is_named_by_hashes_alone() -> None:
    trained_on = json.loads((TRAINED / SETTINGS).read_text(encoding="utf-8"))["trained_on"]
    assert trained_on
    assert all(len(each) == 16 and int(each, 16) >= 0 for each in trained_on)
