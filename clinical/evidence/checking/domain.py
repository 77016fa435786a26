"""What the claim checker says: a verdict with its quote, and why."""

from dataclasses import dataclass
from enum import StrEnum

from clinical.evidence.domain import Passage


class Verdict(StrEnum):
    """Whether passages support a claim."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    NOT_ENOUGH = "not_enough"


class Reason(StrEnum):
    """Why a claim was judged so; `words` says it on a page."""

    RESTATED = "restated"
    SAYS_SO = "says_so"
    SAYS_OTHERWISE = "says_otherwise"
    OPPOSITE_DIRECTION = "opposite_direction"
    NUMBERS_DIFFER = "numbers_differ"
    NUMBER_NOT_FOUND = "number_not_found"
    NEGATED = "negated"
    OTHER_POPULATION = "other_population"
    NOT_HUMAN = "not_human"
    NAME_NOT_FOUND = "name_not_found"
    HEDGED = "hedged"
    NO_CAUSE_SHOWN = "no_cause_shown"
    CONDITION_LOST = "condition_lost"
    NOT_A_FINDING = "not_a_finding"
    NOT_SURE = "not_sure"
    NO_PASSAGE = "no_passage"

    @property
    def words(self) -> str:
        """The reason as one plain line."""
        return _WORDS[self]


_WORDS = {
    Reason.RESTATED: "The source says this in the same words.",
    Reason.SAYS_SO: "The source says this in other words.",
    Reason.SAYS_OTHERWISE: "The source says otherwise.",
    Reason.OPPOSITE_DIRECTION: "The source reports the opposite direction, or no difference.",
    Reason.NUMBERS_DIFFER: "The source gives another number for the same thing.",
    Reason.NUMBER_NOT_FOUND: "A number of the claim is not in the quote.",
    Reason.NEGATED: "One of claim and source denies what the other says.",
    Reason.OTHER_POPULATION: "The source is about other people than the claim.",
    Reason.NOT_HUMAN: "The source reports on animals or cells, the claim is about people.",
    Reason.NAME_NOT_FOUND: "A drug, disease or other name of the claim is not in the source.",
    Reason.HEDGED: "The source says that this may be so, the claim says that it is.",
    Reason.NO_CAUSE_SHOWN: "The source reports an association, the claim a cause.",
    Reason.CONDITION_LOST: "The source says this under a condition that the claim leaves out.",
    Reason.NOT_A_FINDING: "The nearest sentence states an aim or a question, not a finding.",
    Reason.NOT_SURE: "No sentence of the source clearly supports or contradicts this.",
    Reason.NO_PASSAGE: "There is no passage that may be cited.",
}


@dataclass(frozen=True, kw_only=True)
class Check:
    """The verdict on a claim.

    `quote` is verbatim from `passage` (`source.text[start:end]`), empty where none bears on the claim.
    `confidence` is the probability (0 to 1) that the verdict holds, calibrated where the trained model gave it.
    """

    verdict: Verdict
    passage: Passage | None
    quote: str
    reason: Reason
    confidence: float

    @property
    def is_supported(self) -> bool:
        """Whether the claim may be shown with this passage as its citation."""
        return self.verdict is Verdict.SUPPORTED


class Direction(StrEnum):
    """What an intervention did to an outcome, against its comparator."""

    INCREASED = "increased"
    DECREASED = "decreased"
    NO_DIFFERENCE = "no significant difference"
    NOT_REPORTED = "not reported"


@dataclass(frozen=True, kw_only=True)
class TrialResult:
    """The direction, and the sentence that reports it (verbatim; empty where none does)."""

    direction: Direction
    quote: str


class Answer(StrEnum):
    """The answer to a yes/no question."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The answer, and the sentence that decides it (verbatim; empty where none does)."""

    answer: Answer
    quote: str
