"""What the claim checker leans to where its gate keeps silent: the likeliest verdict, and the sentences for it.

The gate says *supported* only where it is sure, so most of what the model knows does not pass it. Figures of the model
itself, such as macro F1 over the three verdicts, are of what it leans to.
"""

from collections.abc import Sequence
from typing import NamedTuple

from clinical.evidence.checking import gate
from clinical.evidence.checking.domain import Check, Verdict
from clinical.evidence.domain import Passage

# SciFact's own systems give at most three sentences of an abstract.
MOST_SENTENCES = 3


class Reading(gate.Reading):
    """What the model made of one source by its sentences."""

    @property
    def verdict(self) -> Verdict:
        """The likeliest of the three."""
        supported, contradicted = self.judgement.supported, self.judgement.contradicted
        if 1 - supported - contradicted > max(supported, contradicted):
            return Verdict.NOT_ENOUGH
        return Verdict.SUPPORTED if supported >= contradicted else Verdict.CONTRADICTED

    @property
    def told(self) -> float:
        """How likely the source says anything of the claim, 0 to 1."""
        return self.judgement.supported + self.judgement.contradicted

    def sentences(self, verdict: Verdict) -> tuple[Passage, ...]:
        """Return the sentences that speak so, best first."""
        spoken = self.supporting if verdict is Verdict.SUPPORTED else self.contradicting
        return tuple(spoken[:MOST_SENTENCES])


class Leaning(NamedTuple):
    """A verdict, and the sentences of one source that it rests on; none where there is not enough."""

    verdict: Verdict
    sentences: tuple[Passage, ...]


def leaning_of(check: Check, readings: Sequence[Reading]) -> Leaning:
    """Return the gate's verdict where it gave one, else the likeliest of the source that says most of the claim.

    `readings` are what the model read for the check; without any the gate's verdict is all there is.
    """
    told = max(readings, key=lambda each: each.told, default=None)
    verdict = check.verdict
    if told is None or verdict is not Verdict.NOT_ENOUGH:
        read = next((each for each in readings if check.passage in each.passages), None)
    else:
        read, verdict = told, told.verdict
    if verdict is Verdict.NOT_ENOUGH:
        return Leaning(verdict, ())
    if read is None:
        return Leaning(verdict, (check.passage,) if check.passage else ())
    return Leaning(verdict, read.sentences(verdict))
