"""The rules, applied to a chart and to what is proposed. A rule that lacks what it needs is silent."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, product

from clinical.calculators.autofill import EGFR, Computed
from clinical.safety.domain import Kind, ProposedOrder, Rule, SafetyFinding, Severity
from clinical.safety.ingredients import Ingredient
from clinical.safety.medicines import Medicine, allergies, ordered, taken
from clinical.safety.rules import rules
from ehr_integration.chart.domain import Category, Chart, Fact

GRAVITY = {severity: place for place, severity in enumerate(Severity)}
SAME = "same"
INTOLERANCE = "Intolerance"  # how the chart words FHIR's type of that name


def findings(
    chart: Chart, *, scores: Sequence[Computed], proposed: Sequence[ProposedOrder] = ()
) -> tuple[SafetyFinding, ...]:
    """Return what the rules find in a chart and its scores, gravest first; with drafts only what these are part of."""
    now, new = taken(chart), ordered(proposed)
    found = [
        finding
        for rule in rules()
        for finding in _apply(rule, chart, now, new, scores)
        if finding.proposed or not proposed
    ]
    unique = {(each.rule.id, each.summary): each for each in reversed(found)}
    gravest_first = sorted(reversed(unique.values()), key=lambda each: GRAVITY[each.severity])
    return tuple(_without_echoes(gravest_first))


def _without_echoes(found: Sequence[SafetyFinding]) -> Iterator[SafetyFinding]:
    """Yield the findings but for interactions of medicines about which a graver interaction is told."""
    told: set[tuple[tuple[Fact, ...], tuple[ProposedOrder, ...]]] = set()
    for finding in found:
        about = (finding.facts, finding.proposed)
        if finding.rule.kind is Kind.INTERACTION:
            if about in told:
                continue
            told.add(about)
        yield finding


def _apply(
    rule: Rule, chart: Chart, now: list[Medicine], new: list[Medicine], scores: Sequence[Computed]
) -> Iterator[SafetyFinding]:
    if rule.kind is Kind.ALLERGY:
        return _allergy(rule, chart, [*new, *now])
    if rule.kind is Kind.INTERACTION:
        return _interaction(rule, [*new, *now])
    if rule.kind is Kind.DUPLICATE:
        return _duplicate(rule, [*new, *now])
    if rule.kind is Kind.KIDNEY:
        return _kidney(rule, [*new, *now], scores)
    return _pregnancy(rule, chart, [*new, *now])


def _allergy(rule: Rule, chart: Chart, medicines: list[Medicine]) -> Iterator[SafetyFinding]:
    for (substance, fact), medicine in product(allergies(chart), medicines):
        if _is_allergy(rule, substance, medicine.ingredient):
            finding = _finding(rule, [medicine], facts=(fact,), drug=medicine.name)
            is_mild = fact.text.startswith(INTOLERANCE) and rule.severity is Severity.CRITICAL
            yield replace(finding, severity=Severity.WARNING) if is_mild else finding


def _is_allergy(rule: Rule, substance: Ingredient, drug: Ingredient) -> bool:
    if rule.first == SAME:
        return substance == drug
    return substance != drug and rule.first in substance.classes and rule.second in drug.classes


def _interaction(rule: Rule, medicines: list[Medicine]) -> Iterator[SafetyFinding]:
    firsts = [each for each in medicines if rule.first in each.ingredient.classes]
    seconds = [each for each in medicines if rule.second in each.ingredient.classes]
    for first, second in product(firsts, seconds):
        if _are_two(first, second):
            yield _finding(rule, [first, second], first=first.name, second=second.name)


def _duplicate(rule: Rule, medicines: list[Medicine]) -> Iterator[SafetyFinding]:
    of_class = [each for each in medicines if rule.second in each.ingredient.classes]
    for first, second in combinations(of_class, 2):
        if _are_two(first, second):
            yield _finding(rule, [first, second], first=first.name, second=second.name)


def _are_two(first: Medicine, second: Medicine) -> bool:
    """Whether two substances come from two medicines: a fixed combination was put together on purpose."""
    is_one_product = (first.fact, first.order) == (second.fact, second.order)
    return first.ingredient != second.ingredient and not is_one_product


def _kidney(rule: Rule, medicines: list[Medicine], scores: Sequence[Computed]) -> Iterator[SafetyFinding]:
    rate = next((score for score in scores if score.name == EGFR), None)
    if rate is None or rate.value is None or rule.below is None or rate.value >= rule.below:
        return
    for medicine in medicines:
        if rule.second in medicine.ingredient.classes:
            yield _finding(rule, [medicine], because=(rate.text, *rate.facts[:1]), drug=medicine.name)


def _pregnancy(rule: Rule, chart: Chart, medicines: list[Medicine]) -> Iterator[SafetyFinding]:
    pregnancy = next(
        (fact for fact in chart.facts if fact.category is Category.PREGNANCY and _is_current(fact)), None
    )
    if pregnancy is None:
        return
    for medicine in medicines:
        if rule.second in medicine.ingredient.classes:
            yield _finding(rule, [medicine], facts=(pregnancy,), drug=medicine.name)


def _is_current(fact: Fact) -> bool:
    """Whether a fact says that the patient is pregnant now: a condition that is active."""
    return fact.reference.startswith("Condition/") and fact.status in ("active", "recurrence", None)


def _finding(
    rule: Rule,
    medicines: Sequence[Medicine],
    *,
    facts: tuple[Fact, ...] = (),
    because: tuple[str, ...] = (),
    **names: str,
) -> SafetyFinding:
    summary = rule.summary.format(**names)
    return SafetyFinding(
        rule=rule,
        severity=rule.severity,
        summary=summary[0].upper() + summary[1:],
        facts=tuple(dict.fromkeys([*facts, *(each.fact for each in medicines if each.fact)])),
        because=because,
        proposed=tuple(dict.fromkeys(each.order for each in medicines if each.order)),
    )
