"""What engines counted, read from their metrics."""

import pytest

from clinical.evaluation.metrics.spending import Price, Spent, spent
from clinical.inference.domain import Lane, Refusal, Usage
from clinical.inference.engine.metrics import Metrics
from clinical.inference.exposition import labelled


def counted(*usages: Usage) -> Metrics:
    metrics = Metrics(depth=lambda _: 0, hourly_price=0)
    for usage in usages:
        metrics.finished(Lane.BEDSIDE, "general", usage)
    return metrics


def test_tokens_count_however_a_draft_ended_and_in_whichever_engine() -> None:
    first = counted(Usage(prompt_tokens=100, written_tokens=20), Usage(prompt_tokens=50, written_tokens=5))
    first.cancelled(Lane.BEDSIDE, "general", Usage(prompt_tokens=10, written_tokens=3))
    first.refused(Lane.LIBRARY, "general", Refusal.TIMEOUT, Usage(prompt_tokens=1, written_tokens=1))
    first.busy(1.5)
    second = counted(Usage(prompt_tokens=1000, written_tokens=200))
    second.busy(2.0)
    assert spent(first.exposition()) == Spent(tokens_in=161, tokens_out=29, busy_seconds=1.5)
    both = spent(labelled({"a": first.exposition(), "b": second.exposition()}))
    assert both == Spent(tokens_in=1161, tokens_out=229, busy_seconds=3.5)
    assert both.since(spent(first.exposition())) == Spent(tokens_in=1000, tokens_out=200, busy_seconds=2.0)


def test_a_cost_comes_from_the_tokens_price_or_the_hours_or_is_none() -> None:
    used = Spent(tokens_in=2_000_000, tokens_out=500_000, busy_seconds=1800)
    assert used.cost(price=None, hourly_price=0) is None
    assert used.cost(price=None, hourly_price=3.0) == pytest.approx(1.5)
    assert used.cost(price=Price(read=0.5, written=2.0), hourly_price=3.0) == pytest.approx(2.0)
