"""`manage.py models pull`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from clinical.inference.registry.domain import RegisteredModel
from clinical.inference.registry.download.addresses import address_of, file_name_of, shown
from clinical.inference.registry.download.pull import Wanted, pull
from clinical.inference.registry.errors import AddressRefused, RegistrationIncomplete
from clinical.inference.registry.registry import Registry
from config.models_command.documents import model_document
from config.models_command.registering import (
    add_registration_arguments,
    is_registering,
    register_said,
    sha256_text,
)
from config.models_command.subcommand import load_registry
from config.progress import progress_bar
from config.subcommand import Output, Subcommand


@dataclass(frozen=True)
class _Named:
    """What a reference stands for. `is_registered` where an entry already says file and hash."""

    wanted: Wanted
    is_registered: bool


class PullModel(Subcommand):
    """Fetches a model file."""

    name = "pull"
    help = (
        "Fetch a GGUF file into the models folder, continue where an earlier try stopped, and let it in only with a "
        "confirmed SHA-256. With --id and --intended-use it is registered too."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "reference",
            metavar="REFERENCE",
            help="https://..., OWNER/NAME/FILE.gguf on the hub (TACIT_MODEL_HUB), or the id of a registered model",
        )
        parser.add_argument("--sha256", type=sha256_text, help="what the publisher says (what the hub says)")
        parser.add_argument("--as", dest="as_name", metavar="NAME.gguf", help="the file's name here")
        parser.add_argument(
            "--token-file", type=Path, help="a file with a token, sent to the named server only"
        )
        parser.add_argument("--restart", action="store_true", help="forget what came before")
        add_registration_arguments(parser, is_required=False)

    def run(self, options: Mapping[str, Any], output: Output) -> None:
        """Fetch, verify, and register where that was asked for."""
        registry = load_registry()
        registers = is_registering(options)
        if registers and not options["intended_use"]:
            raise RegistrationIncomplete("Say also --intended-use, so that the model can be registered")
        if registers and options["id"]:
            registry.check_free(options["id"])
        named = _named(registry, options)
        with progress_bar(f"Fetching {named.wanted.target.name}") as show:
            found = pull(named.wanted, restart=options["restart"], on_progress=show)
        output.line(f"Fetched and verified {named.wanted.target}, SHA-256 {found}")
        document: dict[str, object] = {"file": str(named.wanted.target), "sha256": found, "model": None}
        if registers:
            source = options["source"] or shown(named.wanted.address)
            model = register_said(registry, options, output, file=named.wanted.target, source=source)
            document["model"] = model_document(model, registry, active_id=settings.TACIT_MODEL)
        elif not named.is_registered:
            _say_how_to_register(named.wanted, output)
        output.document(document)


def _named(registry: Registry, options: Mapping[str, Any]) -> _Named:
    """Return what to fetch. Raises: AddressRefused, RegistrationIncomplete."""
    reference, as_name = options["reference"], options["as_name"]
    entry = next((model for model in registry.models if reference in {model.id, model.source}), None)
    address = _source_of(entry) if entry else address_of(reference, hub=settings.TACIT_MODEL_HUB)
    if entry and not as_name:
        target = entry.file
    else:
        target = registry.folders.models / file_name_of(
            f"https://named.here/{as_name}" if as_name else address
        )
    wanted = Wanted(
        address=address,
        target=target,
        sha256=options["sha256"] or (entry.sha256 if entry else None),
        token=_token(options["token_file"]),
    )
    return _Named(wanted, is_registered=entry is not None and target == entry.file)


def _source_of(entry: RegisteredModel) -> str:
    try:
        return address_of(entry.source, hub=settings.TACIT_MODEL_HUB)
    except AddressRefused as error:
        raise AddressRefused(
            f"The source of {entry.id} is no address to fetch from: {entry.source}. "
            "What comes with the product is unpacked by `make content`"
        ) from error


def _token(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        token = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise RegistrationIncomplete(f"The token in {file} cannot be read ({type(error).__name__})") from None
    if not token or not token.isprintable():
        raise RegistrationIncomplete(f"{file} holds no token on one line")
    return token


def _say_how_to_register(wanted: Wanted, output: Output) -> None:
    output.line(
        f"Register it: python manage.py models add {wanted.target.name} --source {shown(wanted.address)} "
        '--intended-use "..." --template ...'
    )
