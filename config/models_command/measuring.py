"""`manage.py models bench`."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from clinical.inference.benchmark.running import run_benchmark
from config.models_command.subcommand import load_registry
from config.subcommand import Output, Subcommand


class BenchModel(Subcommand):
    """Measures the engine against its peers."""

    name = "bench"
    help = "Measure the engine against llama-cpp-python and llama-server in one run, as ratios."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--rounds", type=int, default=3, help="how often each is measured (3)")
        parser.add_argument(
            "--llama-server",
            type=Path,
            default=shutil.which("llama-server") or shutil.which("llama-cpp-server"),
            help="the peer's program (the one on the PATH); without it its ratios are null",
        )

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Measure."""
        model = load_registry().find(settings.TACIT_MODEL)
        threads = settings.TACIT_ENGINE_THREADS
        arguments = [
            "--models",
            str(settings.TACIT_MODELS_FOLDER),
            "--content",
            str(settings.TACIT_CONTENT_FOLDER),
        ]
        document = run_benchmark(
            model,
            engine_arguments=[*arguments, "--threads", str(threads)],
            threads=threads,
            server_binary=options["llama_server"],
            rounds=options["rounds"],
            on_progress=output.note,
        )
        output.document(document)
        for name, value in document.items():
            output.line(f"{name}: {value}")
