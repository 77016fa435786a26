"""`manage.py models list`."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from config.models_command.documents import model_document
from config.models_command.subcommand import load_registry
from config.subcommand import Output, Subcommand

MEGABYTE = 1_000_000


class ListModels(Subcommand):
    """Shows every registered model."""

    name = "list"
    help = "List the registered models: quantisation, licence, size, whether the file is there, which one is active (*)."

    def add_arguments(self, parser: CommandParser) -> None:
        """There are no options of its own."""

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """List them; presence is looked at, hashes are not (`verify` does that)."""
        registry, active = load_registry(), settings.TACIT_MODEL
        rows = [model_document(model, registry, active_id=active) for model in registry.models]
        output.document({"active": active, "models_file": str(registry.own_file), "models": rows})
        width = max(len(str(row["id"])) for row in rows) + 2
        output.line(f"  {'id':<{width}}{'type':<10}{'licence':<18}{'size':>10}  file")
        for row in rows:
            output.line(_line(row, width))
        if all(not row["is_active"] for row in rows):
            output.note(f"TACIT_MODEL is {active}, and no entry has that id: the engine will not start")


def _line(row: Mapping[str, Any], width: int) -> str:
    size = "-" if row["size_bytes"] is None else f"{row['size_bytes'] / MEGABYTE:,.0f} MB"
    state = row["file"] if row["is_present"] else f"missing: {row['file']}"
    mark = "*" if row["is_active"] else " "
    return f"{mark} {row['id']:<{width}}{row['quantisation']:<10}{row['licence']:<18.17}{size:>10}  {state}"
