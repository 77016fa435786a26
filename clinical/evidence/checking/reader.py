"""What the checker asks of a trained model, whichever runs it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from clinical.evidence.checking.pairs import Pair
from clinical.evidence.domain import Passage


class Head(StrEnum):
    """What the model was trained to say of a pair of texts; its labels in the order of its outputs."""

    VERDICT = "verdict"  # supported, contradicted, not enough
    DIRECTION = "direction"  # increased, decreased, no significant difference, not reported
    DECISION = "decision"  # yes, no, maybe


@dataclass(frozen=True)
class Limits:
    """From which probability (0 to 1) something is said, and how many sentences of a source are read for it."""

    supported_at: float
    contradicted_at: float
    sentences: int
    reported_at: float = 0.5


@dataclass(frozen=True)
class Judgement:
    """What the model makes of one source for a claim: calibrated probabilities (0 to 1) over all its sentences.

    `supports` and `contradicts` say of each sentence how much it speaks so (above 0: more than it is silent).
    """

    supported: float
    contradicted: float
    supports: Sequence[float]
    contradicts: Sequence[float]


class Reader(Protocol):
    """A trained model."""

    @property
    def limits(self) -> Limits:
        """The limits it was released with."""

    def has(self, head: Head) -> bool:
        """Whether it was trained for this."""

    def judge(self, claim: str, passages: Sequence[Passage]) -> Judgement:
        """Return what one source says of a claim by these passages of it, one at least."""

    def probabilities(self, head: Head, pairs: Sequence[Pair]) -> Sequence[Sequence[float]]:
        """Return one row a pair: the calibrated probabilities of the head's labels."""


# Returns the model, loaded on first use; None where there is none.
OpenReader = Callable[[], Reader | None]
