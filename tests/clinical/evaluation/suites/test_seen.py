"""Rows that the model was trained on, known by their fingerprints."""

import json
from pathlib import Path

from clinical.evaluation.suites.seen import count_seen
from clinical.evidence.checking.pairs import fingerprint


def checker(tmp_path: Path, trained_on: object) -> Path:
    file = tmp_path / "checker.json"
    file.write_text(json.dumps({"trained_on": trained_on}))
    return file


def test_rows_are_known_by_their_fingerprint_whatever_their_spacing(tmp_path: Path) -> None:
    prints = [fingerprint("One claim."), fingerprint("Another.")]
    for trained_on in (prints, {"verification": prints, "direction": []}, " ".join(prints)):
        assert count_seen(["One  claim. ", "A third."], checker=checker(tmp_path, trained_on)) == 1


def test_without_a_model_nothing_was_seen(tmp_path: Path) -> None:
    assert count_seen(["One claim."], checker=tmp_path / "nowhere.json") == 0
    assert count_seen(["One claim."], checker=checker(tmp_path, [])) == 0
