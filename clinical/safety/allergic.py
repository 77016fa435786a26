"""Rules about allergies: the same substance, or one that crosses over. A side effect is no allergy."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from clinical.safety.domain import SAME, Rule, SafetyFinding, Severity
from clinical.safety.ingredients import Ingredient
from clinical.safety.medicines import Medicine, allergies
from clinical.safety.telling import finding
from ehr_integration.chart.domain import Chart, Fact

INTOLERANCE = "Intolerance"  # how the chart words FHIR's type of that name
NEGATED = re.compile(r"\b(?:no|not|without|denies)\s+[\w-]+")
SIDE_EFFECT = re.compile(
    r"nausea|vomit\w*|diarrh\w+|constipation|stomach|gastro\w+|abdominal|dyspepsia|indigestion|heartburn|headache"
    r"|dizz\w+|drows\w+|sleep\w+|insomnia|\bgi\b|upset|pain|mild|moderate|severe|and|symptoms?|finding|disorder",
    re.I,
)


def allergic(rule: Rule, chart: Chart, medicines: Sequence[Medicine]) -> Iterator[SafetyFinding]:
    """Yield what an allergy rule finds in what is given and what the patient is recorded not to bear."""
    for (substance, fact), medicine in product(allergies(chart), medicines):
        if not _meets(rule, substance, medicine.ingredient) or not _reacted(rule, fact):
            continue
        found = finding(rule, [medicine], facts=(fact,), drug=medicine.name)
        if _was_side_effect(fact):
            if substance == medicine.ingredient:
                yield replace(found, severity=Severity.INFO)
        elif fact.text.startswith(INTOLERANCE) and rule.severity is Severity.CRITICAL and not rule.reaction:
            yield replace(found, severity=Severity.WARNING)
        else:
            yield found


def _meets(rule: Rule, substance: Ingredient, drug: Ingredient) -> bool:
    if rule.allergy == (SAME,):
        return substance == drug
    if substance == drug:
        return False
    return _crosses(rule, substance, drug) or (rule.both_ways and _crosses(rule, drug, substance))


def _crosses(rule: Rule, substance: Ingredient, drug: Ingredient) -> bool:
    return not substance.classes.isdisjoint(rule.allergy) and not drug.classes.isdisjoint(rule.drugs[0])


def _reacted(rule: Rule, fact: Fact) -> bool:
    """Whether the reaction is one that the rule is about, where it is about some only."""
    reaction = NEGATED.sub("", _reaction(fact).lower())
    return not rule.reaction or any(word in reaction for word in rule.reaction)


def _was_side_effect(fact: Fact) -> bool:
    """Whether nothing but side effects was recorded as the reaction."""
    reaction = _reaction(fact)
    return bool(reaction) and not re.search(r"[a-z]", SIDE_EFFECT.sub("", reaction), re.I)


def _reaction(fact: Fact) -> str:
    return fact.text.partition("reaction: ")[2].removesuffix(", high criticality")
