"""Paired figures of two systems, and McNemar's p beside its definition."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.evaluation.metrics.paired import Paired, mcnemar_p


def paired(*, both: int, only_a: int, only_b: int, neither: int) -> Paired:
    a = [True] * (both + only_a) + [False] * (only_b + neither)
    b = [True] * both + [False] * only_a + [True] * only_b + [False] * neither
    return Paired(a, b)


def test_wins_losses_and_ties_count_every_question_once() -> None:
    pairs = paired(both=5, only_a=3, only_b=2, neither=4)
    assert (pairs.wins, pairs.losses, pairs.ties) == (3, 2, 9)


def test_the_difference_and_its_interval() -> None:
    pairs = paired(both=40, only_a=30, only_b=10, neither=20)
    assert pairs.difference == pytest.approx(0.2)
    assert pairs.difference_interval is not None
    low, high = pairs.difference_interval
    # The normal approximation of paired proportions gives 0.2 plus or minus 0.118.
    assert low == pytest.approx(0.08, abs=0.03)
    assert high == pytest.approx(0.32, abs=0.03)


def test_the_error_reduction_is_the_share_of_the_others_errors() -> None:
    pairs = paired(both=40, only_a=30, only_b=10, neither=20)
    assert pairs.error_reduction == pytest.approx((50 - 30) / 50)
    assert pairs.error_reduction_interval is not None
    low, high = pairs.error_reduction_interval
    assert low < 0.4 < high


def test_more_errors_are_a_negative_reduction() -> None:
    assert paired(both=5, only_a=0, only_b=5, neither=5).error_reduction == -1.0


def test_where_the_other_makes_no_error_there_is_no_reduction() -> None:
    pairs = paired(both=5, only_a=0, only_b=3, neither=0)
    assert pairs.error_reduction is None
    assert pairs.error_reduction_interval is None


def test_no_question_gives_no_figure() -> None:
    pairs = Paired([], [])
    assert (pairs.difference, pairs.difference_interval, pairs.error_reduction) == (None, None, None)
    assert mcnemar_p(0, 0) == 1.0


def test_other_questions_are_refused() -> None:
    with pytest.raises(ValueError, match="same questions"):
        Paired([True], [])


@pytest.mark.parametrize(
    ("wins", "losses", "p"), [(4, 0, 0.125), (1, 9, 0.021484375), (15, 15, 1.0), (1, 0, 1.0), (0, 6, 0.03125)]
)
def test_p_of_splits_that_were_worked_out_by_hand(wins: int, losses: int, p: float) -> None:
    assert mcnemar_p(wins, losses) == p


@given(wins=st.integers(0, 150), losses=st.integers(0, 150))
def test_p_is_the_chance_of_every_split_that_is_at_most_as_likely(wins: int, losses: int) -> None:
    pairs = wins + losses
    ways = [comb(pairs, each) for each in range(pairs + 1)]
    expected = Fraction(sum(each for each in ways if each <= ways[wins]), 2**pairs)
    assert mcnemar_p(wins, losses) == pytest.approx(float(expected))
