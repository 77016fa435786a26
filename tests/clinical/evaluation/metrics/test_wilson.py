"""The interval of a share, held against scipy's."""

import pytest
from scipy.stats import binomtest

from clinical.evaluation.metrics.wilson import share_interval


@pytest.mark.parametrize(("true", "n"), [(0, 20), (20, 20), (18, 20), (1, 286), (1, 1), (50, 100)])
def test_it_is_scipys(true: int, n: int) -> None:
    expected = binomtest(true, n).proportion_ci(method="wilson")
    assert share_interval([True] * true + [False] * (n - true)) == pytest.approx(tuple(expected), abs=1e-6)


def test_of_nothing_there_is_none() -> None:
    assert share_interval([]) is None
