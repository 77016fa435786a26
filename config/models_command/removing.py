"""`manage.py models remove`."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from clinical.inference.registry.errors import ModelInUse
from config.models_command.subcommand import load_registry
from config.subcommand import Output, Subcommand


class RemoveModel(Subcommand):
    """Takes a model out of the registry."""

    name = "remove"
    help = "Take one of the hospital's own models out of the registry; its weights stay on the disk."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("id", help="see `models list`")

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Remove the entry, unless the engine is told to use it."""
        registry = load_registry()
        model = registry.find(options["id"])
        if model.id == settings.TACIT_MODEL and not registry.is_packaged(model.id):
            raise ModelInUse(f"TACIT_MODEL names {model.id}: name another model there first")
        registry.remove(model.id)
        files = [model.file, *(adapter.file for adapter in model.adapters)]
        output.document({"removed": model.id, "files_kept": [str(file) for file in files]})
        output.line(f"Removed {model.id}. Still there: {', '.join(map(str, files))}")
