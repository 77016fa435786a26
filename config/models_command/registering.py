"""The options by which a person says what a model is: shared by `add`, `pull` and `import-biogpt`."""

import argparse
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from clinical.inference.registry.domain import RegisteredModel
from clinical.inference.registry.errors import RegistrationIncomplete
from clinical.inference.registry.models_file.entries import ID, SHA256
from clinical.inference.registry.placing import Placement
from clinical.inference.registry.registration import AdapterChoice, Registration, register
from clinical.inference.registry.registry import Registry
from clinical.inference.templates import TEMPLATES
from config.progress import progress_bar
from config.subcommand import Output

ADAPTER = re.compile(r"(?P<id>[^=]+)=(?P<file>.+?)(?:@(?P<scale>[0-9.]+))?")


def add_registration_arguments(parser: CommandParser, *, is_required: bool) -> None:
    """Declare the options; `is_required` where the subcommand always registers."""
    parser.add_argument("--id", help="the entry's id (from the file's name)")
    parser.add_argument("--name", help="the model's name (as the file says)")
    parser.add_argument("--licence", "--license", help="the licence of the weights (as the file says)")
    parser.add_argument("--source", required=is_required, help="where the file came from")
    parser.add_argument("--intended-use", required=is_required, help="what this hospital uses the model for")
    parser.add_argument(
        "--template", choices=sorted(TEMPLATES), help="the chat template that the model was trained with"
    )
    parser.add_argument(
        "--context-tokens", type=int, help="what one request may use (4096, or what the file allows)"
    )
    parser.add_argument("--specialty", default="general", help="the field that the model is for (general)")
    parser.add_argument(
        "--adapter",
        action="append",
        default=[],
        type=_adapter,
        metavar="ID=FILE[@SCALE]",
        help="a LoRA adapter in GGUF for this model; may be given more than once",
    )
    parser.add_argument("--card", type=Path, metavar="CARD.TOML", help="source attributes; see `models card`")
    placing = parser.add_mutually_exclusive_group()
    placing.add_argument("--copy", action="store_true", help="copy the files into the models folder")
    placing.add_argument("--link", action="store_true", help="hard-link them there, on the same disk")


def is_registering(options: Mapping[str, Any]) -> bool:
    """Whether a subcommand that need not register was told to."""
    return options["id"] is not None or options["intended_use"] is not None


def register_said(
    registry: Registry, options: Mapping[str, Any], output: Output, *, file: Path, source: str
) -> RegisteredModel:
    """Register the file as the options say, tell it, and return the entry. Raises: RegistryError."""
    said = Registration(
        file=file,
        source=source,
        intended_use=options["intended_use"] or "",
        id=options["id"],
        name=options["name"],
        licence=options["licence"],
        template=options["template"],
        context_tokens=options["context_tokens"],
        specialty=options["specialty"],
        placement=_placement(options),
        adapters=tuple(options["adapter"]),
        card=read_card(options["card"]) if options["card"] else {},
    )
    with progress_bar("Reading") as show:
        model = register(registry, said, on_progress=show)
    output.line(f"Registered {model.id}: {model.file}, SHA-256 {model.sha256}")
    output.line(f"Use it: set TACIT_MODEL={model.id} in .env and restart")
    return model


def read_card(file: Path) -> dict[str, str]:
    """Return the card's texts; the registry checks keys and values. Raises: RegistrationIncomplete."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise RegistrationIncomplete(
            f"{file} cannot be read ({type(error).__name__}). Check its path and mode"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise RegistrationIncomplete(f"{file} is not TOML: {error}") from None


def sha256_text(text: str) -> str:
    """Return the option's value as 64 hex digits in lower case."""
    lower = text.strip().lower()
    if SHA256.fullmatch(lower) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no SHA-256: it has 64 digits 0-9 and a-f")
    return lower


def _adapter(text: str) -> AdapterChoice:
    match = ADAPTER.fullmatch(text)
    if match is None or ID.fullmatch(match["id"]) is None:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not like cardiology=adapter.gguf or cardiology=adapter.gguf@0.5"
        )
    try:
        scale = float(match["scale"] or 1)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{match['scale']!r} in {text!r} is no number") from None
    return AdapterChoice(id=match["id"], file=Path(match["file"]), scale=scale)


def _placement(options: Mapping[str, Any]) -> Placement:
    if options["copy"]:
        return Placement.COPY
    return Placement.LINK if options["link"] else Placement.STAY
