"""SciFact's claims beside the abstracts that they cite, as the product meets them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.checker.reading import CONTRADICTED, NOT_ENOUGH, SUPPORTED, Abstract
from clinical.evaluation.suites.verification import sentence_passages
from clinical.evidence.domain import Passage


@dataclass(frozen=True)
class Judged:
    """A claim beside one abstract that it cites: the abstract's sentences as passages, the label, who shows it."""

    row: str
    claim: str
    passages: tuple[Passage, ...]
    label: int
    rationale: frozenset[int]


def judged(rows: Sequence[dict[str, Any]], corpus: Mapping[str, Abstract]) -> list[Judged]:
    """Return each claim beside each abstract that it cites."""
    return [_judged(row, corpus[document]) for row in rows for document in row["cited"]]


def _judged(row: dict[str, Any], abstract: Abstract) -> Judged:
    own = [each for each in row["evidence"] if each["doc_id"] == abstract.id]
    labels = {"SUPPORT": SUPPORTED, "CONTRADICT": CONTRADICTED}
    return Judged(
        row["_id"],
        row["claim"],
        passages_of(abstract),
        labels[own[0]["label"]] if own else NOT_ENOUGH,
        frozenset(place for each in own for place in each["sentences"]),
    )


def passages_of(abstract: Abstract) -> tuple[Passage, ...]:
    """Return each sentence of the abstract as a passage of it."""
    return sentence_passages(abstract.id, abstract.title, [each.text for each in abstract.sentences])
