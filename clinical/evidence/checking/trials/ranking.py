"""The sentences of a text that may report an outcome, likeliest first."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from clinical.evidence.checking.rules.content import content_stems
from clinical.evidence.checking.rules.hedging import is_aim
from clinical.evidence.checking.trials.rules import Comparison
from clinical.evidence.quoting.sentences import sentence_spans

_RESULT = re.compile(
    r"\bp\s*[<=>]|\bsignifican|\b(?:CI|confidence interval)\b|%|\bdiffer|\bsimilar|\bcompared\b|\bthan\b",
    re.I,
)
# How much it adds that a sentence names the groups, tells a result, or only an aim; naming the outcome adds 1 at most.
_NAMES_GROUPS = 0.3
_TELLS_RESULT = 0.3
_TELLS_AIM = -0.5


@dataclass(frozen=True)
class Sentence:
    """A sentence, verbatim, and how much of the outcome and of the two groups it names, 0 to 1 each."""

    text: str
    outcome: float
    groups: float

    @cached_property
    def score(self) -> float:
        """How likely it reports the outcome."""
        told = _TELLS_RESULT if _RESULT.search(self.text) else 0.0
        aim = _TELLS_AIM if is_aim(self.text) else 0.0
        return self.outcome + _NAMES_GROUPS * self.groups + told + aim


def rank_sentences(comparison: Comparison, text: str) -> list[Sentence]:
    """Return the sentences that name the outcome, the likeliest report of it first."""
    pieces = list(_pieces(text))
    held = [content_stems(each) for each in pieces]
    frequency = Counter(word for words in held for word in words)

    def share(wanted: frozenset[str], words: frozenset[str]) -> float:
        weights = {word: math.log(1 + len(pieces) / max(frequency[word], 1)) for word in wanted}
        return sum(weights[word] for word in wanted & words) / (sum(weights.values()) or 1.0)

    groups = comparison.treated | comparison.control
    sentences = [
        Sentence(piece, share(comparison.outcome_stems, words), share(groups, words))
        for piece, words in zip(pieces, held, strict=True)
    ]
    return sorted((each for each in sentences if each.outcome > 0), key=lambda each: -each.score)


def _pieces(text: str) -> Iterator[str]:
    """Yield the sentences; none crosses a line's end, where a section or a quote ends."""
    start = 0
    for line in text.split("\n"):
        for first, last in sentence_spans(text, start, start + len(line)):
            yield text[first:last]
        start += len(line) + 1
