"""nDCG and recall: by hand, and against scikit-learn."""

import random
from math import log2

import numpy as np
import pytest
from sklearn.metrics import ndcg_score

from clinical.evaluation.metrics.ranking import ndcg, recall


def test_one_relevant_document_gains_less_the_later_it_comes() -> None:
    assert ndcg(["a", "b", "c"], {"a": 1}, 10) == 1.0
    assert ndcg(["b", "a", "c"], {"a": 1}, 10) == pytest.approx(1 / log2(3))
    assert ndcg(["b", "c", "a"], {"a": 1}, 10) == pytest.approx(0.5)


def test_the_ideal_holds_relevant_documents_that_were_not_found() -> None:
    assert ndcg(["a"], {"a": 1, "b": 1}, 10) == pytest.approx(1 / (1 + 1 / log2(3)))


def test_higher_grades_gain_more_and_the_gain_is_the_grade_itself() -> None:
    found = 1 / log2(2) + 2 / log2(3)
    ideal = 2 / log2(2) + 1 / log2(3)
    assert ndcg(["one", "two"], {"one": 1, "two": 2}, 10) == pytest.approx(found / ideal)


def test_what_comes_after_k_does_not_count() -> None:
    assert ndcg(["x", "y", "a"], {"a": 1}, 2) == 0.0
    assert recall(["x", "y", "a"], {"a": 1}, 2) == 0.0
    assert recall(["x", "y", "a"], {"a": 1}, 3) == 1.0


def test_a_document_found_twice_counts_once() -> None:
    assert ndcg(["a", "a"], {"a": 1, "b": 1}, 10) == ndcg(["a"], {"a": 1, "b": 1}, 10)
    assert recall(["a", "a"], {"a": 1, "b": 1}, 10) == 0.5


def test_negative_and_zero_grades_are_not_relevant() -> None:
    grades = {"a": 1, "b": 0, "c": -1}
    assert ndcg(["c", "b", "a"], grades, 10) == pytest.approx(0.5)
    assert recall(["a"], grades, 10) == 1.0


def test_nothing_relevant_or_nothing_found_is_zero() -> None:
    assert ndcg([], {"a": 1}, 10) == recall([], {"a": 1}, 10) == 0.0
    assert ndcg(["a"], {"a": 0}, 10) == recall(["a"], {}, 10) == 0.0


@pytest.mark.parametrize("seed", range(20))
def test_ndcg_agrees_with_scikit_learn_on_random_rankings(seed: int) -> None:
    choose = random.Random(seed)
    documents = [f"d{number}" for number in range(30)]
    grades = {each: choose.choice([0, 0, 0, 1, 2, 3]) for each in documents}
    grades["d0"] = 1
    ranking = choose.sample(documents, k=len(documents))
    scores = [len(ranking) - ranking.index(each) for each in documents]
    expected = ndcg_score(np.array([[grades[each] for each in documents]]), np.array([scores]), k=10)
    assert ndcg(ranking, grades, 10) == pytest.approx(expected)
