"""The shape of a BioGPT, from its `config.json`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clinical.inference.biogpt.checkpoint.json_file import read_json_object
from clinical.inference.biogpt.errors import CheckpointDamaged, CheckpointUnsupported, NotBioGpt

# BioGPT's graph normalises with the default epsilon of its framework. `layer_norm_eps` of config.json (1e-12) is
# carried along by every checkpoint and used by none.
# Source: transformers 4.25 to 5.24, models/biogpt/modeling_biogpt.py, `nn.LayerNorm(embed_dim)`.
LAYER_NORM_EPSILON = 1e-5

# llama.cpp computes GELU by the tanh formula. The exact one (erf) differs from it by less than 5e-4 anywhere.
ACTIVATIONS = frozenset({"gelu", "gelu_new", "gelu_pytorch_tanh"})

# What a key means when config.json leaves it out. Source: transformers, BioGptConfig.
DEFAULT_SIZES = {
    "vocab_size": 42384,
    "hidden_size": 1024,
    "num_hidden_layers": 24,
    "num_attention_heads": 16,
    "intermediate_size": 4096,
    "max_position_embeddings": 1024,
}


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """How large a BioGPT is, and how it treats its embedding."""

    vocabulary_size: int
    width: int
    layers: int
    heads: int
    inner_width: int
    positions: int
    scales_embedding: bool = True
    ties_embedding: bool = True


def read_configuration(checkpoint: Path) -> Configuration:
    """Return the shape that the folder's `config.json` describes.

    Raises: CheckpointFileMissing, CheckpointDamaged, NotBioGpt, CheckpointUnsupported.
    """
    document = read_json_object(checkpoint / "config.json")
    _check_family(document)
    size = {key: _size(document, key) for key in DEFAULT_SIZES}
    configuration = Configuration(
        vocabulary_size=size["vocab_size"],
        width=size["hidden_size"],
        layers=size["num_hidden_layers"],
        heads=size["num_attention_heads"],
        inner_width=size["intermediate_size"],
        positions=size["max_position_embeddings"],
        scales_embedding=_flag(document, "scale_embedding"),
        ties_embedding=_flag(document, "tie_word_embeddings"),
    )
    if configuration.width % configuration.heads:
        raise CheckpointDamaged(
            f"config.json: hidden_size {configuration.width} is not a multiple of "
            f"num_attention_heads {configuration.heads}"
        )
    return configuration


def _check_family(document: Mapping[str, Any]) -> None:
    family = document.get("model_type")
    if family != "biogpt":
        raise NotBioGpt(f"config.json says model_type {family!r}, not 'biogpt': convert it with another tool")
    activation = document.get("hidden_act", "gelu")
    if activation not in ACTIVATIONS:
        raise CheckpointUnsupported(
            f"config.json says hidden_act {activation!r}: llama.cpp computes only {', '.join(sorted(ACTIVATIONS))}"
        )


def _size(document: Mapping[str, Any], key: str) -> int:
    value = document.get(key, DEFAULT_SIZES[key])
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**31:
        raise CheckpointDamaged(f"config.json: {key} must be a positive whole number, not {value!r}")
    return value


def _flag(document: Mapping[str, Any], key: str) -> bool:
    value = document.get(key, True)
    if not isinstance(value, bool):
        raise CheckpointDamaged(f"config.json: {key} must be true or false, not {value!r}")
    return value
