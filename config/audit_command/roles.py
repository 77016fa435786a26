"""`manage.py audit grants`."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from audit.operations.roles import apply_grants, grants
from compliance.access.domain import Action, Actor
from compliance.access.services import recorded_use
from config.audit_command.subcommand import ActingSubcommand
from config.subcommand import Output


class Grants(ActingSubcommand):
    """Prints or applies the rights of two PostgreSQL roles."""

    name = "grants"
    help = "PostgreSQL: the rights on the record's tables for the application (add and read) and for the sealer. Prints them; --apply executes them as the owner."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--app", default="tacit_app", metavar="ROLE", help="tacit_app; it must exist")
        parser.add_argument(
            "--sealer", default="tacit_sealer", metavar="ROLE", help="tacit_sealer; it must exist"
        )
        parser.add_argument("--apply", action="store_true", help="execute them")

    def act(self, actor: Actor, options: Mapping[str, Any], output: Output) -> None:
        """Print, or apply."""
        statements = grants(app_role=options["app"], sealer_role=options["sealer"])
        with recorded_use(actor, action=Action.CHANGE_POLICY):
            if options["apply"]:
                apply_grants(statements)
        output.document({"statements": statements, "applied": options["apply"]})
        for statement in statements:
            output.line(f"{statement};")
