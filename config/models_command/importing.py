"""`manage.py models import-biogpt`."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from clinical.inference.registry.errors import RegistrationIncomplete
from clinical.inference.registry.registry import Registry
from config.models_command.documents import model_document
from config.models_command.registering import add_registration_arguments, is_registering, register_said
from config.models_command.subcommand import load_registry
from config.progress import progress_bar
from config.subcommand import Output, Subcommand

PERCENT = 100


class ImportBioGpt(Subcommand):
    """Converts a BioGPT checkpoint to a GGUF."""

    name = "import-biogpt"
    help = (
        "Convert a Hugging Face checkpoint folder of BioGPT to a GGUF that llama.cpp runs, and compare the logits with "
        "transformers where that is installed. With --id, --licence, --source and --intended-use it is registered too."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("checkpoint", type=Path, metavar="CHECKPOINT", help="the folder with config.json")
        parser.add_argument("out", type=Path, metavar="OUT.gguf", help="the file to write")
        parser.add_argument("--quantize", metavar="TYPE", help="a type of llama.cpp, such as Q8_0 (F32)")
        parser.add_argument("--overwrite", action="store_true", help="replace OUT.gguf where it exists")
        add_registration_arguments(parser, is_required=False)

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Convert, compare, and register where that was asked for."""
        # numpy and llama.cpp are loaded only for this.
        from clinical.inference.biogpt.conversion import import_biogpt

        registry, registers = load_registry(), is_registering(options)
        if registers:
            _check_said(registry, options)
        checkpoint, out = options["checkpoint"], options["out"]
        with progress_bar("Converting") as show:
            import_biogpt(
                checkpoint,
                out,
                quantize=options["quantize"],
                overwrite=options["overwrite"],
                on_progress=show,
            )
        output.line(f"Written {out}")
        output.document(
            {
                "file": str(out),
                "comparison": _compared(checkpoint, out, output),
                "model": _registered(registry, options, output) if registers else None,
            }
        )
        if not registers:
            output.line(
                f"Register it: python manage.py models add {out} --template plain --licence MIT --source ... "
                '--intended-use "..."'
            )


def _compared(checkpoint: Path, out: Path, output: Output) -> dict[str, object] | None:
    """Compare with transformers where that is installed, and tell the result."""
    from clinical.inference.biogpt.comparison import compare_with_transformers

    comparison = compare_with_transformers(checkpoint, out)
    if comparison is None:
        output.line("Not compared: transformers and torch are not installed here")
        return None
    output.line(
        f"Compared with transformers over {comparison.positions} positions: relative error of the logits "
        f"{comparison.relative_error:.1e}, the same likeliest token at {comparison.greedy_agreement * PERCENT:.0f}%"
    )
    return asdict(comparison)


def _registered(registry: Registry, options: Mapping[str, Any], output: Output) -> dict[str, object]:
    said = {**options, "template": "plain"}
    model = register_said(registry, said, output, file=options["out"], source=options["source"])
    return model_document(model, registry, active_id=settings.TACIT_MODEL)


def _check_said(registry: Registry, options: Mapping[str, Any]) -> None:
    """Raise RegistrationIncomplete before the long conversion where it could not be registered after it."""
    missing = [name for name in ("id", "licence", "source", "intended_use") if not options[name]]
    if missing:
        wanted = ", ".join(f"--{name.replace('_', '-')}" for name in missing)
        raise RegistrationIncomplete(f"Say also {wanted}, so that the model can be registered")
    if options["template"] not in {None, "plain"}:
        raise RegistrationIncomplete("BioGPT only continues text: leave --template out")
    registry.check_free(options["id"])
    is_below = (options["out"].parent.resolve() / options["out"].name).is_relative_to(registry.folders.models)
    if not (is_below or options["copy"] or options["link"]):
        raise RegistrationIncomplete(
            f"Write OUT.gguf into {registry.folders.models}, or say --copy or --link"
        )
