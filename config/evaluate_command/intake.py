"""`manage.py evaluate intake`."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.core.management.base import CommandParser
from django.utils.timezone import localdate

from clinical.evaluation.suites.figures import Figures
from clinical.evaluation.suites.intake import FOLDER, evaluate_intake, record_files
from config.evaluate_command.suite import Suite, tracked
from config.subcommand import Output
from config.values import day
from ehr_integration.intake import read_file


class Intake(Suite):
    """Measures the readers of records."""

    name = "intake"
    help = "Read each file of a folder into a chart; count the charts, refusals, crashes and findings."
    data_help = f"{FOLDER}, plain or gzip"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        super().add_arguments(parser)
        parser.add_argument(
            "--on", type=day, metavar="YYYY-MM-DD", help="judge on this day what is stale (today)"
        )

    def measure(self, options: Mapping[str, Any], output: Output) -> Figures:
        """Return the figures."""
        on = options["on"] or localdate()
        files = record_files(options["data"])
        figures = evaluate_intake(files, partial(read_file, on=on), note=output.note, track=tracked)
        return {**figures, "on": on.isoformat()}
