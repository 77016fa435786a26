"""BioGPT's tensors as those of a GPT-2, which computes the same graph.

What differs: BioGPT scales its embedding on the way in and not on the way out, keeps two rows before the first
position, and stores queries, keys and values apart.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from clinical.inference.biogpt.checkpoint.configuration import Configuration
from clinical.inference.biogpt.checkpoint.tensors import Floats
from clinical.inference.biogpt.checkpoint.weights import Checkpoint

Shape = tuple[int, ...]

# The table of positions was made for a library that counts from the padding token's id + 1.
# Source: fairseq, LearnedPositionalEmbedding.
FIRST_POSITION = 2


@dataclass(frozen=True)
class MappedTensor:
    """A tensor of the GGUF: its name and shape there, and how to get its numbers."""

    name: str
    shape: Shape
    read: Callable[[], Floats]

    @property
    def size_bytes(self) -> int:
        """The size in float32."""
        return math.prod(self.shape) * np.dtype(np.float32).itemsize


def expected_shapes(configuration: Configuration, checkpoint: Checkpoint) -> dict[str, Shape]:
    """Return the tensors that a BioGPT of this size must have."""
    width, inner = configuration.width, configuration.inner_width
    vocabulary = (configuration.vocabulary_size, width)
    shapes: dict[str, Shape] = {
        "embed_tokens.weight": vocabulary,
        "embed_positions.weight": (configuration.positions + FIRST_POSITION, width),
        **_pair("layer_norm", (width,)),
    }
    if has_own_output(configuration, checkpoint):
        shapes["output_projection.weight"] = vocabulary
    for layer in range(configuration.layers):
        prefix = f"layers.{layer}."
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            shapes |= _pair(f"{prefix}self_attn.{name}", (width, width))
        shapes |= _pair(f"{prefix}self_attn_layer_norm", (width,)) | _pair(
            f"{prefix}final_layer_norm", (width,)
        )
        shapes |= _pair(f"{prefix}fc1", (inner, width)) | _pair(f"{prefix}fc2", (width, inner))
    return shapes


def _pair(name: str, shape: Shape) -> dict[str, Shape]:
    return {f"{name}.weight": shape, f"{name}.bias": shape[:1]}


def has_own_output(configuration: Configuration, checkpoint: Checkpoint) -> bool:
    """Return whether the output is a tensor of its own, not the embedding again."""
    return not configuration.ties_embedding or "output_projection.weight" in checkpoint


def mapped_tensors(configuration: Configuration, checkpoint: Checkpoint) -> list[MappedTensor]:
    """Return the GGUF's tensors in order; their numbers are read when asked for."""
    shapes = expected_shapes(configuration, checkpoint)
    mapped = _embeddings(configuration, checkpoint)
    for layer in range(configuration.layers):
        mapped.append(_attention_input(configuration, checkpoint, layer, "weight"))
        mapped.append(_attention_input(configuration, checkpoint, layer, "bias"))
        for source, target in LAYER_NAMES.items():
            mapped += _same(checkpoint, shapes, f"layers.{layer}.{source}", f"blk.{layer}.{target}")
    mapped += _same(checkpoint, shapes, "layer_norm", "output_norm")
    return mapped


LAYER_NAMES: Mapping[str, str] = {
    "self_attn_layer_norm": "attn_norm",
    "self_attn.out_proj": "attn_output",
    "final_layer_norm": "ffn_norm",
    "fc1": "ffn_up",
    "fc2": "ffn_down",
}


def _embeddings(configuration: Configuration, checkpoint: Checkpoint) -> list[MappedTensor]:
    table = (configuration.vocabulary_size, configuration.width)
    scale = np.float32(math.sqrt(configuration.width) if configuration.scales_embedding else 1.0)
    output = "output_projection" if has_own_output(configuration, checkpoint) else "embed_tokens"
    return [
        MappedTensor("token_embd.weight", table, lambda: checkpoint.read("embed_tokens.weight") * scale),
        MappedTensor(
            "position_embd.weight",
            (configuration.positions, configuration.width),
            lambda: checkpoint.read("embed_positions.weight")[FIRST_POSITION:],
        ),
        MappedTensor("output.weight", table, lambda: checkpoint.read(f"{output}.weight")),
    ]


def _attention_input(
    configuration: Configuration, checkpoint: Checkpoint, layer: int, part: str
) -> MappedTensor:
    width = configuration.width
    shape = (3 * width, width) if part == "weight" else (3 * width,)

    def stacked() -> Floats:
        names = (f"layers.{layer}.self_attn.{name}.{part}" for name in ("q_proj", "k_proj", "v_proj"))
        return np.concatenate([checkpoint.read(name) for name in names])

    return MappedTensor(f"blk.{layer}.attn_qkv.{part}", shape, stacked)


def _same(
    checkpoint: Checkpoint, shapes: Mapping[str, Shape], source: str, target: str
) -> list[MappedTensor]:
    return [
        MappedTensor(f"{target}.{part}", shapes[f"{source}.{part}"], _reader(checkpoint, f"{source}.{part}"))
        for part in ("weight", "bias")
    ]


def _reader(checkpoint: Checkpoint, name: str) -> Callable[[], Floats]:
    return lambda: checkpoint.read(name)
