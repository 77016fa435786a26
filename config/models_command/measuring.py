"""`manage.py models bench`."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from config.models_command.subcommand import Output, Subcommand


class BenchModel(Subcommand):
    """Measures the engine against its peers."""

    name = "bench"
    help = "Measure the engine against llama-cpp-python and llama-server in one run, as ratios."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Measure."""
        from clinical.inference.benchmark import run_benchmark

        output.document(run_benchmark())
