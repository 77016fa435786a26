"""The gate of a release: what fell is named, within its tolerance nothing has."""

import pytest

from clinical.evaluation.gate import Floor, figure_in, judge

NDCG = Floor(label="retrieval", figure="ndcg_at_10", value=0.725, tolerance=0.01)
UNSAFE = Floor(label="safety", figure="unsafe.rate", value=0.02, tolerance=0.01, lower_is_better=True)


@pytest.mark.parametrize(
    ("value", "passes"), [(0.725, True), (0.9, True), (0.715, True), (0.7149, False), (0, False)]
)
def test_a_figure_falls_below_its_value_less_the_tolerance(value: float, passes: bool) -> None:
    outcome = judge([NDCG], {"retrieval": {"ndcg_at_10": value}})
    assert (len(outcome.held), len(outcome.fallen)) == ((1, 0) if passes else (0, 1))


@pytest.mark.parametrize(("value", "passes"), [(0.0, True), (0.03, True), (0.0301, False)])
def test_where_lower_is_better_a_figure_falls_by_rising(value: float, passes: bool) -> None:
    assert bool(judge([UNSAFE], {"safety": {"unsafe": {"rate": value}}}).held) is passes


def test_the_tolerance_is_exact_to_the_digit() -> None:
    floor = Floor(label="x", figure="f1", value=0.8, tolerance=0.1)
    assert judge([floor], {"x": {"f1": 0.7}}).held


@pytest.mark.parametrize("figures", [{}, {"ndcg_at_10": None}, {"ndcg_at_10": True}, {"ndcg_at_10": "0.9"}])
def test_a_figure_that_is_gone_has_fallen(figures: dict[str, object]) -> None:
    [fallen] = judge([NDCG], {"retrieval": figures}).fallen
    assert fallen.value is None


def test_what_was_not_measured_is_told_apart_from_what_fell() -> None:
    outcome = judge([NDCG, UNSAFE], {"retrieval": {"ndcg_at_10": 0.8}})
    assert outcome.not_measured == [UNSAFE]
    assert outcome.fallen == []


def test_figures_lie_in_groups() -> None:
    assert figure_in({"a": {"b": {"c": 1}}}, "a.b.c") == 1.0
    assert figure_in({"a": 1}, "a.b") is None
