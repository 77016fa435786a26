"""The rules, applied to a chart and to what is proposed: gravest first, and nothing told twice."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from django.utils.timezone import localdate

from clinical.calculators.charts.autofill import Computed
from clinical.safety.allergic import allergic
from clinical.safety.domain import Kind, ProposedOrder, Rule, SafetyFinding, Severity
from clinical.safety.medicines import Medicine, ordered, taken
from clinical.safety.rules import rules
from clinical.safety.situation import Situation, situation
from clinical.safety.together import together
from ehr_integration.chart.domain import Category, Chart, Fact

Product = Fact | ProposedOrder
GRAVITY = {severity: place for place, severity in enumerate(Severity)}


def findings(
    chart: Chart,
    *,
    scores: Sequence[Computed],
    proposed: Sequence[ProposedOrder] = (),
    on: date | None = None,
    also_taken: bool = False,
) -> tuple[SafetyFinding, ...]:
    """Return what the rules find in a chart and its scores on a day (today), gravest first.

    With drafts only what these are part of, unless `also_taken`: then they come first, and the rest after them.
    """
    patient = situation(chart, scores, on or localdate())
    medicines = [*ordered(proposed), *taken(chart)]
    found = [
        finding
        for rule in rules()
        for finding in _once(rule, _found(rule, patient, medicines))
        if finding.proposed or also_taken or not proposed
    ]
    found.sort(key=lambda each: (not each.proposed, GRAVITY[each.severity], -len(each.medicines)))
    return tuple(_without_echoes(found))


def emphasised(found: Sequence[SafetyFinding], kinds: Sequence[Kind]) -> tuple[SafetyFinding, ...]:
    """Return the findings, of those that are equally grave the kinds first that a specialty looks at first."""
    place = {kind: at for at, kind in enumerate(kinds)}
    return tuple(
        sorted(
            found,
            key=lambda each: (
                not each.proposed,
                GRAVITY[each.severity],
                place.get(each.rule.kind, len(place)),
            ),
        )
    )


def _found(rule: Rule, patient: Situation, medicines: Sequence[Medicine]) -> Iterator[SafetyFinding]:
    if rule.kind is Kind.ALLERGY:
        return allergic(rule, patient.chart, medicines)
    return together(rule, patient, medicines)


def _once(rule: Rule, found: Iterator[SafetyFinding]) -> list[SafetyFinding]:
    """Return the findings, as one that rests on all of them where the rule is told once."""
    each = list(found)
    if not rule.once or len(each) < 2:
        return each
    first = each[0]
    facts = dict.fromkeys(fact for one in each for fact in one.facts)
    orders = dict.fromkeys(order for one in each for order in one.proposed)
    return [replace(first, facts=tuple(facts), proposed=tuple(orders))]


def _without_echoes(found: Sequence[SafetyFinding]) -> Iterator[SafetyFinding]:
    """Yield the findings but for those about medicines of which the like was told, as gravely or more so.

    Of medicines that do not go together one finding is told whatever its kind; of one medicine, one of each kind, but
    that two conditions are two reasons.
    """
    together: list[tuple[frozenset[str], frozenset[Product]]] = []
    alone: set[tuple[object, ...]] = set()
    for finding in found:
        names, products = frozenset(finding.medicines), _products(finding)
        if len(names) > 1:
            if any(names <= told or products <= at for told, at in together):
                continue
            together.append((names, products))
        else:
            reason = finding.rule.condition if finding.rule.kind is Kind.CONDITION else ()
            about = (finding.rule.kind, names, reason)
            if about in alone:
                continue
            alone.add(about)
        yield finding


def _products(finding: SafetyFinding) -> frozenset[Product]:
    """Return where the medicines of a finding stand: parts of a fixed combination stand in one place."""
    taken = (fact for fact in finding.facts if fact.category is Category.MEDICATIONS)
    return frozenset([*taken, *finding.proposed])
