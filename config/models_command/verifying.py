"""`manage.py models verify`."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from clinical.inference.registry.domain import RegisteredModel
from clinical.inference.registry.errors import ModelFileChanged, ModelFileMissing
from clinical.inference.registry.verification import verify_model
from config.models_command.subcommand import load_registry
from config.progress import progress_bar
from config.subcommand import Output, Subcommand


class VerifyModels(Subcommand):
    """Compares files with their registered hashes."""

    name = "verify"
    help = "Read every byte of a model's files, or of all models', and compare with the registered SHA-256; exit code 1 where one differs."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("id", nargs="?", help="the model (all)")

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Verify, tell every result, and end with exit code 1 where one is bad."""
        registry = load_registry()
        models = [registry.find(options["id"])] if options["id"] else registry.models
        rows = [_row(model) for model in models]
        output.document({"models": rows})
        for row in rows:
            output.line(f"{row['id']}: as registered" if row["is_verified"] else str(row["detail"]))
        if not all(row["is_verified"] for row in rows):
            raise SystemExit(1)


def _row(model: RegisteredModel) -> dict[str, object]:
    """Return what became of one model; `found_sha256` only where a file has another hash."""
    try:
        with progress_bar(f"Verifying {model.id}") as show:
            verify_model(model, on_progress=show)
    except (ModelFileMissing, ModelFileChanged) as error:
        found = error.found if isinstance(error, ModelFileChanged) else None
        return {
            "id": model.id,
            "is_verified": False,
            "sha256": model.sha256,
            "found_sha256": found,
            "detail": str(error),
        }
    return {
        "id": model.id,
        "is_verified": True,
        "sha256": model.sha256,
        "found_sha256": model.sha256,
        "detail": "",
    }
