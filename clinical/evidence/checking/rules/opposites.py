"""A word of the claim whose opposite stands in the same place of the quote turns it around: high and low, early and late."""

import re
from collections.abc import Iterator, Sequence

from clinical.evidence.checking.domain import Reason
from clinical.evidence.checking.rules.content import content_stems, says_same_thing
from clinical.evidence.checking.rules.lexicon import OPPOSITES
from clinical.evidence.checking.rules.objection import Objection
from clinical.evidence.domain import Passage

_WORD = re.compile(r"[a-z0-9]+")
# Words on either side that show whether two words stand in the same place.
REACH = 3
_PREFIX = re.compile(r"^(?:un|in|im|ir|non|dis|ab)(?=[a-z]{5})")

_SIDES = {
    word: (number, side) for number, pair in enumerate(OPPOSITES) for side in (0, 1) for word in pair[side]
}


def objects(claim: str, passage: Passage) -> Objection | None:
    """Return the objection where the claim puts an opposite in the place of the quote's word."""
    said, written = list(_sided(claim)), list(_sided(passage.quote))
    held = {which for which, _ in written}
    for (number, side), around in said:
        if (number, side) in held:
            continue
        if any(which == (number, 1 - side) and around & other for which, other in written):
            return Objection(Reason.OPPOSITE_DIRECTION, contradicts=says_same_thing(claim, passage.quote))
    return _denied_by_prefix(claim, passage.quote)


def _denied_by_prefix(claim: str, quote: str) -> Objection | None:
    """Return the objection where one says "unstable" or "inaccurate" and the other "stable" or "accurate"."""
    said, written = (_WORD.findall(text.lower()) for text in (claim, quote))
    for words, others in ((said, written), (written, said)):
        for at, word in enumerate(words):
            bare = _PREFIX.sub("", word)
            if bare == word or word in others or bare in words or bare not in others:
                continue
            if _around(words, at) & _around(others, others.index(bare)):
                return Objection(Reason.OPPOSITE_DIRECTION, contradicts=says_same_thing(claim, quote))
    return None


def _sided(text: str) -> Iterator[tuple[tuple[int, int], frozenset[str]]]:
    """Yield each word that has an opposite, as pair and side, with the stems next to it."""
    words = _WORD.findall(text.lower())
    for at, word in enumerate(words):
        if word in _SIDES:
            yield _SIDES[word], _around(words, at)


def _around(words: Sequence[str], at: int) -> frozenset[str]:
    return content_stems(" ".join((*words[max(0, at - REACH) : at], *words[at + 1 : at + 1 + REACH])))
