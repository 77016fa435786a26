"""What goes up in the claim goes up in the quote; where it goes down there, or not at all, the two disagree."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from clinical.evidence.checking.domain import Reason
from clinical.evidence.checking.rules.content import content_stems, says_same_thing
from clinical.evidence.checking.rules.findings import DOWN, SAME, UP, Axis, Finding, read_findings, turned
from clinical.evidence.checking.rules.lexicon import OPPOSITE_OUTCOMES
from clinical.evidence.checking.rules.objection import Objection
from clinical.evidence.checking.rules.significance import Significance, read_significance
from clinical.evidence.domain import Passage

_VERSUS = re.compile(
    r"\b(?:than|(?:as )?compared (?:with|to)|in comparison (?:with|to)|versus|vs\.?|relative to)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Meeting:
    """A finding of the claim and the quote's findings about the same thing.

    `seen` are the states of each, as the claim would put them; `shared` counts the words that they have in common.
    """

    said: Finding
    nearest: Sequence[Finding]
    seen: Sequence[frozenset[str]]
    shared: int

    @property
    def is_opposed(self) -> bool:
        """Whether none of the quote's findings can be what the claim says."""
        return not any(self.said.states & states for states in self.seen)

    @property
    def is_agreed(self) -> bool:
        """Whether one of them can be nothing else."""
        return any(states <= self.said.states for states in self.seen)


def objects(claim: str, passage: Passage) -> Objection | None:
    """Return the objection where the quote's findings about the same thing point elsewhere."""
    opposed = next((each for each in meetings(claim, passage.quote) if each.is_opposed), None)
    if opposed is None:
        return None
    is_denial = any(each.is_denied is not opposed.said.is_denied for each in opposed.nearest)
    return Objection(
        Reason.NEGATED if is_denial else Reason.OPPOSITE_DIRECTION,
        contradicts=says_same_thing(claim, passage.quote),
    )


def meetings(claim: str, quote: str) -> Iterator[Meeting]:
    """Yield each of the claim's findings of which the quote says something."""
    written = read_findings(quote)
    is_crossed = _is_crossed(claim, quote)
    is_unsure = read_significance(quote) is Significance.NOT_SIGNIFICANT
    for said in read_findings(claim):
        nearest = _nearest(said, written)
        if nearest:
            seen = [_seen(said, each, is_crossed, is_unsure) for each in nearest]
            yield Meeting(said, nearest, seen, _shared(said, nearest[0]))


def _seen(said: Finding, written: Finding, is_crossed: bool, is_unsure: bool) -> frozenset[str]:  # noqa: FBT001
    """Return the quote's states as the claim would put them; a difference that is not significant may be none."""
    is_turned = _opposite(said, written) is not (is_crossed and written.states in (UP, DOWN))
    states = turned(written) if is_turned else written.states
    return states | SAME if is_unsure else states


def _is_crossed(claim: str, quote: str) -> bool:
    """Whether claim and quote compare the same two things the other way round: "A than B", "B than A"."""
    said, written = _sides(claim), _sides(quote)
    if said is None or written is None:
        return False
    one, other = said[0] - said[1], said[1] - said[0]
    # The outcome may stand on either side, the second thing compared only on its own.
    return len(other & written[0]) > len(other & written[1]) and bool(one & written[1])


def _sides(text: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """Return the words before and after "than" or "compared with"; None where neither is there."""
    found = _VERSUS.search(text)
    if found is None:
        return None
    before, after = text[: found.start()], text[found.end() :]
    if not before.strip():  # "Compared with B, A ..."
        after, _, before = after.partition(",")
    return content_stems(before), content_stems(after)


def _nearest(said: Finding, written: Sequence[Finding]) -> list[Finding]:
    """Return the quote's findings that share most words with the claimed one; none where none shares any."""
    shared = [(_shared(said, each), each) for each in written if _is_comparable(said, each)]
    most = max((count for count, _ in shared), default=0)
    return [each for count, each in shared if count == most and most > 0]


def _is_comparable(said: Finding, written: Finding) -> bool:
    return said.axis is written.axis or Axis.EFFECT in (said.axis, written.axis)


def _shared(said: Finding, written: Finding) -> int:
    # What changed tells more than by what it changed.
    same = len(said.about & written.about) + len(said.outcome & written.about)
    return same + (2 if _opposite(said, written) else 0)


def _opposite(said: Finding, written: Finding) -> bool:
    """Whether one is about survival and the other about death, or the like."""
    return any(
        (said.about & one and written.about & other) or (said.about & other and written.about & one)
        for one, other in _opposites()
    )


@cache
def _opposites() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    return tuple((content_stems(one), content_stems(other)) for one, other in OPPOSITE_OUTCOMES)
