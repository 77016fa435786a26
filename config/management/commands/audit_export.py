"""Export the audit record for the compliance officer."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from compliance.officer.export import Format, export_events
from config.commands import ActingCommand, problems_told


class Command(ActingCommand):
    """`manage.py audit_export --since DATE`."""

    help = "Write who asked about whom, when, why and with what outcome (no content) as NDJSON or CSV."
    demo_account = "olga"
    prints_json = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        super().add_arguments(parser)
        parser.add_argument(
            "--since", required=True, type=_instant, metavar="DATE", help="2026-01-31, or with a time; UTC"
        )
        parser.add_argument("--until", type=_instant, metavar="DATE", help="before this date (now)")
        parser.add_argument("--format", choices=[kind.value for kind in Format], default=Format.NDJSON.value)
        parser.add_argument("--output", type=Path, metavar="FILE", help="write here (standard output)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Export."""
        with problems_told(self):
            lines = export_events(
                self.actor(options["username"]),
                since=options["since"],
                until=options["until"],
                export_format=Format(options["format"]),
            )
        if options["output"] is None:
            sys.stdout.writelines(lines)
            return
        with options["output"].open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
        self.stderr.write(f"Written: {options['output']}")


def _instant(text: str) -> datetime:
    """Return the instant that a date or a date and time names, in UTC where it names no zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date: write it like 2026-01-31") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
