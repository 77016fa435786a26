"""A registered model as data."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Adapter:
    """A GGUF LoRA adapter that changes a model for a purpose. `scale` 1 is as trained."""

    id: str
    file: Path
    sha256: str
    scale: float = 1.0


@dataclass(frozen=True, kw_only=True)
class RegisteredModel:
    """One entry of `models.toml`, with absolute paths. `context_tokens` is what a request may use, not what the model could.

    `template` names one of `clinical.inference.templates.TEMPLATES`; `tokenizer` is "gguf" (llama.cpp's own) or
    "biogpt" (Moses and BPE outside of it). `card` holds the source attributes of ONC HTI-1 that are known.
    """

    id: str
    name: str
    family: str
    file: Path
    sha256: str
    source: str
    licence: str
    quantisation: str
    context_tokens: int
    template: str
    intended_use: str
    specialty: str = "general"
    tokenizer: str = "gguf"
    adapters: tuple[Adapter, ...] = ()
    card: Mapping[str, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """What an answer's record names (64 hex digits): SHA-256 of the weights; with adapters, of all that words it."""
        if not self.adapters:
            return self.sha256
        lines = [self.sha256, *(f"{each.sha256} {each.scale:g}" for each in self.adapters)]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()
