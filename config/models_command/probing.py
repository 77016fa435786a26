"""`manage.py models probe`."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError, CommandParser

from clinical.errors import EngineError
from clinical.inference.services import probe_remote
from config.subcommand import Output, Subcommand


class ProbeServer(Subcommand):
    """Asks the hospital's own model server whether it keeps prompts."""

    name = "probe"
    help = "Check that the server of TACIT_ENGINE_URL keeps and shows no prompts, with made-up questions; exit code 1 where a check fails."

    def add_arguments(self, parser: CommandParser) -> None:
        """There are no options of its own."""

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Tell every check, what each failed one needs, and end with exit code 1 where one failed."""
        try:
            report = probe_remote()
        except EngineError as error:
            raise CommandError(str(error)) from None
        if report is None:
            raise CommandError(
                "TACIT_ENGINE_URL is not set: the engine runs on this machine, and needs no probe"
            )
        output.document(
            {
                "address": report.address,
                "model": report.model_id,
                "server": report.server.kind,
                "context_tokens": report.server.context_tokens,
                "is_safe": report.is_safe,
                "checks": [asdict(check) for check in report.checks],
            }
        )
        output.line(str(report))
        for check in report.failures:
            output.line(f"Fix {check.name}: {check.fix}")
        if not report.is_safe:
            raise SystemExit(1)
