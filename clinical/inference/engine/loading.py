"""A registered model becomes two lanes. What is not registered, or has changed, is refused."""

import argparse
from dataclasses import dataclass

from clinical.inference.biogpt.errors import BioGptError
from clinical.inference.domain import EngineInfo
from clinical.inference.llama.bedside import BedsideLane
from clinical.inference.llama.library import LibraryLane
from clinical.inference.llama.prompts import Prompts
from clinical.inference.llama.text_stream import OwnTokenizer
from clinical.inference.llama.weights import Weights
from clinical.inference.registry.domain import RegisteredModel
from clinical.inference.registry.errors import RegistryError
from clinical.inference.registry.gguf.recognition import TOKENIZER_KEY
from clinical.inference.registry.registry import Registry
from clinical.inference.registry.verification import verify_model
from clinical.inference.templates import TEMPLATES

# The library shares one memory among its sequences: room for a few whole contexts, not for all at once.
LIBRARY_CONTEXTS = 2


class ModelRefused(Exception):
    """The model cannot be served as configured; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A model that is ready to write."""

    info: EngineInfo
    bedside: BedsideLane
    library: LibraryLane


def load(arguments: argparse.Namespace) -> Loaded:
    """Return the registered model, verified and loaded. Raises: ModelRefused."""
    try:
        registry = Registry.load(content_folder=arguments.content, models_folder=arguments.models)
        model = registry.find(arguments.model)
        verify_model(model)
        return _lanes(model, threads=arguments.threads)
    except (RegistryError, BioGptError, ValueError) as error:
        raise ModelRefused(str(error)) from error


def _lanes(model: RegisteredModel, *, threads: int) -> Loaded:
    weights = Weights(model.file, adapters=[(adapter.file, adapter.scale) for adapter in model.adapters])
    context_tokens = min(model.context_tokens, weights.trained_context_tokens)
    prompts = Prompts(
        weights,
        TEMPLATES[model.template],
        context_tokens=context_tokens,
        tokenizer=_own_tokenizer(model, weights),
    )
    return Loaded(
        info=EngineInfo(model_id=model.id, file=model.file.name, sha256=model.fingerprint),
        bedside=BedsideLane(weights, prompts, context_tokens=context_tokens, threads=threads),
        library=LibraryLane(
            weights, prompts, context_tokens=LIBRARY_CONTEXTS * context_tokens, threads=threads
        ),
    )


def _own_tokenizer(model: RegisteredModel, weights: Weights) -> OwnTokenizer | None:
    """Return the tokenizer where it is not llama.cpp's own. Raises: ModelRefused, NotBioGptGguf."""
    if model.tokenizer != "biogpt":
        if weights.metadata(TOKENIZER_KEY) == "biogpt":
            raise ModelRefused(
                f"{model.id}: {model.file.name} is a BioGPT, whose words llama.cpp would split wrongly. "
                'Write tokenizer = "biogpt" and template = "plain" into its entry'
            )
        return None
    # Its libraries take most of a second to import, and every other model starts without them.
    from clinical.inference.biogpt.tokenizer import BioGptTokenizer

    return BioGptTokenizer.from_gguf(model.file)
