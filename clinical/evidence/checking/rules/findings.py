"""What a sentence says went which way: each word of direction with its negation and the words it is about."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from clinical.evidence.checking.rules import lexicon
from clinical.evidence.checking.rules.content import content_stems

_TOKEN = re.compile(r"[a-z0-9]+(?:['’]t\b)?|[,;:()\[\].]")
_PUNCTUATION = frozenset(",;:()[].")
# Words on either side that a word of direction may be about, and how far before it a negation may stand.
REACH = 9
NEGATION_REACH = 7
SEEN_REACH = 20
UNDOING_REACH = 3
_BE = frozenset("is are was were be been being".split())
_BE_REACH = 3
_NOT_DIRECTIONS = re.compile(
    r"\blower (?:limb|extremit|respiratory|urinary|back|leg|body|gastro|lobe|tract|abdom|quartile|esophag|oesophag)"
    r"|\b(?:more|less|fewer|greater|higher|lower) than (?:\d|one|two|three|half)|\blost to follow|\bmore recent"
    r"|\b(?:at|the) (?:least|most)\b(?! likely)|\bside effects?\b|\badverse effects?\b|\bonce more\b|\bmore and more\b"
    r"|\bfree of\b|\bcut ?offs?\b|\bbest practice|\bmost (?:common|frequent|often|recent|important)\w*"
    r"|\b(?:wash|rule)d? out\b|\bloss of heterozygosity|\bgain of function|\bloss of function|\bdifferent\b"
)
_NOT_SEEN = re.compile(
    r"(?:was|were|is|are|did|has been|have been)? ?not (?:\w+ )?(?:observed|seen|found|detected|significant|reach|evident|shown|different|statistically)"
)


class Axis(StrEnum):
    """What kind of change: amounts compare with amounts, quality with quality, any effect with both."""

    AMOUNT = "amount"
    QUALITY = "quality"
    EFFECT = "effect"


UP, DOWN, SAME = frozenset("U"), frozenset("D"), frozenset("N")
ANY_EFFECT = UP | DOWN
_ALL = UP | DOWN | SAME


@dataclass(frozen=True)
class Finding:
    """A change said of something: `states` are the outcomes left open (up, down, none), `about` the stems near it.

    `outcome` are those of `about` on the side where the thing that changed stands: after the word, or before it in "X
    was reduced".
    """

    axis: Axis
    states: frozenset[str]
    about: frozenset[str]
    outcome: frozenset[str]
    is_denied: bool


def read_findings(text: str, names: frozenset[str] = frozenset()) -> tuple[Finding, ...]:
    """Return what the text says went which way, in its order.

    `names` are words of direction that are part of a name here, as "loss" is of weight loss.
    """
    folded = text.lower()
    for phrase, word in lexicon.PHRASES:
        folded = folded.replace(phrase, word)
    ignored = [found.span() for found in _NOT_DIRECTIONS.finditer(folded)]
    tokens = [
        (found[0], found[0] in names or any(start <= found.start() < end for start, end in ignored))
        for found in _TOKEN.finditer(folded)
    ]
    return tuple(_findings(tokens))


def _findings(tokens: Sequence[tuple[str, bool]]) -> Iterator[Finding]:
    words = [word for word, _ in tokens]
    at = 0
    while at < len(words):
        axis, states = (None, _ALL) if tokens[at][1] else _sense(words[at])
        if axis is None:
            at += 1
            continue
        first, last = _clause(words, at)
        noun = _noun_after(words, at)
        spoken_of = noun if noun is not None else _noun_before(words, first, at)
        if spoken_of is not None and not tokens[spoken_of][1]:
            axis, states = _combined(words[at], axis, states, words[spoken_of])
        yield _finding(words, (at, noun or at), (first, last), axis, states)
        at = (noun or at) + 1


def _sense(word: str) -> tuple[Axis | None, frozenset[str]]:
    for words, axis, states in _SENSES:
        if word in words:
            return axis, states
    return None, _ALL


_SENSES = (
    (lexicon.UP, Axis.AMOUNT, UP),
    (lexicon.DOWN, Axis.AMOUNT, DOWN),
    (lexicon.BETTER, Axis.QUALITY, UP),
    (lexicon.WORSE, Axis.QUALITY, DOWN),
    (lexicon.NONE, Axis.EFFECT, SAME),
    (lexicon.SOME, Axis.EFFECT, ANY_EFFECT),
)


def _noun_after(words: Sequence[str], at: int) -> int | None:
    """Return where the noun of direction stands that this word speaks of: "greater reduction", "prevented the rise"."""
    for place in range(at + 1, min(len(words), at + 1 + UNDOING_REACH)):
        if words[place] in _PUNCTUATION or words[place] in ("of", "in", "and", "or", "by", "risk", "with"):
            return None
        if words[place] in lexicon.NOUNS_OF_DIRECTION:
            return place
    return None


def _noun_before(words: Sequence[str], first: int, at: int) -> int | None:
    """Return where the noun stands of which this comparative is said: "the fall in pain was greater"."""
    if words[at] not in lexicon.COMPARATIVES or _BE.isdisjoint(words[max(first, at - _BE_REACH) : at]):
        return None
    return next((place for place in range(first, at) if words[place] in lexicon.NOUNS_OF_DIRECTION), None)


def _combined(word: str, axis: Axis, states: frozenset[str], noun: str) -> tuple[Axis, frozenset[str]]:
    noun_axis, noun_states = _sense(noun)
    if noun_axis is None:
        return axis, states
    return noun_axis, _turned(noun_states) if word in lexicon.UNDOING else noun_states


def _turned(states: frozenset[str]) -> frozenset[str]:
    return frozenset({"U": "D", "D": "U", "N": "N"}[each] for each in states)


def turned(finding: Finding) -> frozenset[str]:
    """Return the states the other way round, for something measured the other way round."""
    return _turned(finding.states)


def _clause(words: Sequence[str], at: int) -> tuple[int, int]:
    """Return the span of the clause around a word, no longer than REACH on either side."""
    first = at
    while first > max(0, at - REACH) and not _ends_clause(words[first - 1]):
        first -= 1
    last = at + 1
    while last < min(len(words), at + 1 + REACH) and not _ends_clause(words[last]):
        last += 1
    return first, last


def _ends_clause(word: str) -> bool:
    return word in _CLAUSE_MARKS or word in lexicon.CLAUSE_ENDS


_CLAUSE_MARKS = frozenset(";:.")


def _finding(
    words: Sequence[str],
    own: tuple[int, int],
    clause: tuple[int, int],
    axis: Axis,
    states: frozenset[str],
) -> Finding:
    before, after = words[clause[0] : own[0]], words[own[1] + 1 : clause[1]]
    is_denied = denied(before, words[own[0]], words[own[1] + 1 : own[1] + 1 + SEEN_REACH])
    sides = [content_stems(" ".join(_nearer(side))) for side in (before[::-1], after)]
    is_passive = not _BE.isdisjoint(before[-_BE_REACH:]) or not sides[1]
    return Finding(
        axis=axis,
        states=_ALL - states if is_denied else states,
        about=sides[0] | sides[1],
        outcome=sides[0] if is_passive else sides[1],
        is_denied=is_denied,
    )


def _nearer(words: Sequence[str]) -> Sequence[str]:
    """Return the words up to the next word of direction, which has its own."""
    for place, word in enumerate(words):
        if any(word in sense for sense, *_ in _SENSES[:4]):
            return words[:place]
    return words


def denied(before: Sequence[str], word: str, after: Sequence[str] = ()) -> bool:
    """Whether an odd number of negations stands over the word: before it in its clause, or right after it."""
    # "neither ... nor ..." reaches over what it lists.
    reach = 2 * NEGATION_REACH if "neither" in before else NEGATION_REACH
    near = list(before[-reach:])
    for mark in range(len(near) - 1, -1, -1):
        if near[mark] in _PUNCTUATION:
            near = near[mark + 1 :]
            break
    text = " ".join((*near, word))
    for phrase in lexicon.NOT_DENYING:
        text = text.replace(phrase, "")
    said = text.split()
    # "non" denies the next word alone.
    count = sum(each in lexicon.NEGATIONS or each.endswith(("n't", "n’t")) for each in said)
    count -= said[:-2].count("non") + (said.count("nor") if "neither" in said else 0)
    return bool((count + _is_unseen(after)) % 2)


def _is_unseen(after: Sequence[str]) -> bool:
    """Whether the clause goes on to say that it was not so: "an increase in X was not observed"."""
    end = next((at for at, word in enumerate(after) if _ends_clause(word) or word == ","), len(after))
    return _NOT_SEEN.search(" ".join(after[:end])) is not None
