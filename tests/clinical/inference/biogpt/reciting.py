"""A BioGPT that knows one text by heart, so that what it writes can be read and compared word by word.

Its layers add nothing, so that the output sees the token and its position alone; each row of the output points to
the places after which its token comes.
"""

from dataclasses import replace

import numpy as np

from clinical.inference.biogpt.checkpoint.vocabulary import END, Vocabulary
from clinical.inference.biogpt.tokenizer import BioGptTokenizer
from tests.clinical.inference.biogpt.checkpoints import Sample, Weights, make_sample

SILENT = ("self_attn.out_proj", "fc2")


def tokenizer_of(sample: Sample) -> BioGptTokenizer:
    return BioGptTokenizer(Vocabulary(ids=sample.ids, merges=tuple(sample.merges)))


def reciting_sample(prompt: str, continuation: str) -> Sample:
    """A checkpoint that goes on from the prompt with the continuation, and then ends the text."""
    sample = make_sample(has_own_output=True)
    random = np.random.default_rng(3)
    weights: Weights = {
        name: np.zeros_like(array) if any(part in name for part in SILENT) else array
        for name, array in sample.weights.items()
    }
    for name in ("biogpt.layer_norm.weight", "biogpt.layer_norm.bias"):
        weights[name] = np.full_like(weights[name], name.endswith("weight"))
    places = random.standard_normal(weights["biogpt.embed_positions.weight"].shape, dtype=np.float32)
    weights["biogpt.embed_positions.weight"] = places
    encode = tokenizer_of(sample).encode
    tokens = [sample.ids[END], *encode(prompt), *encode(continuation), sample.ids[END]]
    rows = np.zeros_like(weights["output_projection.weight"])
    for position, following in enumerate(tokens[1:]):
        rows[following] += places[position + 2]  # the table begins two rows before the first position
    weights["output_projection.weight"] = rows
    return replace(sample, weights=weights)
