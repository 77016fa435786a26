"""Whether a GGUF says what its checkpoint says, by the reference implementation, where that is installed."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from clinical.inference.biogpt.checkpoint.configuration import read_configuration
from clinical.inference.biogpt.checkpoint.tensors import Floats
from clinical.inference.biogpt.checkpoint.vocabulary import END, read_vocabulary
from clinical.inference.biogpt.gguf_file.llama_logits import write_greedily
from clinical.inference.biogpt.tokenizer import BioGptTokenizer

PROMPT = "Aspirin reduces the risk of myocardial infarction in patients with"


@dataclass(frozen=True)
class Comparison:
    """How far two engines' logits are apart, and how often their likeliest tokens agree.

    `relative_error` is the Euclidean norm of all differences over that of the reference's logits;
    `greedy_agreement` is a share of `positions`, 1.0 where a greedy text is the same.
    """

    relative_error: float
    greedy_agreement: float
    positions: int


def compare_with_transformers(checkpoint: Path, gguf: Path, *, positions: int = 64) -> Comparison | None:
    """Return how the GGUF compares with the checkpoint in `transformers`; None where that is not installed.

    llama.cpp continues a sentence greedily, and the reference computes the logits along its text. Where they agree
    at every position, the reference's own greedy text is the same one.
    Raises: CheckpointError, NotBioGptGguf.
    """
    try:
        torch, transformers = import_module("torch"), import_module("transformers")
    except ImportError:
        return None
    prompt = [read_vocabulary(checkpoint).ids[END], *BioGptTokenizer.from_gguf(gguf).encode(PROMPT)]
    positions = min(positions, read_configuration(checkpoint).positions - len(prompt))
    written, logits = write_greedily(gguf, prompt, positions=positions)
    reference = _reference(torch, transformers, checkpoint, [*prompt, *written[:-1]])
    return compare(logits, reference[-positions:])


def compare(ours: Floats, reference: Floats) -> Comparison:
    """Return how two arrays of logits, shape (positions, vocabulary), differ."""
    difference = float(np.linalg.norm(ours - reference))
    agreement = float(np.mean(ours.argmax(axis=1) == reference.argmax(axis=1)))
    return Comparison(difference / float(np.linalg.norm(reference)), agreement, len(reference))


def _reference(
    torch: Any,  # noqa: ANN401 - optional modules, without types here
    transformers: Any,  # noqa: ANN401
    checkpoint: Path,
    tokens: Sequence[int],
) -> Floats:
    transformers.utils.logging.disable_progress_bar()
    model = transformers.BioGptForCausalLM.from_pretrained(
        str(checkpoint), dtype=torch.float32, local_files_only=True
    ).eval()
    with torch.inference_mode():
        logits: Floats = model(torch.tensor([tokens]), use_cache=False).logits[0].numpy()
    return logits
