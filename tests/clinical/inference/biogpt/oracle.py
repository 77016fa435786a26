"""BioGPT's forward pass in numpy, written from the architecture and not from the product: exact GELU, float64.

Source: Luo R et al., BioGPT, Brief Bioinform 2022, doi:10.1093/bib/bbac409 (a GPT-2 decoder, pre-normalised, with
learned positions and a scaled embedding).
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]
Floats = NDArray[np.float64]

# Between the points of this grid a straight line is within 2e-9 of erf; outside of it erf is 1 to 16 digits.
GRID = np.linspace(-6, 6, 120_001)
ERF = np.array([math.erf(x) for x in GRID])


def gelu(x: Floats) -> Floats:
    return np.asarray(0.5 * x * (1 + np.interp(x / math.sqrt(2), GRID, ERF)))


def normalise(x: Floats, weights: Arrays, name: str) -> Floats:
    centred = x - x.mean(axis=-1, keepdims=True)
    deviation = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-5)
    return np.asarray(centred / deviation * weights[f"{name}.weight"] + weights[f"{name}.bias"])


def linear(x: Floats, weights: Arrays, name: str) -> Floats:
    return np.asarray(x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"])


def attention(x: Floats, weights: Arrays, name: str, heads: int) -> Floats:
    length, width = x.shape

    def split(part: str) -> Floats:
        return linear(x, weights, f"{name}.{part}").reshape(length, heads, width // heads).transpose(1, 0, 2)

    scores = split("q_proj") @ split("k_proj").transpose(0, 2, 1) / math.sqrt(width // heads)
    scores[:, np.triu(np.ones((length, length), dtype=bool), k=1)] = -np.inf
    shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    joined = (shares @ split("v_proj")).transpose(1, 0, 2).reshape(length, width)
    return linear(joined, weights, f"{name}.out_proj")


def logits(weights: Arrays, configuration: Mapping[str, Any], tokens: Sequence[int]) -> Floats:
    """Return the logits after each token, shape (tokens, vocabulary)."""
    weights = {name: array.astype(np.float64, copy=False) for name, array in weights.items()}
    width, heads = configuration["hidden_size"], configuration["num_attention_heads"]
    table = weights["biogpt.embed_tokens.weight"]
    positions = weights["biogpt.embed_positions.weight"][2:]
    scale = math.sqrt(width) if configuration.get("scale_embedding", True) else 1.0
    x = table[list(tokens)] * scale + positions[: len(tokens)]
    for layer in range(configuration["num_hidden_layers"]):
        name = f"biogpt.layers.{layer}"
        x = x + attention(
            normalise(x, weights, f"{name}.self_attn_layer_norm"), weights, f"{name}.self_attn", heads
        )
        inner = gelu(linear(normalise(x, weights, f"{name}.final_layer_norm"), weights, f"{name}.fc1"))
        x = x + linear(inner, weights, f"{name}.fc2")
    output = weights.get("output_projection.weight", table)
    return normalise(x, weights, "biogpt.layer_norm") @ output.T


def greedy(
    weights: Arrays, configuration: Mapping[str, Any], prompt: Sequence[int], *, positions: int
) -> tuple[list[int], Floats]:
    """Return the prompt with its greedy continuation, the last token left out, and the logits after each token."""
    weights = {name: array.astype(np.float64) for name, array in weights.items()}
    tokens = list(prompt)
    for _ in range(positions - 1):
        tokens.append(int(logits(weights, configuration, tokens)[-1].argmax()))
    return tokens, logits(weights, configuration, tokens)
