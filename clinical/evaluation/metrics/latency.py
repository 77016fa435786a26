"""How long calls take."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

import numpy as np


class Latency:
    """Milliseconds of each measured call."""

    def __init__(self) -> None:
        self._milliseconds: list[float] = []

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Measure what is done inside."""
        begun = perf_counter()
        yield
        self._milliseconds.append((perf_counter() - begun) * 1000)

    def percentile(self, percent: float) -> float | None:
        """Return the milliseconds that `percent` of the calls stay below; None where nothing was measured."""
        return float(np.percentile(self._milliseconds, percent)) if self._milliseconds else None
