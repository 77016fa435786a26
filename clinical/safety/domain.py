"""A rule, an order that is proposed, and what a rule found."""

import re
from dataclasses import dataclass
from enum import StrEnum

from ehr_integration.chart.domain import Fact

SAME = "same"
ACRONYM = re.compile(
    r"\b(?:mao|ssri|snri|nsaid|ace|arb|qt|pde5|sglt2|dpp4|glp1|tnf|g6pd|cyp\d\w+|p2y12|cox|pgp|mtor|(?<=vitamin-)k)\b"
)


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
    means eye drops and creams as well; `once` tells one finding however many medicines it is true of; `except_for` are
    classes of which one substance may be taken twice.
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
    except_for: tuple[str, ...] = ()
    over_mg: float | None = None
    needs_proposal: bool = False
    local: bool = False
    once: bool = False

    @property
    def first(self) -> str:
        """What stands first in words: the class that the allergy is to, or that of the first medicine."""
        return _words(self.allergy or self.drugs[0])

    @property
    def second(self) -> str:
        """What stands second in words: the class of the medicine that is given, or that of the second one."""
        return _words(self.drugs[0] if self.allergy else self.drugs[min(1, len(self.drugs) - 1)])

    @property
    def title(self) -> str:
        """The summary with the classes in place of medicines."""
        is_of_one_class = self.kind is Kind.DUPLICATE and self.drugs[0] == self.drugs[-1]
        words = self.summary.format(
            first=self.first,
            second="another" if is_of_one_class else self.second,
            third=_words(self.drugs[-1]),
            drug=_words(self.drugs[0]),
        )
        return words[0].upper() + words[1:]


def _words(classes: tuple[str, ...]) -> str:
    """Return classes as they stand in a sentence: "SSRI, SNRI or tricyclic"."""
    if classes == (SAME,):
        return "a medicine"
    *some, last = (ACRONYM.sub(lambda found: found[0].upper(), each).replace("-", " ") for each in classes)
    return f"{', '.join(some)} or {last}" if some else last


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
