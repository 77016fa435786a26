"""Checkpoints that the tests make: the real architecture, random weights, a vocabulary learned here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from ml_dtypes import bfloat16
from numpy.typing import NDArray
from safetensors.numpy import save_file

from tests.clinical.inference.biogpt import torch_zip
from tests.clinical.inference.biogpt.training import SENTENCES, learn_vocabulary

Weights = dict[str, NDArray[Any]]
Format = Literal["safetensors", "bin"]

# Both have 64 numbers a head. BioGPT: 16 heads, a width that K-quants divide. BioGPT-Large: an odd number of heads,
# and 1,600 is not a multiple of 256; nor is 320.
SHAPES = {
    "biogpt": {
        "hidden_size": 256,
        "num_hidden_layers": 3,
        "num_attention_heads": 4,
        "intermediate_size": 1024,
    },
    "biogpt-large": {
        "hidden_size": 320,
        "num_hidden_layers": 4,
        "num_attention_heads": 5,
        "intermediate_size": 1280,
    },
}
TYPES = {"float32": np.dtype(np.float32), "float16": np.dtype(np.float16), "bfloat16": np.dtype(bfloat16)}


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A checkpoint in memory."""

    configuration: dict[str, Any]
    ids: dict[str, int]
    merges: list[tuple[str, str]]
    weights: Weights


def make_sample(
    shape: str = "biogpt", *, seed: int = 0, number_type: str = "float32", has_own_output: bool = False
) -> Sample:
    """`has_own_output` unties the output from the embedding: a greedy text then wanders instead of repeating."""
    ids, merges = learn_vocabulary(SENTENCES, merges=200)
    configuration = {
        "model_type": "biogpt",
        "vocab_size": len(ids),
        "max_position_embeddings": 128,
        "hidden_act": "gelu",
        "layer_norm_eps": 1e-12,
        "scale_embedding": True,
        "tie_word_embeddings": not has_own_output,
        **SHAPES[shape],
    }
    weights = random_weights(configuration, np.random.default_rng(seed), TYPES[number_type])
    return Sample(configuration=configuration, ids=ids, merges=merges, weights=weights)


def random_weights(
    configuration: Mapping[str, Any], random: np.random.Generator, kind: np.dtype[Any]
) -> Weights:
    """Weights whose activations are as large as a trained network's, so that GELU leaves its flat middle."""
    width, inner = configuration["hidden_size"], configuration["intermediate_size"]

    def normal(*shape: int, scale: float) -> NDArray[Any]:
        return (random.standard_normal(shape, dtype=np.float32) * np.float32(scale)).astype(kind)

    positions = configuration["max_position_embeddings"] + 2
    weights: Weights = {
        "biogpt.embed_tokens.weight": normal(configuration["vocab_size"], width, scale=0.02),
        "biogpt.embed_positions.weight": normal(positions, width, scale=0.1),
    }
    if not configuration["tie_word_embeddings"]:
        weights["output_projection.weight"] = normal(configuration["vocab_size"], width, scale=0.1)
    sizes = {f"self_attn.{name}": (width, width) for name in ("k_proj", "v_proj", "q_proj", "out_proj")}
    sizes |= {"fc1": (inner, width), "fc2": (width, inner)}
    for layer in range(configuration["num_hidden_layers"]):
        for name, (rows, columns) in sizes.items():
            scale = 1.5
            weights[f"biogpt.layers.{layer}.{name}.weight"] = normal(
                rows, columns, scale=scale * columns**-0.5
            )
            weights[f"biogpt.layers.{layer}.{name}.bias"] = normal(rows, scale=0.1)
        for name in ("self_attn_layer_norm", "final_layer_norm"):
            weights |= _norm(f"biogpt.layers.{layer}.{name}", width, random, kind)
    return weights | _norm("biogpt.layer_norm", width, random, kind)


def _norm(name: str, width: int, random: np.random.Generator, kind: np.dtype[Any]) -> Weights:
    gain = 1 + random.standard_normal(width, dtype=np.float32) * np.float32(0.1)
    bias = random.standard_normal(width, dtype=np.float32) * np.float32(0.1)
    return {f"{name}.weight": gain.astype(kind), f"{name}.bias": bias.astype(kind)}


def write_checkpoint(sample: Sample, folder: Path, weights_format: Format = "safetensors") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(sample.configuration))
    (folder / "vocab.json").write_text(json.dumps(sample.ids, ensure_ascii=False), encoding="utf-8")
    (folder / "merges.txt").write_text(
        "".join(f"{left} {right} {count}\n" for count, (left, right) in enumerate(sample.merges)),
        encoding="utf-8",
    )
    if weights_format == "safetensors":
        save_file(sample.weights, folder / "model.safetensors")
    else:
        torch_zip.save(sample.weights, folder / "pytorch_model.bin")
    return folder
