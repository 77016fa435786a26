"""The passages nearest to a claim by the words they share, rarer words counting more."""

import math
from collections import Counter
from collections.abc import Sequence

from clinical.evidence.checking.rules.content import content_stems
from clinical.evidence.domain import Passage


def nearest(claim: str, passages: Sequence[Passage], count: int) -> list[Passage]:
    """Return the passages that share most with the claim, best first; of equals the earlier one first."""
    wanted = content_stems(claim)
    held = [content_stems(each.quote) for each in passages]
    frequency = Counter(word for words in held for word in words & wanted)
    weight = {word: math.log(1 + len(passages) / times) for word, times in frequency.items()}

    def shared(place: int) -> float:
        return sum(weight[word] for word in held[place] & wanted)

    order = sorted(range(len(passages)), key=lambda place: (-shared(place), place))
    return [passages[place] for place in order[:count]]
