"""`manage.py evaluate direction`."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from clinical.evaluation.data.trials import read_trials
from clinical.evaluation.suites.direction import Text, evaluate_direction
from clinical.evaluation.suites.figures import Figures
from clinical.evidence.checking import direction
from clinical.evidence.checking.pairs import trial_pair
from config.evaluate_command.seen import seen_figures
from config.evaluate_command.suite import Suite, tracked
from config.subcommand import Output


class Direction(Suite):
    """Measures what is read from trials."""

    name = "direction"
    help = "Read which way each trial's effect went; compare with what annotators read (Evidence Inference)."
    data_help = "trials as JSON Lines or CSV, plain or gzip"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        super().add_arguments(parser)
        parser.add_argument(
            "--text",
            type=Text,
            choices=list(Text),
            default=Text.BOTH,
            help="what of the article is read for the main figures (both)",
        )

    def measure(self, options: Mapping[str, Any], output: Output) -> Figures:
        """Return the figures."""
        trials = read_trials(options["data"])
        asked = [
            trial_pair(
                intervention=each.intervention, comparator=each.comparator, outcome=each.outcome, text=""
            ).first
            for each in trials
        ]
        figures = evaluate_direction(trials, direction, text=options["text"], track=tracked)
        return {**figures, **seen_figures(asked, output)}
