"""`manage.py evaluate calculators`."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from clinical.evaluation.data.medcalc import PROBLEMS, read_problems
from clinical.evaluation.suites.calculators import evaluate_calculators, from_entities, from_note
from clinical.evaluation.suites.figures import Figures
from config.evaluate_command.suite import Suite, tracked
from config.subcommand import Output


class Calculators(Suite):
    """Measures the calculators."""

    name = "calculators"
    help = "Work out problems of MedCalc-Bench; count which numbers lie within its limits, and name the others."
    data_help = PROBLEMS

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        super().add_arguments(parser)
        parser.add_argument(
            "--from-note",
            action="store_true",
            help="read the inputs from the note, not from the problem's entities",
        )

    def measure(self, options: Mapping[str, Any], output: Output) -> Figures:
        """Return the figures."""
        problems = read_problems(options["data"])
        solve = from_note if options["from_note"] else from_entities
        return evaluate_calculators(problems, solve, track=tracked)
