"""What connects the hospital's record: receivers and checks of connections."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.ehr_command.mllp import Mllp
from config.subcommand import Output, Subcommand

SUBCOMMANDS: dict[str, Subcommand] = {each.name: each for each in (Mllp(),)}


class Command(BaseCommand):
    """`manage.py ehr SUBCOMMAND`."""

    help = "Connect the hospital's record."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the subcommands."""
        subparsers = parser.add_subparsers(dest="subcommand", required=True, metavar="SUBCOMMAND")
        for name, subcommand in SUBCOMMANDS.items():
            own = subparsers.add_parser(name, help=subcommand.help, description=subcommand.help)
            subcommand.add_arguments(own)
            own.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the subcommand."""
        SUBCOMMANDS[options["subcommand"]].run(options, Output(self.stdout, self.stderr, options["json"]))
