"""Look at the specialties of this installation, and see which one a question goes to."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinical.specialties.errors import SpecialtyInvalid
from config.commands import problems_told
from config.specialties_command.listing import ListSpecialties
from config.specialties_command.routing import RouteQuestion
from config.specialties_command.showing import ShowSpecialty
from config.subcommand import Output, Subcommand, declare

SUBCOMMANDS: dict[str, Subcommand] = {
    each.name: each for each in (ListSpecialties(), ShowSpecialty(), RouteQuestion())
}


class Command(BaseCommand):
    """`manage.py specialties list | show | route`."""

    help = (
        "The specialties: which there are, what they change, and where a question goes. docs/specialties.md."
    )
    # Neither database nor account.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the subcommands."""
        declare(SUBCOMMANDS, parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the subcommand."""
        output = Output(self.stdout, self.stderr, options["json"])
        with problems_told(self, as_json=options["json"]):
            try:
                SUBCOMMANDS[options["subcommand"]].run(options, output)
            except SpecialtyInvalid as error:
                # Here it may name the file: who runs this can mend it.
                raise CommandError(str(error)) from None
