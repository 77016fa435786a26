"""What a GGUF file says about itself. Its weights are not loaded, and its chat template is neither read nor run.

The file is a stranger's: no count or length in it is believed beyond the bytes that are there.
Source: the GGUF specification (ggml-org/ggml, docs/gguf.md), versions 2 and 3, little-endian.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from gguf.constants import Keys, LlamaFileType

from clinical.inference.registry.errors import ModelFileUnusable
from clinical.inference.registry.gguf.header import GgufHeader, HeaderFault, read_header
from clinical.inference.registry.gguf.recognition import MARKERS, TOKENIZER_KEY, recognised_templates

MODEL, ADAPTER = "model", "adapter"
UNSAID = "unknown"
LONGEST_SAYING = 200

ARCHITECTURE = str(Keys.General.ARCHITECTURE)
TYPE = str(Keys.General.TYPE)
NAME = str(Keys.General.NAME)
LICENCE = str(Keys.General.LICENSE)
FILE_TYPE = str(Keys.General.FILE_TYPE)
ADAPTER_TYPE = str(Keys.Adapter.TYPE)
SPLIT_COUNT = str(Keys.Split.LLM_KV_SPLIT_COUNT)


@dataclass(frozen=True, kw_only=True)
class GgufFacts:
    """What the file says. `kind` is "model" or "adapter"; `name`, `licence` and `context_tokens` may be unsaid.

    `templates` are the pinned templates whose markers the vocabulary holds: a hint, not a proof.
    """

    kind: str
    architecture: str
    name: str | None
    licence: str | None
    context_tokens: int | None
    quantisation: str
    tokenizer: str
    templates: tuple[str, ...]


def read_gguf(file: Path) -> GgufFacts:
    """Return what the file says about itself.

    Raises: ModelFileUnusable for what is not a GGUF, is cut short, or is neither a model nor an adapter.
    """
    try:
        header = read_header(file, looked_for=MARKERS)
    except HeaderFault as fault:
        raise ModelFileUnusable(f"{file} {fault}") from fault
    except OSError as error:
        raise ModelFileUnusable(
            f"{file} cannot be read ({error.strerror}). Check its path, owner and mode"
        ) from error
    _check_kind(file, header)
    architecture = _text(header, ARCHITECTURE) or ""
    if not re.fullmatch(r"[a-z0-9_-]+", architecture):
        raise ModelFileUnusable(
            f"{file} does not say which architecture it is. Take another conversion of the model"
        )
    return GgufFacts(
        kind=_text(header, TYPE) or MODEL,
        architecture=architecture,
        name=_text(header, NAME),
        licence=_text(header, LICENCE),
        context_tokens=_number(header, Keys.LLM.CONTEXT_LENGTH.format(arch=architecture)),
        quantisation=_quantisation(header),
        tokenizer="biogpt" if _text(header, TOKENIZER_KEY) == "biogpt" else "gguf",
        templates=recognised_templates(header.found, own_tokenizer=_text(header, TOKENIZER_KEY)),
    )


def _check_kind(file: Path, header: GgufHeader) -> None:
    kind = _text(header, TYPE) or MODEL
    if kind not in {MODEL, ADAPTER}:
        raise ModelFileUnusable(f"{file} is a {kind}, not a model that writes text or its adapter")
    if kind == ADAPTER and _text(header, ADAPTER_TYPE) != "lora":
        raise ModelFileUnusable(
            f"{file} is an adapter of another kind than LoRA. Only LoRA adapters are used"
        )
    if (_number(header, SPLIT_COUNT) or 0) > 1:
        raise ModelFileUnusable(
            f"{file} is one part of a split model. Join the parts with llama.cpp's `llama-gguf-split --merge`"
        )


def _quantisation(header: GgufHeader) -> str:
    """Return the type of most weights in llama.cpp's words, such as Q4_K_M."""
    number = _number(header, FILE_TYPE)
    if number is None or number not in set(LlamaFileType):
        return UNSAID
    return LlamaFileType(number).name.removeprefix("MOSTLY_").removeprefix("ALL_")


def _text(header: GgufHeader, key: str) -> str | None:
    """Return the text without what could move a terminal's cursor; None where it is absent or empty."""
    value = header.values.get(key)
    if not isinstance(value, str):
        return None
    return "".join(each for each in value if each.isprintable()).strip()[:LONGEST_SAYING] or None


def _number(header: GgufHeader, key: str) -> int | None:
    value = header.values.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
