"""What each rule of the claim checker costs and saves: python -m benchmarks.claim_rules --data ../shared/data.

On SciFact's 809 claims: how often a rule objects to every sentence that annotators marked as support, to every one marked
as contradiction, and to the two nearest sentences of an abstract that says nothing. On single sentences of the same
abstracts: how often any rule objects to the sentence itself as a claim, and to the sentence made false (another direction,
a negation, another number).
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.checker.altering import negated, renumbered, turned
from benchmarks.checker.reading import Abstract, read_corpus, read_rows
from benchmarks.checker.verification import passages_of
from clinical.evidence.checking.candidates import nearest
from clinical.evidence.checking.rules import RULES, objections
from clinical.evidence.domain import Passage

SEED = 3
ALTERED_ABSTRACTS = 900
NEAREST = 2
SILENT = "silent"

Case = tuple[str, str, Sequence[Passage]]


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="the folder with retrieval/ and verification/"
    )
    data = parser.parse_args().data
    corpus = read_corpus(data / "retrieval" / "scifact" / "corpus.jsonl.gz")
    cases = list(_cases(read_rows(data / "verification" / "scifact_train.jsonl"), corpus))
    counts = Counter(label for label, _, _ in cases)
    _write("rule", *(f"{label} ({count})" for label, count in counts.items()))
    for name, rule in RULES.items():
        fired = Counter(
            label for label, claim, passages in cases if all(rule(claim, each) for each in passages)
        )
        _write(name, *(f"{fired[label]} ({fired[label] / counts[label]:.1%})" for label in counts))
    any_fired = Counter(
        label for label, claim, passages in cases if all(any(objections(claim, each)) for each in passages)
    )
    _write("any", *(f"{any_fired[label]} ({any_fired[label] / counts[label]:.1%})" for label in counts))
    _write_altered(list(corpus.values()))


def _cases(rows: Sequence[dict[str, Any]], corpus: dict[str, Abstract]) -> Iterator[Case]:
    """Yield label, claim and sentences for each claim and each abstract that it cites."""
    for row in rows:
        claim, evidence = str(row["claim"]), row["evidence"]
        for document in row["cited"]:
            passages = passages_of(corpus[document])
            own = [each for each in evidence if each["doc_id"] == document]
            if own:
                marked = [passages[at] for each in own for at in each["sentences"]]
                yield own[0]["label"].lower(), claim, marked
            else:
                yield SILENT, claim, nearest(claim, passages, NEAREST)


def _write_altered(abstracts: list[Abstract]) -> None:
    choose = random.Random(SEED)  # noqa: S311 - a sample, no secret
    made, objected = Counter[str](), Counter[str]()
    for abstract in choose.sample(abstracts, ALTERED_ABSTRACTS):
        passage = choose.choice(passages_of(abstract)[-3:])
        versions = {
            "unchanged": passage.quote,
            "direction turned": turned(passage.quote, choose),
            "negated": negated(passage.quote),
            "another number": renumbered(passage.quote, choose),
        }
        for name, claim in versions.items():
            if claim and (claim != passage.quote or name == "unchanged"):
                made[name] += 1
                objected[name] += any(objections(claim, passage))
    for name, count in made.items():
        _write(name, f"{objected[name]} of {count} ({objected[name] / count:.1%})")


def _write(*cells: str) -> None:
    sys.stdout.write("| " + " | ".join(cells) + " |\n")


if __name__ == "__main__":
    main()
