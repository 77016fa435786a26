"""For which specialties a chart speaks: its current conditions and medicines, and its tests."""

from collections.abc import Iterator, Mapping, Sequence

from clinical.specialties.domain import Codes, Specialty
from clinical.specialties.lexicon import Lexicon, Word, words_of_each
from ehr_integration.chart.domain import Category, Chart, Fact

# Of these statuses a condition is over and a medicine is not taken. Source: FHIR R4, value sets of both statuses.
PAST = frozenset(
    {"inactive", "resolved", "remission", "stopped", "completed", "cancelled", "entered-in-error"}
)
# What lies beyond is not read: a long chart must not hold up a question.
MOST_FACTS = 80
NAMED = frozenset({Category.CONDITIONS, Category.MEDICATIONS})
READ = NAMED | {Category.LABORATORY}


def facts_by_specialty(chart: Chart, specialties: Sequence[Specialty], lexicon: Lexicon) -> Mapping[str, int]:
    """Return how many current facts speak for each specialty; results of one test count once."""
    found: dict[str, set[str]] = {}
    facts = _current(chart)
    names = words_of_each([fact.name if fact.category in NAMED else "" for fact in facts])
    for fact, words in zip(facts, names, strict=True):
        for name in {*_by_code(fact.code, specialties), *_by_name(words, lexicon)}:
            found.setdefault(name, set()).add(fact.name or fact.reference)
    return {name: len(facts) for name, facts in found.items()}


def _current(chart: Chart) -> list[Fact]:
    current = [fact for fact in chart.facts if fact.category in READ and (fact.status or "") not in PAST]
    return current[:MOST_FACTS]


def _by_code(coding: str | None, specialties: Sequence[Specialty]) -> list[str]:
    system, _, code = (coding or "").rpartition("|")
    if not system:
        return []
    return [each.name for each in specialties if _holds(each.codes, system.lower(), code)]


def _holds(codes: Codes, system: str, code: str) -> bool:
    if "icd-10" in system:
        return bool(codes.icd10) and code.startswith(codes.icd10)
    if "snomed" in system:
        return code in codes.snomed
    if "rxnorm" in system:
        return code in codes.rxnorm
    return "loinc" in system and code in codes.loinc


def _by_name(words: Sequence[Word], lexicon: Lexicon) -> Iterator[str]:
    for found in lexicon.find(words):
        yield from (name for name, weight in found.weights.items() if weight)
