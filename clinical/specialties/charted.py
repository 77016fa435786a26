"""For which specialties a chart speaks: its current conditions and medicines, its tests, and who the patient is."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from clinical.specialties.domain import Codes, Specialty
from clinical.specialties.lexicon import Lexicon, words_of
from ehr_integration.chart.domain import Category, Chart, Fact

# Of these statuses a condition is over and a medicine is not taken. Source: FHIR R4, value sets of both statuses.
PAST = frozenset(
    {"inactive", "resolved", "remission", "stopped", "completed", "cancelled", "entered-in-error"}
)
ONGOING = frozenset({"active", "recurrence", "relapse", None})
# The longest pregnancy (42 weeks): an older note of one says nothing about today.
PREGNANCY_VALID_FOR = timedelta(days=294)
# What lies beyond is not read: a long chart must not hold up a question.
MOST_FACTS = 80
READ = frozenset({Category.CONDITIONS, Category.MEDICATIONS, Category.LABORATORY})


def facts_by_specialty(chart: Chart, specialties: Sequence[Specialty], lexicon: Lexicon) -> Mapping[str, int]:
    """Return how many current facts speak for each specialty; results of one test count once."""
    found: dict[str, set[str]] = {each.name: set() for each in specialties}
    for fact in _current(chart):
        for name in _speaks_for(fact, specialties, lexicon):
            found[name].add(fact.name or fact.reference)
    return {name: len(facts) for name, facts in found.items() if facts}


def is_pregnant(chart: Chart, on: date) -> bool:
    """Whether the chart says that the patient is pregnant now: a condition that is active, or the newest status."""
    facts = [fact for fact in chart.facts if fact.category is Category.PREGNANCY]
    if any(fact.reference.startswith("Condition/") and fact.status in ONGOING for fact in facts):
        return True
    status = next((fact for fact in facts if fact.name == "Pregnancy status"), None)
    return (
        status is not None
        and status.status == "pregnant"
        and status.on is not None
        and on - status.on <= PREGNANCY_VALID_FOR
    )


def _current(chart: Chart) -> list[Fact]:
    current = [fact for fact in chart.facts if fact.category in READ and (fact.status or "") not in PAST]
    return current[:MOST_FACTS]


def _speaks_for(fact: Fact, specialties: Sequence[Specialty], lexicon: Lexicon) -> set[str]:
    by_code = {each.name for each in specialties if _is_coded(fact, each.codes)}
    return by_code if fact.category is Category.LABORATORY else by_code | set(_by_name(fact, lexicon))


def _is_coded(fact: Fact, codes: Codes) -> bool:
    system, _, code = (fact.code or "").lower().rpartition("|")
    if "icd-10" in system:
        return bool(codes.icd10) and code.upper().startswith(codes.icd10)
    known = {"snomed": codes.snomed, "rxnorm": codes.rxnorm, "loinc": codes.loinc}
    return any(name in system and code in of_system for name, of_system in known.items())


def _by_name(fact: Fact, lexicon: Lexicon) -> Iterator[str]:
    for found in lexicon.find(words_of(fact.name)):
        yield from (name for name, weight in found.weights.items() if weight)
