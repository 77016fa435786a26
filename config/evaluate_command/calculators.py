"""`manage.py evaluate calculators`."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.management.base import CommandParser

from clinical.evaluation.data.medcalc import CASES, Case, read_cases
from clinical.evaluation.medcalc.answering import from_entities, from_note
from clinical.evaluation.medcalc.entities import unknown_entities
from clinical.evaluation.medcalc.mapping import mapped
from clinical.evaluation.suites.calculators import evaluate_calculators
from clinical.evaluation.suites.figures import Figures
from config.evaluate_command.suite import Suite, tracked
from config.subcommand import Output


class Calculators(Suite):
    """Measures the calculators."""

    name = "calculators"
    help = "Compute each row from its entities, or from its note alone; compare with its answers (MedCalc-Bench)."
    data_help = CASES

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        super().add_arguments(parser)
        parser.add_argument(
            "--from-note", action="store_true", help="read the inputs from the note, without the entities"
        )

    def measure(self, options: Mapping[str, Any], output: Output) -> Figures:
        """Return the figures."""
        cases = read_cases(options["data"])
        answer = from_note if options["from_note"] else from_entities
        figures = evaluate_calculators(cases, answer, track=tracked)
        unknown = _unknown(cases)
        if unknown:
            output.note(
                f"{len(unknown)} names of calculators or entities are not in medcalc.toml and were left out:"
                " `left_out` has them"
            )
        return {**figures, "from_note": options["from_note"], "left_out": unknown}


def _unknown(cases: Iterable[Case]) -> dict[str, int]:
    """Return the names that the table does not have, with how many rows have them."""
    counts: Counter[str] = Counter()
    for case in cases:
        known = mapped(case.calculator)
        counts.update([case.calculator] if known is None else unknown_entities(known, case.entities))
    return dict(counts.most_common())
