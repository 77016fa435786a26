"""What the engine tells Prometheus: counts and durations by lane, specialty and reason. Never text."""

from collections.abc import Callable
from functools import partial

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

from clinical.inference.domain import Lane, Refusal, Usage

disable_created_metrics()  # type: ignore[no-untyped-call]  # the library leaves it untyped

SECONDS_AN_HOUR = 3600
FIRST_TOKEN_SECONDS = (0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 3, 5, 10, 30)
TOKENS_A_SECOND = (5, 10, 20, 30, 50, 75, 100, 150, 200, 400)


class Metrics:
    """The engine's own registry. `hourly_price` is what an hour of this machine costs, in any currency."""

    def __init__(self, *, depth: Callable[[Lane], int], hourly_price: float) -> None:
        self._registry = CollectorRegistry()
        self._hourly_price = hourly_price
        self._busy_seconds = self._written_tokens = 0.0
        self._busy = self._counter("busy_seconds", "Time in which the model worked")
        self._first_token = Histogram(
            "tacit_engine_first_token_seconds",
            "From the start of a draft to its first token",
            ["lane"],
            buckets=FIRST_TOKEN_SECONDS,
            registry=self._registry,
        )
        self._speed = Histogram(
            "tacit_engine_tokens_per_second",
            "Tokens a second of one draft after its first",
            ["lane"],
            buckets=TOKENS_A_SECOND,
            registry=self._registry,
        )
        self._tokens = self._counter(
            "tokens", "Tokens read (prompt) and written", "lane", "specialty", "kind"
        )
        self._drafts = self._counter("drafts", "Drafts by how they ended", "lane", "outcome")
        self._watch_depth(depth)
        self._gauge("cost_per_1000_tokens", "Price of the busy time for 1,000 written tokens").set_function(
            self._cost_per_1000_tokens
        )

    def finished(self, lane: Lane, specialty: str, usage: Usage) -> None:
        """Count a complete draft."""
        self._ended(lane, "finished", specialty, usage)
        self._first_token.labels(lane).observe(usage.seconds_to_first_token)
        writing_seconds = usage.seconds - usage.seconds_to_first_token
        if usage.written_tokens > 1 and writing_seconds > 0:
            self._speed.labels(lane).observe((usage.written_tokens - 1) / writing_seconds)

    def refused(self, lane: Lane, specialty: str, refusal: Refusal, usage: Usage) -> None:
        """Count a draft that was not written to its end, and what it took until then."""
        self._ended(lane, refusal.value, specialty, usage)

    def cancelled(self, lane: Lane, specialty: str, usage: Usage) -> None:
        """Count a draft that nobody waited for any more, and what it took until then."""
        self._ended(lane, "cancelled", specialty, usage)

    def busy(self, seconds: float) -> None:
        """Count time in which the model worked, for one draft or for many."""
        self._busy.inc(seconds)
        self._busy_seconds += seconds

    def exposition(self) -> str:
        """Return all of it in Prometheus' text format."""
        return generate_latest(self._registry).decode()

    def _ended(self, lane: Lane, outcome: str, specialty: str, usage: Usage) -> None:
        self._drafts.labels(lane, outcome).inc()
        self._tokens.labels(lane, specialty, "prompt").inc(usage.prompt_tokens)
        self._tokens.labels(lane, specialty, "written").inc(usage.written_tokens)
        self._written_tokens += usage.written_tokens

    def _cost_per_1000_tokens(self) -> float:
        if not self._written_tokens:
            return 0.0
        return self._hourly_price / SECONDS_AN_HOUR * self._busy_seconds / self._written_tokens * 1000

    def _watch_depth(self, depth: Callable[[Lane], int]) -> None:
        gauge = self._gauge("queue_depth", "Drafts that wait", "lane")
        for lane in Lane:
            gauge.labels(lane).set_function(partial(depth, lane))

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"tacit_engine_{name}", text, labels, registry=self._registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(f"tacit_engine_{name}", text, labels, registry=self._registry)
