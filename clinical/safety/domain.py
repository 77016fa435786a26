"""A rule, an order that is proposed, and what a rule found."""

from dataclasses import dataclass
from enum import StrEnum

from ehr_integration.chart.domain import Fact


class Severity(StrEnum):
    """How grave a finding is, gravest first; the words are those of CDS Hooks."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


class Kind(StrEnum):
    """What a rule is about."""

    ALLERGY = "allergy"
    INTERACTION = "interaction"
    DUPLICATE = "duplicate"
    KIDNEY = "kidney"
    PREGNANCY = "pregnancy"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule of rules.toml; `first` and `second` are the classes that it brings together."""

    id: str
    version: str
    kind: Kind
    severity: Severity
    summary: str
    detail: str
    options: tuple[str, ...]
    source: str
    url: str
    first: str = ""
    second: str = ""
    below: float | None = None

    @property
    def title(self) -> str:
        """The summary with the classes in place of medicines."""
        first, second = (each.replace("-", " ") for each in (self.first, self.second))
        words = self.summary.format(
            first=first, second=second, drug=second if second != "same" else "a medicine"
        )
        return words[0].upper() + words[1:]


@dataclass(frozen=True, kw_only=True)
class ProposedOrder:
    """A draft order: the medicine's name, every word that it goes by, its code ("system|code"), its reference."""

    name: str
    words: str
    code: str | None
    reference: str


@dataclass(frozen=True, kw_only=True)
class SafetyFinding:
    """A rule that holds: in words without the patient, the facts behind it, and the drafts that it is about."""

    rule: Rule
    severity: Severity
    summary: str
    facts: tuple[Fact, ...]
    because: tuple[str, ...] = ()
    proposed: tuple[ProposedOrder, ...] = ()
