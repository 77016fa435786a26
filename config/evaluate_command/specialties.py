"""`manage.py evaluate specialties`."""

from collections.abc import Mapping
from typing import Any

from django.utils.timezone import localdate

from clinical.evaluation.data.routed import QUESTIONS, read_routed
from clinical.evaluation.suites.figures import Figures
from clinical.evaluation.suites.specialties import evaluate_specialties
from clinical.specialties.services import route, specialties
from config.evaluate_command.suite import Suite, tracked
from config.subcommand import Output


class Specialties(Suite):
    """Measures the routing of questions."""

    name = "specialties"
    help = "Route each question to a specialty; compare with the labels that its writer holds to be right."
    data_help = f"{QUESTIONS}, plain or gzip"

    def measure(self, options: Mapping[str, Any], output: Output) -> Figures:
        """Return the figures. Raises: SpecialtyError, EvaluationError."""
        names = [each.name for each in specialties()]
        questions = read_routed(options["data"], known=names, on=localdate())
        return evaluate_specialties(
            questions, lambda question: route(question.text, question.chart), names, track=tracked
        )
