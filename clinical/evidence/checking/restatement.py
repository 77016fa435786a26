"""Whether a passage says what a statement says: strict, because a clinician sees what passes.

A statement passes when it says its passage again: the same content words in the same order, with nothing
added. Only function words may change, and what stands in parentheses may go where it holds no number and no
qualifier: a lost adjective can widen a population, a lost "only" can turn a recommendation around. Much that
is true fails; what is false should not pass.
"""

import re
from collections import Counter
from enum import StrEnum

from clinical.evidence.domain import Passage

PARENTHESES = re.compile(r"\([^()]*\)")
TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[<>=≤≥±%]", re.UNICODE)

# Words that may come and go without changing what is claimed. "was" is not one: a trial's result is no rule.
FUNCTION_WORDS = frozenset(
    "a an the of in on to for by with at from as is are be been being has have this that these those its their "
    "and there also it which who".split()
)

# Words that carry negation, condition, certainty, direction or comparison: none may be lost.
QUALIFIERS = frozenset(
    "not no nor never neither without none only if unless until when whenever while except but however although "
    "may might can could should must or versus vs than over under above below before after instead rather least "
    "most more less fewer higher lower increase increased increases decrease decreased decreases reduce reduced "
    "reduces avoid avoided contraindicated insufficient unclear unknown similar < > = ≤ ≥ ± %".split()
)


class Difference(StrEnum):
    """How a statement differs from its passage."""

    NONE = "none"
    EMPTY = "empty"
    NOT_IN_PASSAGE = "words-not-in-passage"
    NUMBER_LOST = "number-lost"
    QUALIFIER_LOST = "qualifier-lost"
    WORDS_LOST = "words-lost"


def restates(statement: str, passage: Passage) -> bool:
    """Whether the statement may be shown with this passage as its citation, word for word."""
    return difference(statement, passage) is Difference.NONE


def difference(statement: str, passage: Passage) -> Difference:
    """Return the first difference between a statement and its passage that may change what is said."""
    written = _tokens(passage.quote)
    content = content_words(statement)
    if len(content) < 3:
        return Difference.EMPTY
    said = _without_prefix(content, passage)
    if not is_subsequence(said, written):
        return Difference.NOT_IN_PASSAGE
    lost = Counter(token for token in written if token not in FUNCTION_WORDS) - Counter(said)
    if any(token[0].isdigit() for token in lost):
        return Difference.NUMBER_LOST
    if any(token in QUALIFIERS for token in lost):
        return Difference.QUALIFIER_LOST
    # In its order: a word that is lost may stand once more in a parenthesis.
    if not is_subsequence(content_words(PARENTHESES.sub(" ", passage.quote)), said):
        return Difference.WORDS_LOST
    return Difference.NONE


def may_become_restatement(opening: str, passage: Passage) -> bool:
    """Whether a statement that opens like this can still say the passage again; its last word may be incomplete."""
    said = [token for token in _tokens(opening)[:-1] if token not in FUNCTION_WORDS]
    headings = Counter(_tokens(" ".join(passage.context)))
    return (
        is_subsequence(_without_prefix(said, passage), _tokens(passage.quote)) or not Counter(said) - headings
    )


def content_words(text: str) -> list[str]:
    """Return the words, numbers and signs of a text that carry what it says, case folded, in their order."""
    return [token for token in _tokens(text) if token not in FUNCTION_WORDS]


def _tokens(text: str) -> list[str]:
    return [token.casefold() for token in TOKEN.findall(text)]


def _without_prefix(content: list[str], passage: Passage) -> list[str]:
    """Return the statement's words less those of the passage's own headings, where it opens with them."""
    headings = set(_tokens(" ".join(passage.context)))
    opening = 0
    while opening < len(content) and content[opening] in headings:
        opening += 1
    rest = content[opening:]
    return rest if opening and is_subsequence(rest, _tokens(passage.quote)) else content


def is_subsequence(words: list[str], of: list[str]) -> bool:
    """Whether the words stand in the others, in the same order."""
    remaining = iter(of)
    return all(word in remaining for word in words)
