"""`manage.py evaluate safety`."""

from collections.abc import Mapping
from typing import Any

from clinical.evaluation.data.vignettes import VIGNETTES, read_vignettes
from clinical.evaluation.suites.figures import Figures
from clinical.evaluation.suites.safety import evaluate_safety
from config.evaluate_command.suite import Suite, tracked
from config.subcommand import Output


class Safety(Suite):
    """Measures the safety rules."""

    name = "safety"
    help = "Check vignettes with the safety rules; count what was found, missed and told without need."
    data_help = VIGNETTES

    def measure(self, options: Mapping[str, Any], output: Output) -> Figures:
        """Return the figures."""
        return evaluate_safety(read_vignettes(options["data"]), track=tracked)
