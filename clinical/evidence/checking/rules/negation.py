"""What the claim denies the quote denies, and the other way round."""

import re
from collections.abc import Sequence

from clinical.evidence.checking.domain import Reason
from clinical.evidence.checking.rules.content import says_same_thing, stem
from clinical.evidence.checking.rules.findings import denied
from clinical.evidence.checking.rules.lexicon import BETTER, CLAUSE_ENDS, DOWN, NEGATIONS, SOME, UP, WORSE
from clinical.evidence.checking.rules.objection import Objection
from clinical.evidence.domain import Passage

_TOKEN = re.compile(r"[a-z0-9]+(?:['’]t\b)?|[,;:().]")
_MARKS = frozenset(",;:().")
_DIRECTIONS = UP | DOWN | BETTER | WORSE | SOME
_DIRECTION_REACH = 5


def objects(claim: str, passage: Passage) -> Objection | None:
    """Return the objection where most words that both hold are denied on one side only."""
    said, written = _denials(claim), _denials(passage.quote)
    shared = said.keys() & written.keys()
    only_here = {each for each in shared if said[each] and not written[each]}
    only_there = {each for each in shared if written[each] and not said[each]}
    denied_here = sum(said[each] for each in shared)
    if (only_here and 2 * len(only_here) >= denied_here) or 2 * len(only_there) > len(shared):
        return Objection(Reason.NEGATED, contradicts=says_same_thing(claim, passage.quote))
    return None


def _denials(text: str) -> dict[str, bool]:
    """Return each content stem and whether a negation stands over it."""
    words = _TOKEN.findall(text.lower())
    directed = _denying_directions(words)
    return {
        stem(word): denied(_clause_before(words, at, directed), word)
        for at, word in enumerate(words)
        if word not in _MARKS and word not in NEGATIONS and len(word) > 2
    }


def _denying_directions(words: Sequence[str]) -> frozenset[int]:
    """Return the places of negations that deny a change or difference: the rule of directions judges those."""
    return frozenset(
        at
        for at, word in enumerate(words)
        if word in NEGATIONS and not _DIRECTIONS.isdisjoint(words[at + 1 : at + 1 + _DIRECTION_REACH])
    )


def _clause_before(words: Sequence[str], at: int, directed: frozenset[int]) -> Sequence[str]:
    first = at
    while first > 0 and words[first - 1] not in _MARKS and words[first - 1] not in CLAUSE_ENDS:
        first -= 1
    return [words[place] for place in range(first, at) if place not in directed]
