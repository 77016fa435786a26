"""`manage.py evidence remove`."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError, CommandParser

from clinical.evidence.services import remove
from config.subcommand import Output, Subcommand


class RemoveCorpus(Subcommand):
    """Takes a corpus out of the index."""

    name = "remove"
    help = "Take a corpus and all its sources out of the index. What it said of retractions stays known."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("name", help="see `evidence corpora`")
        parser.add_argument("--yes", action="store_true", help="do it; without this nothing is removed")

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Remove it where that was confirmed."""
        if not options["yes"]:
            raise CommandError(f"Nothing was removed. Say --yes to take {options['name']} out of the index")
        count = remove(options["name"])
        output.document({"removed": options["name"], "sources": count})
        output.line(f"Removed {options['name']} with {count:,} sources")
