"""The words of a text that carry what it is about, as stems."""

import re
from functools import cache

from clinical.evidence.checking.rules.lexicon import BETTER, DOWN, NEGATIONS, NONE, SOME, UP, WORSE
from clinical.evidence.relevance.generic import STOP_WORDS
from clinical.evidence.relevance.words import stems

_WORD = re.compile(r"[^\W_]+(?:['’][a-z]+)?")
_NOT_CONTENT = STOP_WORDS | frozenset(
    "was were been had did does which whose than then thus also however".split()
)

# How much of the claim a quote must say to contradict it, and not only to differ.
SAME_THING = 0.6


# No text is cached: a claim may come from a patient's question, and nothing of it is kept.
def stem(word: str) -> str:
    """Return the word's stem in folded spelling."""
    return " ".join(stems(word))


def content_stems(text: str) -> frozenset[str]:
    """Return the stems of the content words; numbers and function words are none."""
    words = (word for word in _WORD.findall(text.lower()) if word not in _NOT_CONTENT)
    return frozenset(stems(" ".join(word for word in words if len(word) > 1 and not word.isdigit())))


def coverage(claim: str, quote: str) -> float:
    """Return the share of the claim's content words that the quote holds, 0 to 1; words of direction do not count."""
    said = content_stems(claim) - _directions()
    return len(said & content_stems(quote)) / len(said) if said else 0.0


def says_same_thing(claim: str, quote: str) -> bool:
    """Whether the quote says so much of the claim that what differs in it is said of the same thing."""
    return coverage(claim, quote) >= SAME_THING


@cache
def _directions() -> frozenset[str]:
    return content_stems(" ".join(UP | DOWN | BETTER | WORSE | SOME | NONE | NEGATIONS))
