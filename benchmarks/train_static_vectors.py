"""Trains the vectors of stems: python -m benchmarks.train_static_vectors --encoder model.zip --output static.npz.

Each stem begins with what the packaged encoder (all-MiniLM-L6-v2) makes of its commonest word, halfway to a random
vector. Then titles, conclusions, sentences and MeSH headings of the starter literature learn to find the abstract
that they were taken out of. With --fit, the weights of `clinical/evidence/hybrid/fusion.py` are fitted on abstracts
that were held out, with the vectors that the product has now. Needs torch and transformers, which the product does
not. Two to three minutes on two idle cores; `clinical/evidence/trained/README.md` says which seed was taken, and why.
"""

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

try:
    import numpy as np
    import torch
    from numpy.typing import NDArray

    from benchmarks.static_vectors.network import StaticVectors, Training, encode_words, turned
    from benchmarks.static_vectors.ranking import fit, make_examples, quality
    from benchmarks.static_vectors.reading import read_abstracts, split, vocabulary
except ModuleNotFoundError as missing:
    sys.exit(
        f"{missing.name} is not installed: pip install torch transformers (training only; the product needs neither)"
    )

from benchmarks.literature import LITERATURE
from benchmarks.training import reporter, unpacked
from clinical.evidence.vectors.static import WIDTH

SEED = 0
# Seed of what is held out: the same for every training, so that they can be compared.
HELD_OUT_BY = 7
HELD_OUT = 5_000
LEAST_ABSTRACTS = 2
STEPS = 400
TURNED_BY = 15_000


def main() -> None:
    """Train, or fit, as the command line says."""
    options = _parser().parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    report = reporter()
    abstracts, words = read_abstracts(options.literature)
    trained_on, held_out = split(abstracts, HELD_OUT, HELD_OUT_BY)
    report(f"{len(trained_on)} abstracts to train on, {len(held_out)} held out")
    if options.fit:
        examples = make_examples(held_out, HELD_OUT_BY)
        weights = fit(examples)
        ndcg, recall = quality(examples, weights)
        report(f"{len(examples)} questions: nDCG@10 {ndcg:.4f}, recall@100 {recall:.4f}")
        sys.stdout.write(json.dumps(weights, indent=1) + "\n")
        return
    counts = vocabulary(trained_on, LEAST_ABSTRACTS)
    with tempfile.TemporaryDirectory() as folder:
        encoder = unpacked(options.encoder, Path(folder))
        encoded = encode_words(encoder, [words.get(stem, stem) for stem in counts], report)
    model = StaticVectors(encoded, list(counts.values()), len(trained_on), WIDTH)
    training = Training(trained_on, {stem: row for row, stem in enumerate(counts)}, options.seed)
    training.run(model, STEPS, report)
    rows = turned(model, training.texts(TURNED_BY))
    _write(options.output, list(counts), rows)
    report(
        f"{options.output}: {len(counts)} stems, sha256 {hashlib.sha256(options.output.read_bytes()).hexdigest()}"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--literature", type=Path, default=LITERATURE, help="folder of pubmed*.xml.gz")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=SEED, help="of the start and of the questions")
    task = parser.add_mutually_exclusive_group(required=True)
    task.add_argument("--encoder", type=Path, help="train: all-MiniLM-L6-v2, its folder or model.zip")
    task.add_argument("--fit", action="store_true", help="only fit the ranking's weights, and print them")
    parser.add_argument("--output", type=Path, default=Path("static.npz"), help="file for the vectors")
    return parser


def _write(path: Path, stems: Sequence[str], rows: NDArray[np.float32]) -> None:
    """Write the rows as int8, each with its own scale."""
    scales = np.abs(rows).max(axis=1) / 127
    np.savez_compressed(
        path,
        stems=np.frombuffer("\n".join(stems).encode(), np.uint8),
        vectors=np.rint(rows / np.maximum(scales, 1e-12)[:, np.newaxis]).astype(np.int8),
        scales=scales.astype(np.float32),
    )


if __name__ == "__main__":
    main()
