"""`manage.py models add`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from config.models_command.documents import model_document
from config.models_command.registering import add_registration_arguments, register_said
from config.models_command.subcommand import load_registry
from config.subcommand import Output, Subcommand


class AddModel(Subcommand):
    """Registers a GGUF file."""

    name = "add"
    help = "Register a GGUF file: what it says of itself is read from it, the rest is asked for, its SHA-256 is pinned."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "file", type=Path, help="the GGUF file, named from here or from the models folder"
        )
        add_registration_arguments(parser, is_required=True)

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Register it."""
        registry = load_registry()
        model = register_said(registry, options, output, file=options["file"], source=options["source"])
        output.document({"model": model_document(model, registry, active_id=settings.TACIT_MODEL)})
