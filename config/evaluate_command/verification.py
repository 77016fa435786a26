"""`manage.py evaluate verification`."""

from argparse import ArgumentTypeError
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from clinical.evaluation.data.claims import read_abstracts, read_claims
from clinical.evaluation.suites.checkers import Checker, check_by_rules, checker
from clinical.evaluation.suites.figures import Figures
from clinical.evaluation.suites.verification import documents_of, evaluate_verification
from config.evaluate_command.seen import seen_figures
from config.evaluate_command.suite import Suite, tracked
from config.subcommand import Output


class Verification(Suite):
    """Measures the claim checker."""

    name = "verification"
    help = (
        "Check each claim against the abstracts that it cites; compare with what annotators found (SciFact)."
    )
    data_help = "claims as JSON Lines, plain or gzip"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        super().add_arguments(parser)
        parser.add_argument(
            "--corpus",
            type=Path,
            required=True,
            metavar="FILE",
            help="the abstracts, as JSON Lines, plain or gzip",
        )
        how = parser.add_mutually_exclusive_group()
        how.add_argument(
            "--rules-only", action="store_true", help="without the trained model, for comparison"
        )
        how.add_argument(
            "--threshold",
            type=_probability,
            metavar="P",
            help="let a claim through as supported from this probability (the one that the model was released with)",
        )

    def measure(self, options: Mapping[str, Any], output: Output) -> Figures:
        """Return the figures."""
        claims = read_claims(options["data"])
        abstracts = read_abstracts(options["corpus"], documents_of(claims))
        figures = evaluate_verification(claims, abstracts, _checker(options), track=tracked)
        return {**figures, **seen_figures([claim.text for claim in claims], output)}


def _checker(options: Mapping[str, Any]) -> Checker:
    return check_by_rules if options["rules_only"] else checker(supported_at=options["threshold"])


def _probability(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no number") from None
    if not 0 <= value <= 1:
        raise ArgumentTypeError(f"{text} is not between 0 and 1")
    return value
