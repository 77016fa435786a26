"""Trains the claim checker: python -m benchmarks.train_checker --encoder model.zip --output clinical/evidence/trained.

The encoder (all-MiniLM-L6-v2) learns on pairs made from unlabelled abstracts and on the rows of randomised trials. The
claims of SciFact and the questions of PubMedQA are only measured on; what is fitted to them (the weights that combine an
abstract's sentences, the gate, the calibration of answers) is measured by cross-validation. Needs, beside the product's
own: torch, transformers, onnx, onnxscript, scikit-learn. Seeds are fixed. About 45 minutes on two cores.
"""

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.literature import LITERATURE
from benchmarks.training import Report, reporter, unpacked
from clinical.evidence.checking.pairs import claim_pair, fingerprint

NEEDED = "torch transformers onnx onnxscript scikit-learn"
try:
    import numpy as np
    import torch

    from benchmarks.checker.answering import calibrated, decision_figures, direction_figures
    from benchmarks.checker.deciding import decision_pair, truths_of
    from benchmarks.checker.exporting import export
    from benchmarks.checker.folds import grouped_folds
    from benchmarks.checker.measuring import (
        Claims,
        fitted,
        gathered,
        limits,
        out_of_fold,
        rationale_f1,
        verification_figures,
    )
    from benchmarks.checker.network import MAXIMUM_LENGTH, Checker, Encoding, prepare, scores
    from benchmarks.checker.recipe import Data, read_data, train_model
    from benchmarks.checker.released import CANDIDATES, REPORTED_AT, Exported
    from benchmarks.checker.trials import asked_of
    from benchmarks.checker.verification import judged
except ModuleNotFoundError as missing:
    sys.exit(
        f"{missing.name} is not installed: pip install {NEEDED} (training only; the product needs none of them)"
    )

ROOT = Path(__file__).resolve().parent.parent
FORMAT = 1
# Pairs that are read by both the network and the exported file.
AGREEING = 500


def main() -> None:
    """Train, measure and write as the command line says."""
    options = _parser().parse_args()
    torch.set_num_threads(options.threads)
    with tempfile.TemporaryDirectory() as folder:
        encoder, output = unpacked(options.encoder, Path(folder)), options.output or Path(folder)
        model, encoding = Checker(encoder), Encoding(encoder / "tokenizer.json")
        data = read_data(options.data, options.literature)
        report = reporter()
        _begin(model, encoding, data, options.weights, report)
        figures = _release(model, encoding, data, output, options.cross_validate, report)
        if options.output:
            shutil.copyfile(encoder / "tokenizer.json", output / "tokenizer.json")
    if options.json:
        sys.stdout.write(json.dumps(figures, indent=1) + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the data sets"
    )
    parser.add_argument("--literature", type=Path, default=LITERATURE, help="folder of pubmed*.xml.gz")
    parser.add_argument(
        "--encoder", type=Path, required=True, help="all-MiniLM-L6-v2: its folder, or model.zip"
    )
    parser.add_argument(
        "--weights", type=Path, help="file that keeps the weights; read instead of training if there"
    )
    parser.add_argument(
        "--cross-validate", type=int, default=5, metavar="FOLDS", help="folds of claims and questions"
    )
    parser.add_argument(
        "--output", type=Path, help="folder for checker.onnx, checker.json, tokenizer.json; else none"
    )
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")
    return parser


def _begin(model: Checker, encoding: Encoding, data: Data, kept: Path | None, report: Report) -> None:
    """Train the model, or read what an earlier run kept."""
    if kept and kept.exists():
        model.load_state_dict(torch.load(kept, weights_only=True))
        return
    train_model(model, encoding, data, report)
    if kept:
        torch.save(model.state_dict(), kept)


def _release(
    model: Checker, encoding: Encoding, data: Data, output: Path, folds: int, report: Report
) -> dict[str, Any]:
    """Write checker.onnx and checker.json; return the figures, measured on the exported file but for the answers."""
    answers = scores(model, prepare(encoding, [decision_pair(row) for row in data.questions]), "decision")
    decision = decision_figures(data.questions, answers, folds)
    model.calibrate("decision", calibrated(answers, truths_of(data.questions)))
    export(model, output / "checker.onnx")
    exported = Exported(output / "checker.onnx", encoding)
    report("exported")
    fold = grouped_folds({row["_id"]: row["cited"] for row in data.claims}, folds, seed=1)
    claims = gathered(judged(data.claims, data.corpus), exported, fold)
    report("claims read")
    figures: dict[str, Any] = {
        "verification": verification_figures(claims, exported)
        | {"rationale_f1": rationale_f1(claims, exported)},
        "direction": direction_figures(exported, data.trials_held_out),
        "pubmedqa": decision,
        "exported": _agreement(model, encoding, exported, claims),
    }
    settings = _settings(output / "checker.onnx", claims, figures) | {"trained_on": _seen(data)}
    (output / "checker.json").write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")
    return figures


def _agreement(model: Checker, encoding: Encoding, exported: Exported, claims: Claims) -> dict[str, float]:
    """Return how often, and how nearly, the exported file says what the network says."""
    pairs = [claim_pair(j.claim, p.quote, title=p.source.title) for j in claims.judged for p in j.passages][
        :AGREEING
    ]
    whole, small = scores(model, prepare(encoding, pairs), "verdict"), exported.logits("verdict", pairs)
    return {
        "same_label": round(float((whole.argmax(axis=1) == small.argmax(axis=1)).mean()), 4),
        "mean_difference_of_logit": round(float(np.abs(whole - small).mean()), 4),
    }


def _settings(path: Path, claims: Claims, figures: dict[str, Any]) -> dict[str, Any]:
    everything = np.ones(len(claims.labels), dtype=bool)
    chosen, combination = limits(claims, out_of_fold(claims), everything), fitted(claims, everything)
    return {
        "format": FORMAT,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "max_length": MAXIMUM_LENGTH,
        "verdict": {
            "temperature": 1.0,
            "supported_at": round(chosen.supported_at, 4),
            "contradicted_at": round(chosen.contradicted_at, 4),
            "candidates": CANDIDATES,
            "combination": {
                "weights": combination.weights.round(6).tolist(),
                "bias": combination.bias.round(6).tolist(),
            },
            "measured": figures["verification"],
        },
        "direction": {"temperature": 1.0, "reported_at": REPORTED_AT, "measured": figures["direction"]},
        "decision": {"temperature": 1.0, "measured": figures["pubmedqa"]},
    }


def _seen(data: Data) -> list[str]:
    """Return the fingerprints of all rows that weights, combination, gate or answers were fitted to."""
    texts = [row["claim"] for row in data.claims] + [row["question"] for row in data.questions]
    return sorted({*map(fingerprint, texts), *(fingerprint(asked_of(row)) for row in data.trials)})


if __name__ == "__main__":
    main()
