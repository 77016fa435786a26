"""Random inputs that a calculator takes: within its ranges, every choice, yes and no."""

import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from clinical.calculators.registry import AnyCalculator

TIMES = 1_000


def drawn(
    calculator: AnyCalculator,
    *,
    within: Mapping[str, tuple[float, float]] | None = None,
    times: int = TIMES,
    seed: int = 1,
) -> Iterator[dict[str, Any]]:
    """Yield inputs; `within` narrows a range to what the other's code takes."""
    draw = random.Random(seed)
    for _ in range(times):
        yield {name: _one(draw, each, (within or {}).get(name)) for name, each in calculator.inputs.items()}


def _one(draw, each, within):
    if each.kind is bool:
        return draw.random() < 0.5
    if each.kind is date:
        return date(2026, 1, 1) - timedelta(days=draw.randint(0, 270))
    if issubclass(each.kind, StrEnum):
        return draw.choice(list(each.kind))
    low, high = within or (each.asked.low, each.asked.high)
    if each.kind is int:
        return draw.randint(int(low), int(high))
    return round(draw.uniform(low, high), 2)
