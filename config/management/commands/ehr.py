"""What connects the hospital's record: receivers and checks of connections."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.ehr_command.care import Care
from config.ehr_command.connections import Keys, List, Remove
from config.ehr_command.doctor import Doctor
from config.ehr_command.mllp import Mllp
from config.ehr_command.register import Register
from config.subcommand import Output, Subcommand, declare

SUBCOMMANDS: dict[str, Subcommand] = {
    each.name: each for each in (Register(), Doctor(), List(), Remove(), Keys(), Care(), Mllp())
}


class Command(BaseCommand):
    """`manage.py ehr SUBCOMMAND`."""

    help = "Connect the hospital's record."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the subcommands."""
        declare(SUBCOMMANDS, parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the subcommand."""
        SUBCOMMANDS[options["subcommand"]].run(options, Output(self.stdout, self.stderr, options["json"]))
