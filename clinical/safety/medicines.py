"""What a patient takes or would take, and is allergic to, as far as the rules know the substances."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clinical.safety.domain import ProposedOrder
from clinical.safety.ingredients import Ingredient, ingredients_of
from ehr_integration.chart.domain import Category, Chart, Fact
from ehr_integration.fhir.json_values import objects

# On hold may be taken up again any day. Source: FHIR R4, medicationrequest-status.
TAKEN = frozenset({"active", "on-hold"})
# Of an allergy's clinical status; refuted ones and those entered in error are no facts of the chart.
CURRENT = frozenset({"active", None})


@dataclass(frozen=True, kw_only=True)
class Medicine:
    """One known substance: that of a fact, or that of a draft order."""

    ingredient: Ingredient
    fact: Fact | None = None
    order: ProposedOrder | None = None

    @property
    def name(self) -> str:
        """The substance's name, to begin a sentence or stand in one."""
        return self.ingredient.name.replace("-", " ")


def taken(chart: Chart) -> list[Medicine]:
    """Return the known substances of the medicines that the patient takes."""
    return [
        Medicine(ingredient=ingredient, fact=fact)
        for fact in chart.facts
        if fact.category is Category.MEDICATIONS and fact.status in TAKEN
        for ingredient in sorted(ingredients_of(fact.name, fact.code), key=lambda each: each.name)
    ]


def ordered(proposed: Sequence[ProposedOrder]) -> list[Medicine]:
    """Return the known substances of draft orders."""
    return [
        Medicine(ingredient=ingredient, order=order)
        for order in proposed
        for ingredient in sorted(ingredients_of(order.words, order.code), key=lambda each: each.name)
    ]


def allergies(chart: Chart) -> Iterator[tuple[Ingredient, Fact]]:
    """Yield the known substances that the patient is recorded not to bear."""
    for fact in chart.facts:
        if fact.category is Category.ALLERGIES and fact.status in CURRENT:
            for ingredient in ingredients_of(fact.name, fact.code):
                yield ingredient, fact


def proposed_order(resource: Mapping[str, Any]) -> ProposedOrder | None:
    """Return a draft MedicationRequest as a proposed order; None for another resource, or one that names no medicine."""
    concept = resource.get("medicationCodeableConcept")
    if resource.get("resourceType") != "MedicationRequest" or not isinstance(concept, dict):
        return None
    codings = objects(concept.get("coding"))
    rxnorm = next((each for each in codings if "rxnorm" in str(each.get("system"))), None)
    words = [concept.get("text"), *(each.get("display") for each in codings)]
    named = [str(word) for word in words if word]
    if not named and rxnorm is None:
        return None
    return ProposedOrder(
        name=named[0] if named else "a medicine without a name",
        words=" / ".join(named),
        code=f"{rxnorm.get('system')}|{rxnorm.get('code')}" if rxnorm else None,
        reference=f"MedicationRequest/{resource.get('id', '')}",
    )
