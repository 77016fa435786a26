"""What only shows when facts are compared: duplicates, and statuses that contradict each other."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ehr_integration.chart.domain import Category, Fact, Finding, FindingCode
from ehr_integration.chart.reading.allergies import is_none_known
from ehr_integration.chart.reading.readings import Reading

ACTIVE = frozenset({"active", "recurrence", "relapse"})
ENDED = frozenset({"stopped", "resolved", "inactive", "remission"})
NEWEST_KEPT = 5


def without_duplicates(readings: Iterable[Reading]) -> tuple[list[Reading], list[Finding]]:
    """Return one reading for each thing said, and a finding naming the reference of every other."""
    kept: dict[object, Reading] = {}
    findings = []
    for reading in readings:
        first = kept.setdefault(_said(reading), reading)
        if first is not reading:
            findings.append(_duplicate(reading.fact, first.fact))
    return list(kept.values()), findings


def without_ordered(readings: Sequence[Reading]) -> list[Reading]:
    """Return the orders, and of each medication without an order the newest statement, dispense or administration."""
    ordered = {
        identity
        for reading in readings
        if reading.fact.reference.startswith("MedicationRequest/")
        for identity in _medication_identities(reading.fact)
    }
    kept = []
    for reading in readings:
        identities = _medication_identities(reading.fact)
        if reading.fact.reference.startswith("MedicationRequest/"):
            kept.append(reading)
        elif not identities & ordered:
            ordered |= identities
            kept.append(reading)
    return kept


def with_conflicts_said(readings: Sequence[Reading]) -> tuple[list[Reading], list[Finding]]:
    """Return the readings, those that another contradicts saying so, and a finding for each active one."""
    alike: dict[str, list[Reading]] = {}
    for reading in readings:
        for identity in _identities(reading.fact):
            alike.setdefault(identity, []).append(reading)
    said, findings = [], []
    for reading in readings:
        others = (other for identity in _identities(reading.fact) for other in alike[identity])
        other = next((other for other in others if _contradicts(other, reading)), None)
        said.append(_also_recorded(reading, other.fact) if other else reading)
        if other and reading.fact.status in ACTIVE:
            findings.append(_conflict(reading.fact, other.fact))
    return said, findings


def newest_of_each(readings: Sequence[Reading]) -> list[Reading]:
    """Return the readings, newest first, at most NEWEST_KEPT of each code."""
    seen: Counter[str] = Counter()
    newest = []
    for reading in readings:
        key = reading.fact.code or reading.fact.name.casefold()
        seen[key] += 1
        if seen[key] <= NEWEST_KEPT:
            newest.append(reading)
    return newest


def denied_allergies(readings: Sequence[Reading]) -> list[Finding]:
    """Return a finding for each "No known allergies" that stands beside an allergy."""
    holding = [reading.fact for reading in readings if reading.fact.status in {"active", None}]
    denials = [fact for fact in holding if fact.name.casefold().startswith("no known allerg")]
    others = [fact for fact in holding if not is_none_known(fact.name)]
    return [_conflict(denial, others[0]) for denial in denials if others]


def _medication_identities(fact: Fact) -> set[str]:
    return {fact.name.casefold(), *([fact.code] if fact.code else [])}


def _duplicate(fact: Fact, first: Fact) -> Finding:
    return Finding(
        code=FindingCode.DUPLICATE,
        reference=fact.reference,
        text=f"{first.name} is in the record twice, shown once: {first.reference} says the same.",
    )


def _said(reading: Reading) -> object:
    fact = reading.fact
    rest = fact.text.replace(fact.name, "", 1)
    return fact.category, fact.code or fact.name.casefold(), reading.at, fact.value, fact.unit, rest


def _contradicts(one: Reading, other: Reading) -> bool:
    active, ended = (one, other) if one.fact.status in ACTIVE else (other, one)
    if active.fact.status not in ACTIVE or ended.fact.status not in ENDED:
        return False
    return ended.ended_on is None or active.at is None or active.at.on <= ended.ended_on


def _identities(fact: Fact) -> tuple[str, ...]:
    """Return what makes a condition or medication the same as another."""
    if fact.status not in ACTIVE | ENDED:
        return ()
    # One code may stand for every strength of a medication; a problem's code is the problem.
    has_code = fact.category is Category.CONDITIONS and fact.code is not None
    return (
        (f"name {fact.name.casefold()}", f"code {fact.code}")
        if has_code
        else (f"name {fact.name.casefold()}",)
    )


def _also_recorded(reading: Reading, other: Fact) -> Reading:
    text = f"{reading.fact.text}, also recorded as {other.status}"
    return replace(reading, fact=replace(reading.fact, text=text))


def _conflict(fact: Fact, other: Fact) -> Finding:
    return Finding(
        code=FindingCode.CONFLICTING_STATUS,
        reference=fact.reference,
        text=f'The record contradicts itself: "{fact.text}" and "{other.text}" ({other.reference}).',
    )
