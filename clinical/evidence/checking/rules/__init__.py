"""What a quote must share with a claim that it supports; each rule may object, none can approve."""

from collections.abc import Callable, Iterator

from clinical.evidence.checking.rules import (
    conditions,
    directions,
    hedging,
    names,
    negation,
    numbers,
    opposites,
    population,
)
from clinical.evidence.checking.rules.objection import Objection
from clinical.evidence.domain import Passage

Rule = Callable[[str, Passage], Objection | None]

RULES: dict[str, Rule] = {
    "numbers": numbers.objects,
    "directions": directions.objects,
    "opposites": opposites.objects,
    "negation": negation.objects,
    "population": population.objects,
    "names": names.objects,
    "hedging": hedging.objects,
    "conditions": conditions.objects,
}


def objections(claim: str, passage: Passage) -> Iterator[Objection]:
    """Yield what each rule has against the quote as support of the claim."""
    for rule in RULES.values():
        objection = rule(claim, passage)
        if objection is not None:
            yield objection
