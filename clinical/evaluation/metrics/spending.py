"""What an engine's own counts say that it read, wrote and was busy for: also of drafts that were stopped."""

from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families

SECONDS_AN_HOUR = 3600
TOKENS_A_PRICE = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Price:
    """What a million tokens cost, read and written, in the currency of whoever says it."""

    read: float
    written: float

    def of(self, tokens_in: float, tokens_out: float) -> float:
        """Return what so many tokens cost."""
        return (tokens_in * self.read + tokens_out * self.written) / TOKENS_A_PRICE


@dataclass(frozen=True, kw_only=True)
class Spent:
    """Tokens read and written, and the seconds in which the model worked."""

    tokens_in: float = 0.0
    tokens_out: float = 0.0
    busy_seconds: float = 0.0

    def since(self, before: "Spent") -> "Spent":
        """Return what was spent after `before` was read."""
        return Spent(
            tokens_in=self.tokens_in - before.tokens_in,
            tokens_out=self.tokens_out - before.tokens_out,
            busy_seconds=self.busy_seconds - before.busy_seconds,
        )

    def cost(self, *, price: Price | None, hourly_price: float) -> float | None:
        """Return the cost of the tokens at their price, else of the busy time at its; None where neither is named."""
        if price is not None:
            return price.of(self.tokens_in, self.tokens_out)
        return self.busy_seconds / SECONDS_AN_HOUR * hourly_price if hourly_price else None


def spent(exposition: str) -> Spent:
    """Return what engines have counted since they started, from their metrics in Prometheus' text format."""
    samples = [sample for family in text_string_to_metric_families(exposition) for sample in family.samples]

    def total(name: str, **labels: str) -> float:
        return sum(
            sample.value
            for sample in samples
            if sample.name == f"tacit_engine_{name}_total" and labels.items() <= sample.labels.items()
        )

    return Spent(
        tokens_in=total("tokens", kind="prompt"),
        tokens_out=total("tokens", kind="written"),
        busy_seconds=total("busy_seconds"),
    )
