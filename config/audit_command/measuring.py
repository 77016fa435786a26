"""`manage.py audit bench`."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from audit.benchmark.arguments import add_arguments
from audit.benchmark.running import run_audit_benchmark
from config.subcommand import Output, Subcommand


class Bench(Subcommand):
    """Measures the ledger on databases of its own."""

    name = "bench"
    help = "Measure appending, searching and verifying on throw-away databases, beside what others do."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        add_arguments(parser)

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Measure."""
        document = run_audit_benchmark(
            events=options["events"],
            seconds=options["seconds"],
            postgresql=options["postgresql"],
            on_progress=output.note,
        )
        output.document(document)
        for name, value in document.items():
            output.line(f"{name}: {value}")
