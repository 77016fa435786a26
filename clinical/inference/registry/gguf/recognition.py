"""Which pinned template a vocabulary looks made for. A base model may hold the same markers, so a person confirms."""

from collections.abc import Collection, Mapping

# Ours, written by `models import-biogpt`: says that the tokenizer works outside of llama.cpp.
TOKENIZER_KEY = "tacit.tokenizer"

# The tokens that a template's text needs; a template of plain text has none and cannot be recognised.
MARKERS_OF: Mapping[str, frozenset[bytes]] = {
    "chatml": frozenset({b"<|im_start|>", b"<|im_end|>"}),
    "llama3": frozenset({b"<|start_header_id|>", b"<|end_header_id|>", b"<|eot_id|>"}),
    "gemma": frozenset({b"<start_of_turn>", b"<end_of_turn>"}),
    "mistral": frozenset({b"[INST]", b"[/INST]"}),
}
MARKERS = frozenset().union(*MARKERS_OF.values())
# The first Mistral models, and BioMistral, were trained with these markers as ordinary text.
MAY_BE_TEXT = frozenset({"mistral"})


def recognised_templates(found: Collection[bytes], *, own_tokenizer: str | None) -> tuple[str, ...]:
    """Return the names of the templates all of whose markers were found, `plain` for a BioGPT."""
    if own_tokenizer == "biogpt":
        return ("plain",)
    return tuple(name for name, markers in MARKERS_OF.items() if markers <= set(found))


def lacks_markers(template: str, recognised: Collection[str]) -> bool:
    """Whether the template's markers would be ordinary text to a vocabulary that has none of them as tokens."""
    return template in MARKERS_OF and template not in recognised and template not in MAY_BE_TEXT
