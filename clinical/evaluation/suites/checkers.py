"""The claim checker as it is, and as it would be: at another threshold of its gate, or without its trained model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from clinical.evaluation.suites.leaning import Leaning, Reading, leaning_of
from clinical.evidence.checking.domain import Check
from clinical.evidence.checking.gate import check_claim
from clinical.evidence.checking.model import installed_model
from clinical.evidence.checking.pairs import Pair
from clinical.evidence.checking.reader import Head, Judgement, Limits, OpenReader, Reader
from clinical.evidence.domain import Passage


class Checked(NamedTuple):
    """What the gate says of a claim, and what the checker leans to."""

    check: Check
    leaning: Leaning


Checker = Callable[[str, Sequence[Passage]], Checked]


def checker(*, supported_at: float | None = None, open_reader: OpenReader = installed_model) -> Checker:
    """Return the checker, its gate at this probability (0 to 1) or where the model was released with it."""

    def check(claim: str, passages: Sequence[Passage]) -> Checked:
        reader = open_reader()
        if reader is None:
            return check_by_rules(claim, passages)
        watched = _Watched(reader, supported_at)
        found = check_claim(claim, passages, lambda: watched)
        return Checked(found, leaning_of(found, watched.readings))

    return check


def check_by_rules(claim: str, passages: Sequence[Passage]) -> Checked:
    """Return what the checker says without its trained model."""
    found = check_claim(claim, passages, lambda: None)
    return Checked(found, leaning_of(found, ()))


@dataclass(frozen=True)
class _Watched:
    """A trained model that keeps what it made of each source; its gate for *supported* may stand elsewhere."""

    reader: Reader
    supported_at: float | None
    readings: list[Reading] = field(default_factory=list)

    @property
    def limits(self) -> Limits:
        released = self.reader.limits
        return released if self.supported_at is None else replace(released, supported_at=self.supported_at)

    def has(self, head: Head) -> bool:
        return self.reader.has(head)

    def judge(self, claim: str, passages: Sequence[Passage]) -> Judgement:
        judged = self.reader.judge(claim, passages)
        self.readings.append(Reading(passages, judged))
        return judged

    def probabilities(self, head: Head, pairs: Sequence[Pair]) -> Sequence[Sequence[float]]:
        return self.reader.probabilities(head, pairs)
