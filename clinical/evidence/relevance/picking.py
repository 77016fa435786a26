"""A few passages out of many: the best, from several sources, none that repeats another."""

from collections.abc import Iterable, Sequence

from clinical.evidence.domain import Passage
from clinical.evidence.relevance.ranking import RankedPassage

PER_SOURCE = 3
# Passages that share more than this part of their words say the same.
NEAR_DUPLICATE = 0.7
# A passage that scores this much less than the best is left out, even if there is room.
FARTHEST_FROM_BEST = 0.9
NEW_CHART_TERM = 0.5
SAME_PLACE = -0.3
# Of a source that the search should prefer: it wins among near equals.
PREFERRED = 0.2
# Of a passage whose words another has all said already.
SAID_ALREADY = -0.3


def pick_passages(ranked: Iterable[RankedPassage], limit: int) -> tuple[Passage, ...]:
    """Return at most `limit` passages, best first, each adding to those before it.

    The best one is always among them: what is preferred counts from the second on.
    """
    left = sorted(ranked, key=lambda each: -each.passage.score)
    taken: list[RankedPassage] = []
    floor = left[0].passage.score - FARTHEST_FROM_BEST if left else 0.0
    left = [each for each in left if each.passage.score >= floor]
    while left and len(taken) < limit:
        best = max(left, key=lambda each: each.passage.score + _adds(each, taken))
        taken.append(best)
        of_source = sum(other.passage.source.id == best.passage.source.id for other in taken)
        left = [each for each in left if each is not best and _is_open(each, best, of_source)]
    return tuple(sorted((each.passage for each in taken), key=lambda passage: -passage.score))


def _adds(each: RankedPassage, taken: Sequence[RankedPassage]) -> float:
    """Return what the passage adds to those taken: it speaks of more of the chart, or from another place."""
    if not taken:
        return 0.0
    told = frozenset[int]().union(*(other.about | other.mentioned for other in taken))
    place = (each.passage.source.id, each.passage.context)
    is_same_place = any((other.passage.source.id, other.passage.context) == place for other in taken)
    repeats = max(len(each.words & other.words) for other in taken) / max(len(each.words), 1)
    return (
        NEW_CHART_TERM * len(each.about - told)
        + SAID_ALREADY * repeats
        + (SAME_PLACE if is_same_place else 0.0)
        + (PREFERRED if each.is_preferred else 0.0)
    )


def _is_open(each: RankedPassage, best: RankedPassage, of_source: int) -> bool:
    is_same_source = each.passage.source.id == best.passage.source.id
    return not (is_same_source and of_source >= PER_SOURCE) and not _is_repeat(each.words, best.words)


def _is_repeat(words: frozenset[str], other: frozenset[str]) -> bool:
    return len(words & other) > NEAR_DUPLICATE * len(words | other)
