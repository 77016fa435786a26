"""Figures of the two other tasks: directions of trials held out, and answers calibrated fold by fold."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from benchmarks.checker.deciding import truths_of
from benchmarks.checker.network import Calibration
from benchmarks.checker.reading import LABELS, cut, shuffled
from benchmarks.checker.released import Exported, FoldReader
from benchmarks.checker.trials import direction_of
from clinical.evidence.checking.combining import softmax
from clinical.evidence.checking.pairs import trial_pair
from clinical.evidence.checking.trials.result import trial_result
from clinical.evidence.checking.trials.rules import Comparison

CALIBRATION_PENALTY = 0.1

Floats = NDArray[np.float32]


def direction_figures(exported: Exported, rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Return macro F1 of three directions on title and abstract, marked sentences, and both, by the product's rule.

    `..._model_alone`: by the sentence that is likeliest to report the outcome, without the rules.
    """
    truths = [direction_of(row["label"]) for row in rows]
    figures = {}
    for name, text_of in _TEXTS.items():
        both = [_by_product(exported, row, text_of(row)) for row in rows]
        alone = [_by_model(exported, row, text_of(row)) for row in rows]
        figures[name] = _macro(truths, both)
        figures[f"{name}_model_alone"] = _macro(truths, alone)
    return figures


_TEXTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "macro_f1": lambda row: "\n".join((row["title"], row["abstract"], *row["evidence"])),
    "macro_f1_quotes": lambda row: "\n".join(row["evidence"]),
    "macro_f1_abstract": lambda row: "\n".join((row["title"], row["abstract"])),
}


def _by_product(exported: Exported, row: dict[str, Any], text: str) -> int:
    comparison = Comparison(row["intervention"], row["comparator"], row["outcome"])
    return LABELS["direction"].index(
        trial_result(comparison, text, FoldReader(exported).opened).direction.value
    )


def _by_model(exported: Exported, row: dict[str, Any], text: str) -> int:
    asked = {part: row[part] for part in ("intervention", "comparator", "outcome")}
    logits = exported.logits("direction", [trial_pair(**asked, text=each.text) for each in cut(text)])
    likely = softmax(logits)
    return int(likely[likely[:, 3].argmin(), :3].argmax())


def _macro(truths: Iterable[int], found: Iterable[int]) -> float:
    return round(
        float(f1_score(list(truths), list(found), labels=[0, 1, 2], average="macro", zero_division=0)), 4
    )


def calibrated(logits: Floats, truths: NDArray[np.int64]) -> Calibration:
    """Return the map under which the logits tell the answers best (a logistic regression)."""
    model = LogisticRegression(C=CALIBRATION_PENALTY, max_iter=2000).fit(logits, truths)
    return Calibration(model.coef_, model.intercept_)


def decision_figures(rows: Sequence[dict[str, Any]], logits: Floats, folds: int) -> dict[str, float]:
    """Return the accuracy of yes, no and maybe: calibrated out of fold, as trained, and always *yes*."""
    truths = truths_of(rows)
    fold = {row["_id"]: place % folds for place, row in enumerate(shuffled(rows, 5))}
    own = np.array([fold[row["_id"]] for row in rows])
    found = np.zeros(len(rows), dtype=np.int64)
    for each in range(folds):
        calibration = calibrated(logits[own != each], truths[own != each])
        here = own == each
        found[here] = (logits[here] @ calibration.weights.T + calibration.bias).argmax(axis=1)
    return {
        "accuracy": round(float((found == truths).mean()), 4),
        "macro_f1": round(float(f1_score(truths, found, average="macro")), 4),
        "accuracy_as_trained": round(float((logits.argmax(axis=1) == truths).mean()), 4),
        "majority": round(float(np.bincount(truths).max() / len(truths)), 4),
    }
