"""A rule, an order that is proposed, and what a rule found."""

from dataclasses import dataclass
from enum import StrEnum

from ehr_integration.chart.domain import Fact

SAME = "same"


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
    LIVER = "liver"
    CONDITION = "condition"
    PREGNANCY = "pregnancy"
    LACTATION = "lactation"
    QT = "qt"
    POTASSIUM = "potassium"
    AGE = "age"


@dataclass(frozen=True, kw_only=True)
class Limit:
    """A measure that must be below a value, or at least another, for a rule to hold."""

    measure: str
    below: float | None = None
    at_least: float | None = None

    def holds(self, value: float) -> bool:
        """Whether the value is where the rule speaks."""
        return (self.below is None or value < self.below) and (
            self.at_least is None or value >= self.at_least
        )


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule: `drugs` has the classes of each medicine that it brings together; all the rest must hold, too.

    `over_mg` is the strength that the first medicine must exceed; `needs_proposal` speaks of a start only; `local`
    means eye drops and creams as well; `once` tells one finding however many medicines it is true of.
    """

    id: str
    version: str
    kind: Kind
    severity: Severity
    summary: str
    mechanism: str
    detail: str
    options: tuple[str, ...]
    source: str
    url: str
    drugs: tuple[tuple[str, ...], ...]
    allergy: tuple[str, ...] = ()
    reaction: tuple[str, ...] = ()
    both_ways: bool = False
    condition: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    limit: Limit | None = None
    over_mg: float | None = None
    needs_proposal: bool = False
    local: bool = False
    once: bool = False

    @property
    def first(self) -> str:
        """What stands first in words: the class that the allergy is to, or that of the first medicine."""
        return " or ".join(self.allergy or self.drugs[0])

    @property
    def second(self) -> str:
        """What stands second in words: the class of the medicine that is given, or that of the second one."""
        return " or ".join(self.drugs[0] if self.allergy else self.drugs[min(1, len(self.drugs) - 1)])

    @property
    def title(self) -> str:
        """The summary with the classes in place of medicines."""
        first, second = (each.replace("-", " ") for each in (self.first, self.second))
        third = " or ".join(self.drugs[-1]).replace("-", " ")
        drug = second if second != SAME else "a medicine"
        words = self.summary.format(first=first, second=second, third=third, drug=drug)
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
    """A rule that holds: in words without the patient, the facts behind it, and the drafts that it is about.

    `medicines` are the substances that it brings together.
    """

    rule: Rule
    severity: Severity
    summary: str
    facts: tuple[Fact, ...]
    because: tuple[str, ...] = ()
    proposed: tuple[ProposedOrder, ...] = ()
    medicines: tuple[str, ...] = ()
