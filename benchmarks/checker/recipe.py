"""What the checker is trained on; no claim of SciFact and no question of PubMedQA is in it."""

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.checker.deciding import made_questions, trial_questions
from benchmarks.checker.making import Maker, findings
from benchmarks.checker.network import Checker, Encoding, Schedule, prepare, train
from benchmarks.checker.reading import (
    LABELS,
    NOT_ENOUGH,
    NOT_REPORTED,
    Abstract,
    Example,
    Rarity,
    read_corpus,
    read_literature,
    read_rows,
    shuffled,
)
from benchmarks.checker.trials import claims_of_trials, direction_examples
from benchmarks.training import Report
from clinical.evidence.checking.rules.content import coverage

# How many of the made pairs are read: more would not fit in the hour that the training may take.
MADE = {"supported": 11_000, "contradicted": 10_500, "not_enough": 13_000}
TRIAL_DRAWS = 2
# Above this share of common words a made pair is nearly the claim's own words: few of those teach enough.
REWORDED = 0.85
LITERAL_SHARE = 0.35


@dataclass(frozen=True)
class Data:
    """The data sets, read. Claims and questions are only measured on."""

    claims: list[dict[str, Any]]
    corpus: dict[str, Abstract]
    trials: list[dict[str, Any]]
    trials_held_out: list[dict[str, Any]]
    questions: list[dict[str, Any]]
    literature: list[Abstract]

    @property
    def unlabelled(self) -> list[Abstract]:
        """The literature, and the corpus without the abstracts that the claims are judged by."""
        cited = {document for row in self.claims for document in row["cited"]}
        uncited = [abstract for abstract in self.corpus.values() if abstract.id not in cited]
        return shuffled(uncited + self.literature, 1)


def read_data(data: Path, literature: Path) -> Data:
    """Return what lies under the data folder and in the folder of PubMed files."""
    return Data(
        claims=read_rows(data / "verification/scifact_train.jsonl"),
        corpus=read_corpus(data / "retrieval/scifact/corpus.jsonl.gz"),
        trials=read_rows(data / "evidence_inference/train.jsonl.gz"),
        trials_held_out=read_rows(data / "evidence_inference/validation.jsonl.gz"),
        questions=read_rows(data / "pubmedqa/dev.jsonl"),
        literature=list(read_literature(literature)),
    )


def train_model(model: Checker, encoding: Encoding, data: Data, report: Report) -> None:
    """Train the model in place, once over everything."""
    examples = (
        _some_made(data) + _of_trials(data) + shuffled(made_questions(data.literature, _seeded(24)), 24)
    )
    report(f"{len(examples)} pairs")
    prepared = prepare(encoding, [example.pair for example in examples])
    train(model, examples, prepared, Schedule(rate=1e-4, head_rate=6e-4, seed=1), report)


def _seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  reproducible, nothing secret


def _made(data: Data) -> list[Example]:
    """Return the verdict pairs made from unlabelled abstracts."""
    choose = _seeded(3)
    abstracts = data.unlabelled
    rarity = Rarity(abstracts)
    maker = Maker(rarity, choose)
    found = [finding for abstract in abstracts for finding in findings(abstract, rarity, choose)]
    return [example for finding in found for example in maker.examples(finding)]


def _some_made(data: Data) -> list[Example]:
    choose = _seeded(5)
    kept = [
        each
        for each in shuffled(_made(data), 11)
        if each.label == NOT_ENOUGH or not _is_literal(each) or choose.random() < LITERAL_SHARE
    ]
    labels = LABELS["verdict"]
    return [
        each
        for label, name in enumerate(labels)
        for each in [e for e in kept if e.label == label][: MADE[name]]
    ]


def _is_literal(example: Example) -> bool:
    return coverage(example.pair.first, example.pair.second.split(" / ")[0]) >= REWORDED


def _of_trials(data: Data) -> list[Example]:
    """Return the trials' directions (half of what does not report them), and the trials as claims and questions."""
    examples: list[Example] = []
    for draw in range(TRIAL_DRAWS):
        choose = _seeded(20 + draw)
        examples += claims_of_trials(data.trials, choose)
    choose = _seeded(30)
    directions = direction_examples(data.trials, choose)
    examples += [each for each in directions if each.label != NOT_REPORTED or choose.random() < 0.5]
    return examples + list(trial_questions(data.trials, choose))
