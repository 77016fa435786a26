"""Register, fetch, verify and describe the models that may run here."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.models_command.adding import AddModel
from config.models_command.importing import ImportBioGpt
from config.models_command.listing import ListModels
from config.models_command.measuring import BenchModel
from config.models_command.probing import ProbeServer
from config.models_command.problems import model_problems_told
from config.models_command.pulling import PullModel
from config.models_command.removing import RemoveModel
from config.models_command.showing import ShowCard
from config.models_command.verifying import VerifyModels
from config.subcommand import Output, Subcommand, declare

SUBCOMMANDS: dict[str, Subcommand] = {
    each.name: each
    for each in (
        ListModels(),
        AddModel(),
        VerifyModels(),
        PullModel(),
        ImportBioGpt(),
        BenchModel(),
        ProbeServer(),
        ShowCard(),
        RemoveModel(),
    )
}


class Command(BaseCommand):
    """`manage.py models list | add | verify | pull | import-biogpt | bench | probe | card | remove`."""

    help = "The models that may run here. Only registered files with their registered SHA-256 ever run."
    # Neither database nor account: an engineer runs this before anything else works.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the subcommands."""
        declare(SUBCOMMANDS, parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the subcommand."""
        output = Output(self.stdout, self.stderr, options["json"])
        with model_problems_told(self, as_json=options["json"]):
            SUBCOMMANDS[options["subcommand"]].run(options, output)
