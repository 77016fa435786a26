"""The retrieval suite over searches whose figures are known."""

from collections.abc import Sequence
from math import log2

import pytest

from clinical.evaluation.data.beir import Query
from clinical.evaluation.suites.retrieval import evaluate_retrieval

QUERIES = (Query("q1", "one", {"a": 1}), Query("q2", "two", {"b": 1, "c": 1}))
FOUND = {"one": ["x", "a"], "two": ["b"]}


def test_figures_are_means_over_the_queries() -> None:
    found = evaluate_retrieval(QUERIES, lambda question, limit: FOUND[question][:limit])
    second = 1 / (1 + 1 / log2(3))
    assert found["ndcg_at_10"] == pytest.approx((1 / log2(3) + second) / 2)
    assert found["recall_at_100"] == pytest.approx((1 + 0.5) / 2)
    assert found["queries"] == 2
    assert 0 <= found["p50_ms"] <= found["p95_ms"]
    low, high = found["ndcg_at_10_ci"]
    assert low <= found["ndcg_at_10"] <= high


def test_a_search_is_asked_for_a_hundred_and_once_before_the_clock_runs() -> None:
    asked: list[tuple[str, int]] = []

    def search(question: str, limit: int) -> Sequence[str]:
        asked.append((question, limit))
        return []

    assert evaluate_retrieval(QUERIES, search)["ndcg_at_10"] == 0.0
    assert asked == [("one", 100), ("one", 100), ("two", 100)]


def test_a_query_that_is_a_document_itself_does_not_find_itself_unless_that_was_judged() -> None:
    itself = Query("d1", "text", {"d2": 1})
    assert evaluate_retrieval([itself], lambda question, limit: ["d1", "d2"])["ndcg_at_10"] == 1.0
    judged = Query("d1", "text", {"d1": 1})
    assert evaluate_retrieval([judged], lambda question, limit: ["d1", "d2"])["ndcg_at_10"] == 1.0
