"""Every rule but those about allergies: medicines of its classes, taken together, in a patient of whom its words hold."""

from collections.abc import Iterator, Sequence
from itertools import combinations, product

from clinical.safety.domain import SAME, Rule, SafetyFinding
from clinical.safety.medicines import Medicine
from clinical.safety.situation import Measured, Situation
from clinical.safety.telling import finding
from ehr_integration.chart.domain import Fact

PLACES = ("first", "second", "third")


def together(rule: Rule, situation: Situation, medicines: Sequence[Medicine]) -> Iterator[SafetyFinding]:
    """Yield what a rule finds. One that lacks what it needs yields nothing."""
    measured, condition = situation.measured(rule.limit), _condition(rule, situation)
    if (rule.limit and measured is None) or (rule.condition and condition is None):
        return
    if any(situation.fact(name) for name in rule.unless):
        return
    for found in _brought_together(rule, medicines):
        yield _told(rule, found, condition, measured)


def _condition(rule: Rule, situation: Situation) -> Fact | None:
    return next((fact for name in rule.condition if (fact := situation.fact(name))), None)


def _brought_together(rule: Rule, medicines: Sequence[Medicine]) -> Iterator[tuple[Medicine, ...]]:
    if rule.drugs[0] == (SAME,):
        yield from _same_substance(rule, medicines)
        return
    taken = {each.ingredient for each in medicines if each.fact}
    fitting = [[each for each in medicines if _fits(rule, drug, each)] for drug in rule.drugs]
    for found in product(*fitting):
        is_start = found[0].order is not None and found[0].ingredient not in taken
        if _are_apart(found) and _is_over(rule, found[0]) and (is_start or not rule.needs_proposal):
            yield found


def _fits(rule: Rule, drug: tuple[str, ...], medicine: Medicine) -> bool:
    return not medicine.ingredient.classes.isdisjoint(drug) and (rule.local or not medicine.is_local)


def _are_apart(found: Sequence[Medicine]) -> bool:
    """Whether substances come from as many medicines: a fixed combination was put together on purpose."""
    return all(
        one.ingredient != other.ingredient and one.product != other.product
        for one, other in combinations(found, 2)
    )


def _is_over(rule: Rule, first: Medicine) -> bool:
    return rule.over_mg is None or (first.strength_mg or 0) > rule.over_mg


def _same_substance(rule: Rule, medicines: Sequence[Medicine]) -> Iterator[tuple[Medicine, ...]]:
    """Yield pairs of medicines with one substance: what is proposed although it is taken, or hides in a combination."""
    for first, second in combinations(medicines, 2):
        if first.ingredient != second.ingredient or first.product == second.product:
            continue
        if first.is_local != second.is_local:
            continue
        is_hidden = first.is_alone != second.is_alone
        if (first.order if rule.needs_proposal else is_hidden) and _of_class(rule, first):
            yield first, second


def _of_class(rule: Rule, medicine: Medicine) -> bool:
    classes = medicine.ingredient.classes
    return classes.isdisjoint(rule.except_for) and (
        len(rule.drugs) < 2 or not classes.isdisjoint(rule.drugs[1])
    )


def _told(
    rule: Rule, found: Sequence[Medicine], condition: Fact | None, measured: Measured | None
) -> SafetyFinding:
    names = {place: each.name for place, each in zip(PLACES, found, strict=False)}
    return finding(
        rule,
        found,
        facts=(condition,) if condition else (),
        because=measured.because if measured else (),
        drug=found[0].name,
        **names,
    )
