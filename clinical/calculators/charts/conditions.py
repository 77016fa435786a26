"""Which conditions that scores and rules count a chart holds, each with the fact that says so."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ehr_integration.chart.domain import Category, Chart, Fact

TABLE = Path(__file__).with_name("conditions.toml")
# A chart lists what was, too; of these the patient has it. Source: FHIR R4, condition-clinical.
CURRENT = frozenset({"active", "recurrence", "relapse", "remission", None})


@dataclass(frozen=True)
class _Signs:
    snomed: frozenset[str]
    icd10: tuple[str, ...]
    words: re.Pattern[str]
    without: re.Pattern[str]

    def tell(self, fact: Fact) -> bool:
        system, _, code = (fact.code or "").rpartition("|")
        if "snomed" in system and code in self.snomed:
            return True
        if "icd-10" in system and code.startswith(self.icd10):
            return True
        return bool(self.words.search(fact.name)) and not self.without.search(fact.name)


@cache
def _table() -> Mapping[str, _Signs]:
    return {
        name: _Signs(
            snomed=frozenset(signs["snomed"]),
            icd10=tuple(signs["icd10"]),
            words=_any_of(signs["words"]),
            without=_any_of(signs["without"]),
        )
        for name, signs in tomllib.loads(TABLE.read_text("utf-8")).items()
    }


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b", re.I)


def words_of(name: str) -> re.Pattern[str]:
    """Return what matches the words of a condition in a text."""
    return _table()[name].words


def condition(chart: Chart, name: str) -> Fact | None:
    """Return the newest fact that says that the patient has the condition; None where none does."""
    signs = _table()[name]
    for fact in chart.facts:
        if fact.category is Category.CONDITIONS and fact.status in CURRENT and signs.tell(fact):
            return fact
    return None
