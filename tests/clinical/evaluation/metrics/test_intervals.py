"""Intervals: what they hold, that they do not change from run to run, and that rows of one unit move together."""

import numpy as np
import pytest

from clinical.evaluation.metrics.bootstrap import interval, mean_interval
from clinical.evaluation.metrics.latency import Latency
from clinical.evaluation.metrics.tally import Tally


def test_the_interval_of_a_mean_is_near_the_one_of_the_normal_distribution() -> None:
    values = np.random.default_rng(3).normal(0.5, 0.1, size=400).tolist()
    found = mean_interval(values)
    assert found is not None
    half = 1.96 * np.std(values) / 20
    assert found == pytest.approx((np.mean(values) - half, np.mean(values) + half), abs=0.002)


def test_the_same_values_give_the_same_interval() -> None:
    assert mean_interval([0.1, 0.9, 0.4, 0.3]) == mean_interval([0.1, 0.9, 0.4, 0.3])


def test_values_that_are_all_equal_have_no_width() -> None:
    assert mean_interval([1.0] * 5) == (1.0, 1.0)


def test_without_values_there_is_no_interval() -> None:
    assert mean_interval([]) is None
    assert Tally(("yes", "no")).interval(lambda confusion: confusion.accuracy) is None


def test_a_figure_that_is_nowhere_defined_has_no_interval() -> None:
    assert interval(np.ones((4, 1)), lambda sums: None) is None


def width(rows_per_unit: int) -> float:
    tally = Tally(("yes", "no"))
    for number in range(200):
        right = (number // rows_per_unit) % 2 == 0
        tally.add("yes", "yes" if right else "no", unit=number // rows_per_unit)
    found = tally.interval(lambda confusion: confusion.accuracy)
    assert found is not None
    return found[1] - found[0]


def test_rows_of_one_article_are_less_sure_than_as_many_articles() -> None:
    assert width(rows_per_unit=20) > 2 * width(rows_per_unit=1)


def test_latency_is_in_milliseconds() -> None:
    latency = Latency()
    assert latency.percentile(50) is None
    for _ in range(3):
        with latency.measured():
            sum(range(1000))
    median = latency.percentile(50)
    assert median is not None
    assert 0 < median < 1000
