"""What a patient takes or would take, and is allergic to, as far as the rules know the substances."""

import re
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
# What acts where it is put, and hardly beyond.
LOCAL = re.compile(
    r"\b(?:eye|ear|ophthalmic|otic|nasal|inhal\w*|nebul\w*|cream|ointment|topical|gel|lotion|shampoo|mouthwash|vaginal"
    r"|pessar\w+|intrauterine|lozenge|intravitreal)\b",
    re.I,
)
STRENGTH = re.compile(r"(\d+(?:[.,]\d+)?)\s*(mg|g)\b(?!\s*/)", re.I)


@dataclass(frozen=True, kw_only=True)
class Medicine:
    """One known substance: that of a fact, or that of a draft order; `is_alone` says that it is the product's only one."""

    ingredient: Ingredient
    words: str
    is_alone: bool = True
    fact: Fact | None = None
    order: ProposedOrder | None = None

    @property
    def name(self) -> str:
        """The substance's name, to begin a sentence or stand in one."""
        return self.ingredient.says

    @property
    def product(self) -> tuple[Fact | None, ProposedOrder | None]:
        """Where it stands; the parts of a fixed combination share it."""
        return self.fact, self.order

    @property
    def is_local(self) -> bool:
        """Whether it is an eye drop, a cream, an inhaler."""
        return bool(LOCAL.search(self.words))

    @property
    def strength_mg(self) -> float | None:
        """The strength of the product, where its name has exactly one."""
        found = STRENGTH.findall(self.words.split(" / ")[0])
        if not self.is_alone or len(found) != 1:
            return None
        value, unit = found[0]
        return float(value.replace(",", ".")) * (1000 if unit.lower() == "g" else 1)


def taken(chart: Chart) -> list[Medicine]:
    """Return the known substances of the medicines that the patient takes."""
    return [
        medicine
        for fact in chart.facts
        if fact.category is Category.MEDICATIONS and fact.status in TAKEN
        for medicine in _medicines(fact.name, fact.code, fact=fact)
    ]


def ordered(proposed: Sequence[ProposedOrder]) -> list[Medicine]:
    """Return the known substances of draft orders."""
    return [medicine for order in proposed for medicine in _medicines(order.words, order.code, order=order)]


def _medicines(
    words: str, code: str | None, *, fact: Fact | None = None, order: ProposedOrder | None = None
) -> Iterator[Medicine]:
    found = sorted(ingredients_of(words, code), key=lambda each: each.name)
    for ingredient in found:
        yield Medicine(ingredient=ingredient, words=words, is_alone=len(found) == 1, fact=fact, order=order)


def allergies(chart: Chart) -> Iterator[tuple[Ingredient, Fact]]:
    """Yield the known substances that the patient is recorded not to bear."""
    for fact in chart.facts:
        if fact.category is Category.ALLERGIES and fact.status in CURRENT:
            for ingredient in sorted(ingredients_of(fact.name, fact.code), key=lambda each: each.name):
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
