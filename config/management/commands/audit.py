"""Seal, look at, verify, export and keep the audit record."""

from typing import Any

from django.core.management.base import CommandParser

from config.audit_command.checkpoints import Anchor, Restore, ShowVerifierKey
from config.audit_command.export import Export
from config.audit_command.forgetting import Purge, ShredPatient
from config.audit_command.keys import DrillKeys, EscrowKeys, RewrapKeys, RotateKeys, TakeOfficerKey
from config.audit_command.measuring import Bench
from config.audit_command.problems import audit_problems_told
from config.audit_command.roles import Grants
from config.audit_command.seal import Seal
from config.audit_command.status import Status
from config.audit_command.subcommand import ActingSubcommand
from config.audit_command.verify import Verify
from config.audit_command.witness import Witness
from config.commands import ActingCommand
from config.subcommand import Output, Subcommand

# A name of two words is a subcommand of a group.
SUBCOMMANDS: dict[str, Subcommand] = {
    each.name: each
    for each in (
        Status(),
        Seal(),
        Verify(),
        Export(),
        RotateKeys(),
        RewrapKeys(),
        EscrowKeys(),
        DrillKeys(),
        TakeOfficerKey(),
        ShredPatient(),
        Purge(),
        Restore(),
        Anchor(),
        Witness(),
        Grants(),
        ShowVerifierKey(),
        Bench(),
    )
}


class Command(ActingCommand):
    """`manage.py audit SUBCOMMAND`."""

    help = "The audit record. Every use of it is itself recorded."
    # A witness's host has no database.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the subcommands."""
        top = parser.add_subparsers(required=True, metavar="SUBCOMMAND")
        groups: dict[str, Any] = {"": top}
        for name, subcommand in SUBCOMMANDS.items():
            group, _, word = name.rpartition(" ")
            if group not in groups:
                own = top.add_parser(group, help=f"see `audit {group} --help`")
                groups[group] = own.add_subparsers(required=True, metavar="SUBCOMMAND")
            self._declare(
                groups[group].add_parser(word, help=subcommand.help, description=subcommand.help), name
            )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the subcommand."""
        subcommand = SUBCOMMANDS[options["subcommand"]]
        output = Output(self.stdout, self.stderr, options["json"])
        with audit_problems_told(self, as_json=options["json"]):
            if isinstance(subcommand, ActingSubcommand):
                self.demo_account = subcommand.demo_account
                options["actor"] = self.actor(options["username"])
            subcommand.run(options, output)

    def _declare(self, parser: CommandParser, name: str) -> None:
        subcommand = SUBCOMMANDS[name]
        parser.set_defaults(subcommand=name)
        if isinstance(subcommand, ActingSubcommand):
            parser.add_argument(
                "--as",
                dest="username",
                metavar="ACCOUNT",
                help=f"the account to act for (demo: {subcommand.demo_account}); it must exist",
            )
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
        subcommand.add_arguments(parser)
