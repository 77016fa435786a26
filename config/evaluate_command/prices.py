"""What a model's tokens cost, as options; without them nothing is priced."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError, CommandParser

from clinical.evaluation.metrics.spending import Price
from config.values import price


def add_prices(parser: CommandParser) -> None:
    """Declare the prices of the model and of the one that it is compared with."""
    for whose, prefix in (("the model", ""), ("the other model", "against-")):
        for which, way in (("read", "in"), ("written", "out")):
            parser.add_argument(
                f"--{prefix}price-{way}",
                type=price,
                metavar="P",
                help=f"what a million tokens {which} by {whose} cost",
            )


def price_of(options: Mapping[str, Any], *, whose: str = "") -> Price | None:
    """Return the price, `whose` is "" or "against_"; None where none is named.

    Raises: CommandError for half a price, which gives a wrong cost.
    """
    read, written = options[f"{whose}price_in"], options[f"{whose}price_out"]
    if (read is None) != (written is None):
        raise CommandError(
            "Name both prices, of tokens in and of tokens out: one alone would give a wrong cost"
        )
    return None if read is None or written is None else Price(read=read, written=written)
