"""What a whole chart shows: facts that no coded check can see, and categories whose newest value is old."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from ehr_integration.chart.check_digits import may_be_code
from ehr_integration.chart.domain import Category, Fact, Finding, FindingCode
from ehr_integration.chart.reading.allergies import is_none_known
from ehr_integration.chart.reading.elements import KNOWN_SYSTEMS

CODED = frozenset(
    {
        Category.CONDITIONS,
        Category.MEDICATIONS,
        Category.ALLERGIES,
        Category.LABORATORY,
        Category.VITAL_SIGNS,
        Category.PROCEDURES,
    }
)
# Days after which the newest value of a category says little about today.
STALE_AFTER_DAYS = {
    # Source: KDIGO 2024 Clinical Practice Guideline for CKD, practice point 2.1.1: at least annually.
    Category.LABORATORY: 366,
    # Source: US Preventive Services Task Force 2021 on hypertension: every year from 40 years, or at risk.
    Category.VITAL_SIGNS: 366,
    # Source: ACOG Practice Bulletin 146 (2014): a pregnancy is post-term from 42 weeks.
    Category.PREGNANCY: 294,
    # Source: 42 CFR 423.153(d)(1)(vii)(B): medications are reviewed with the patient every year.
    Category.MEDICATIONS: 366,
}
LABELS = {
    Category.LABORATORY: "laboratory result",
    Category.VITAL_SIGNS: "vital sign",
    Category.PREGNANCY: "statement about pregnancy",
    Category.MEDICATIONS: "medication order or statement",
}


def uncoded(facts: Iterable[Fact]) -> Iterator[Finding]:
    """Yield a finding for each thing named in words, in a code of an unknown system, or in one that cannot be.

    Each name is said once.
    """
    seen: set[tuple[Category, str]] = set()
    for fact in facts:
        key = fact.category, fact.name.casefold()
        if fact.category not in CODED or key in seen or _is_coded(fact) or is_none_known(fact.name):
            continue
        seen.add(key)
        yield Finding(
            code=FindingCode.UNKNOWN_CODE,
            reference=fact.reference,
            text=f"{fact.name} has no code that is known, so automatic checks may miss it. Consider it yourself.",
        )


def stale(facts: Sequence[Fact], *, on: date) -> Iterator[Finding]:
    """Yield a finding for each category whose newest dated fact is older than its limit on the day."""
    for category, days in STALE_AFTER_DAYS.items():
        dated = [fact for fact in facts if fact.category is category and fact.on is not None]
        newest = max(dated, key=lambda fact: fact.on or date.min, default=None)
        if newest is None or newest.on is None or (on - newest.on).days <= days:
            continue
        text = f"The newest {LABELS[category]} is of {newest.on}: it may no longer hold. Check it with the patient."
        yield Finding(code=FindingCode.STALE, reference=newest.reference, text=text)


def prefetch_missing(category: Category) -> Finding:
    """Return the finding that an EHR did not send what a CDS service asked to have sent along."""
    text = f"The EHR did not send the {category.value.replace('-', ' ')}: they were not considered."
    return Finding(code=FindingCode.PREFETCH_MISSING, reference=category.value, text=text)


def _is_coded(fact: Fact) -> bool:
    system, _, code = (fact.code or "").partition("|")
    return system in KNOWN_SYSTEMS and may_be_code(system, code)
