"""Score parts of the product on data that others labelled."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.evaluate_command.answers import Answers
from config.evaluate_command.calculators import Calculators
from config.evaluate_command.direction import Direction
from config.evaluate_command.gate import Gate
from config.evaluate_command.intake import Intake
from config.evaluate_command.multiple_choice.suite import MultipleChoice
from config.evaluate_command.problems import evaluation_problems_told
from config.evaluate_command.pubmedqa import PubMedQa
from config.evaluate_command.retrieval import Retrieval
from config.evaluate_command.safety import Safety
from config.evaluate_command.specialties import Specialties
from config.evaluate_command.suite import Suite
from config.evaluate_command.verification import Verification
from config.subcommand import Output, Subcommand, declare

# A new suite is one file in clinical/evaluation/suites, one in config/evaluate_command, and a line here.
SUITES: dict[str, Suite] = {
    each.name: each
    for each in (
        Retrieval(),
        Verification(),
        Direction(),
        PubMedQa(),
        Intake(),
        Answers(),
        Specialties(),
        Safety(),
        Calculators(),
        MultipleChoice(),
    )
}
SUBCOMMANDS: dict[str, Subcommand] = {**SUITES, Gate.name: Gate()}


class Command(BaseCommand):
    """`manage.py evaluate SUITE`, and `manage.py evaluate gate` over what the suites wrote."""

    help = (
        "Score the search, the claim checker, the reader of trials, the readers of records, the safety rules or the"
        " calculators."
        " docs/evaluation.md says how."
    )
    # Neither database nor account: an engineer runs this on any machine.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the suites."""
        declare(SUBCOMMANDS, parser, called="suite")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the suite."""
        output = Output(self.stdout, self.stderr, options["json"])
        with evaluation_problems_told():
            SUBCOMMANDS[options["suite"]].run(options, output)
