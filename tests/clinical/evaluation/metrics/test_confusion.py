"""Precision, recall and F1: by hand, and against scikit-learn."""

import random

import pytest
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, precision_score, recall_score

from clinical.evaluation.metrics.confusion import Confusion, f1
from clinical.evaluation.metrics.tally import Tally

LABELS = ("yes", "no", "maybe")


def confusion_of(gold: list[str], predicted: list[str]) -> Confusion:
    tally = Tally(LABELS)
    for number, (one, other) in enumerate(zip(gold, predicted, strict=True)):
        tally.add(one, other, unit=number)
    return tally.confusion


@pytest.mark.parametrize("seed", range(10))
def test_figures_agree_with_scikit_learn(seed: int) -> None:
    choose = random.Random(seed)
    gold = [*LABELS, *choose.choices(LABELS, k=60)]
    predicted = [*LABELS, *choose.choices(LABELS, k=60)]
    found = confusion_of(gold, predicted)
    assert found.macro_f1 == pytest.approx(f1_score(gold, predicted, average="macro"))
    assert found.accuracy == pytest.approx(accuracy_score(gold, predicted))
    assert found.counts.tolist() == confusion_matrix(gold, predicted, labels=LABELS).tolist()
    for label in LABELS:
        one = {"labels": [label], "average": "macro"}
        assert found.precision(label) == pytest.approx(precision_score(gold, predicted, **one))
        assert found.recall(label) == pytest.approx(recall_score(gold, predicted, **one))


def test_macro_f1_is_over_the_classes_that_occur_in_the_gold() -> None:
    found = confusion_of(["yes", "yes", "no", "no"], ["yes", "maybe", "no", "no"])
    assert found.macro_f1 == pytest.approx((2 / 3 + 1) / 2)
    assert set(found.by_class()) == {"yes", "no"}


def test_a_class_that_is_never_predicted_counts_as_zero() -> None:
    found = confusion_of(["yes", "no"], ["yes", "yes"])
    assert found.macro_f1 == pytest.approx((2 / 3 + 0) / 2)


def test_what_has_no_denominator_is_none_and_not_zero() -> None:
    found = confusion_of(["yes"], ["yes"])
    assert (found.precision("no"), found.recall("no")) == (None, None)
    empty = confusion_of([], [])
    assert (empty.macro_f1, empty.accuracy) == (None, None)


def test_the_confusion_is_told_by_name_gold_first() -> None:
    assert confusion_of(["yes", "yes"], ["no", "yes"]).document()["yes"] == {"yes": 1, "no": 1, "maybe": 0}


def test_a_label_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="tuple"):
        Tally(LABELS).add("perhaps", "yes", unit=1)


def test_f1_of_counts() -> None:
    assert f1(correct=2, predicted=4, relevant=2) == pytest.approx(2 * 0.5 * 1 / 1.5)
    assert f1(0, 0, 0) == 0.0
