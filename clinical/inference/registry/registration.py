"""A file becomes a registered model: what the file says, what a person says, and the SHA-256 that holds from now on."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from clinical.inference.registry.domain import Adapter, RegisteredModel
from clinical.inference.registry.errors import ModelFileUnusable, RegistrationIncomplete, RegistryError
from clinical.inference.registry.gguf.facts import ADAPTER, MODEL, GgufFacts, read_gguf
from clinical.inference.registry.gguf.recognition import MARKERS_OF, lacks_markers
from clinical.inference.registry.hashing import Progress, counted, no_progress, sha256_of
from clinical.inference.registry.models_file.entries import ID
from clinical.inference.registry.placing import Placement, Placing
from clinical.inference.registry.registry import Registry
from clinical.inference.templates import TEMPLATES

# Longer contexts cost memory in every request; an entry may say more.
USUAL_CONTEXT_TOKENS = 4096
NOT_YET = "0" * 64


@dataclass(frozen=True, kw_only=True)
class AdapterChoice:
    """A LoRA adapter to register with a model."""

    id: str
    file: Path
    scale: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Registration:
    """What a person says about a file. None leaves it to what the file says of itself."""

    file: Path
    source: str
    intended_use: str
    id: str | None = None
    name: str | None = None
    licence: str | None = None
    template: str | None = None
    context_tokens: int | None = None
    specialty: str = "general"
    placement: Placement = Placement.STAY
    adapters: tuple[AdapterChoice, ...] = ()
    card: Mapping[str, str] = field(default_factory=dict)


def register(
    registry: Registry, said: Registration, *, on_progress: Progress = no_progress
) -> RegisteredModel:
    """Register the file and return its entry. Nothing is left behind where that fails.

    `on_progress` hears bytes read of bytes in all. Raises: RegistryError.
    """
    placing = Placing(registry.folders.models, said.placement)
    draft = _drafted(registry, said, placing)
    registry.check_addable(draft)
    with placing:
        hashes = _placed(placing, _sources(draft, said), on_progress)
        adapters = tuple(replace(each, sha256=hashes[each.file]) for each in draft.adapters)
        model = replace(draft, sha256=hashes[draft.file], adapters=adapters)
        registry.add(model)
        placing.keep()
    return model


def suggested_id(file: Path) -> str:
    """Return an id made from the file's name. Raises: RegistrationIncomplete where the name gives none."""
    name = file.stem.lower().replace(" ", "-")
    if ID.fullmatch(name) is None:
        raise RegistrationIncomplete(f"The name of {file} makes no id. Choose one with --id")
    return name


def _drafted(registry: Registry, said: Registration, placing: Placing) -> RegisteredModel:
    """Return the entry with everything but the hashes."""
    model_id = said.id or suggested_id(said.file)
    registry.check_free(model_id)
    facts = read_gguf(placing.found(said.file))
    if facts.kind != MODEL:
        raise ModelFileUnusable(
            f"{said.file} is an adapter. Register its model, and name it there with --adapter"
        )
    return RegisteredModel(
        id=model_id,
        name=said.name or facts.name or said.file.stem,
        family=facts.architecture,
        file=placing.target(said.file),
        sha256=NOT_YET,
        source=said.source,
        licence=_licence(said, facts),
        quantisation=facts.quantisation,
        context_tokens=_context_tokens(said, facts),
        template=_template(said, facts),
        intended_use=said.intended_use,
        specialty=said.specialty,
        tokenizer=facts.tokenizer,
        adapters=tuple(_adapter(choice, facts, placing) for choice in said.adapters),
        card=said.card,
    )


def _adapter(choice: AdapterChoice, facts: GgufFacts, placing: Placing) -> Adapter:
    own = read_gguf(placing.found(choice.file))
    if own.kind != ADAPTER:
        raise ModelFileUnusable(f"{choice.file} is a model, not a LoRA adapter in GGUF")
    if own.architecture != facts.architecture:
        raise ModelFileUnusable(
            f"{choice.file} adapts a model of the architecture {own.architecture}, and this one is {facts.architecture}"
        )
    return Adapter(id=choice.id, file=placing.target(choice.file), sha256=NOT_YET, scale=choice.scale)


def _licence(said: Registration, facts: GgufFacts) -> str:
    if licence := said.licence or facts.licence:
        return licence
    raise RegistrationIncomplete(
        f"{said.file} does not say its licence. Say it with --licence, as its source does"
    )


def _context_tokens(said: Registration, facts: GgufFacts) -> int:
    wanted, possible = said.context_tokens, facts.context_tokens
    if wanted is None:
        return min(possible or USUAL_CONTEXT_TOKENS, USUAL_CONTEXT_TOKENS)
    if possible is not None and wanted > possible:
        raise RegistrationIncomplete(
            f"{said.file} was made for {possible:,} tokens of context, not {wanted:,}. Say at most that in --context-tokens"
        )
    return wanted


def _template(said: Registration, facts: GgufFacts) -> str:
    """Return the pinned template that a person confirmed; refuse one whose markers the vocabulary does not have."""
    if said.template is None:
        raise RegistrationIncomplete(
            f"{_template_hint(said, facts)} Templates: {', '.join(sorted(TEMPLATES))}"
        )
    if facts.tokenizer == "biogpt" and said.template != "plain":
        raise ModelFileUnusable(
            f"{said.file} is a BioGPT, which continues text and knows no roles. Say --template plain"
        )
    if lacks_markers(said.template, facts.templates):
        needed = ", ".join(sorted(each.decode() for each in MARKERS_OF[said.template]))
        raise ModelFileUnusable(
            f"The template {said.template} needs the tokens {needed}, and the vocabulary of {said.file} lacks them. "
            f"{_template_hint(said, facts)}"
        )
    return said.template


def _template_hint(said: Registration, facts: GgufFacts) -> str:
    if not facts.templates:
        return (
            f"Nothing in {said.file} shows which chat template it was trained with. "
            "See its model card and say --template, `plain` for a model that only continues text."
        )
    return (
        f"The vocabulary of {said.file} holds the markers of the template {' and of '.join(facts.templates)}. "
        f"Check that with its model card and confirm with --template {facts.templates[0]}."
    )


def _sources(draft: RegisteredModel, said: Registration) -> dict[Path, Path]:
    """Return where each file will lie, and where it comes from."""
    sources = {draft.file: said.file}
    for adapter, choice in zip(draft.adapters, said.adapters, strict=True):
        if adapter.file in sources:
            raise RegistrationIncomplete(f"Two files would lie at {adapter.file}. Rename {choice.file}")
        sources[adapter.file] = choice.file
    return sources


def _placed(placing: Placing, sources: Mapping[Path, Path], on_progress: Progress) -> dict[Path, str]:
    """Put each file in its place and return its SHA-256."""
    total = sum(
        placing.found(source).stat().st_size * (2 if placing.costs_a_copy(source) else 1)
        for source in sources.values()
    )
    count = counted(total, on_progress)
    try:
        return {
            target: sha256_of(placing.place(source, on_bytes=count), on_bytes=count)
            for target, source in sources.items()
        }
    except OSError as error:
        raise RegistryError(f"{error.filename} cannot be read or placed ({error.strerror})") from error
