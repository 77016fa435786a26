"""`manage.py audit witness`: the same as `python -m audit.witness`, which needs neither Django nor a database."""

import argparse
from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError, CommandParser

from audit.witness.__main__ import main
from config.subcommand import Output, Subcommand


class Witness(Subcommand):
    """Watches a log from another host."""

    name = "witness"
    help = "Watch a record from another host and cosign its checkpoints: `witness key ...` and `witness watch ...`."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take everything after the name as the witness's own arguments."""
        parser.add_argument(
            "arguments", nargs=argparse.REMAINDER, help="see `python -m audit.witness --help`"
        )

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Run the witness with its own exit code."""
        if output.as_json:
            raise CommandError("The witness writes lines, one for each look: leave --json out")
        raise SystemExit(main(options["arguments"]))
