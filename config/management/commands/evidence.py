"""Put literature and guidelines into the evidence, look at it, search it, keep it up to date."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.evidence_command.ingesting import Ingest
from config.evidence_command.listing import ListCorpora, ShowStatus
from config.evidence_command.problems import evidence_problems_told
from config.evidence_command.removing import RemoveCorpus
from config.evidence_command.searching import SearchEvidence
from config.evidence_command.showing import ShowSource
from config.evidence_command.syncing import Sync
from config.subcommand import Output, Subcommand, declare

SUBCOMMANDS: dict[str, Subcommand] = {
    each.name: each
    for each in (
        Ingest(),
        Sync(),
        ListCorpora(),
        ShowStatus(),
        SearchEvidence(),
        ShowSource(),
        RemoveCorpus(),
    )
}


class Command(BaseCommand):
    """`manage.py evidence ingest | sync | corpora | status | search | show | remove`."""

    help = "The evidence of this installation: corpora of literature, guidelines and the hospital's own protocols."
    # Only `sync` needs a database and an account.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the subcommands."""
        declare(SUBCOMMANDS, parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the subcommand."""
        output = Output(self.stdout, self.stderr, options["json"])
        with evidence_problems_told(self, as_json=options["json"]):
            SUBCOMMANDS[options["subcommand"]].run(options, output)
