"""The two texts that the trained checker reads together: training and runtime format them here alike.

The evidence comes second and opens the second text, so that a cut at the maximum length never takes it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_TITLE_WORDS = 24
LONGEST_LABEL_WORDS = 4
LONGEST_CLOSING_WORDS = 150


@dataclass(frozen=True)
class Pair:
    """What is asked (`first`) and what may answer it (`second`), each one line of text."""

    first: str
    second: str


def claim_pair(claim: str, sentence: str, *, title: str = "", label: str = "") -> Pair:
    """Return a claim beside one sentence of an abstract, with the section's label and the work's title."""
    return Pair(_line(claim), _evidence(sentence, title=title, label=label))


def trial_pair(*, intervention: str, comparator: str, outcome: str, text: str) -> Pair:
    """Return a trial's comparison beside one sentence (or quote) that may report it."""
    return Pair(f"{_line(outcome)} / {_line(intervention)} / {_line(comparator)}", _line(text))


def question_pair(question: str, text: str, *, label: str = "") -> Pair:
    """Return a yes/no question beside the text, of any length, that may decide it."""
    return Pair(_line(question), _evidence(text, title="", label=label))


def fingerprint(text: str) -> str:
    """Return 16 hex digits that name a claim or question without showing it (`trained_on` in checker.json)."""
    return hashlib.sha256(_line(text).lower().encode()).hexdigest()[:16]


def _evidence(sentence: str, *, title: str, label: str) -> str:
    heading = _first_words(label.rstrip(": "), LONGEST_LABEL_WORDS).lower()
    named = f"{heading}: {_line(sentence)}" if heading else _line(sentence)
    work = _first_words(title, LONGEST_TITLE_WORDS).rstrip(".")
    return f"{named} / {work}" if work else named


def _first_words(text: str, count: int) -> str:
    return " ".join(text.split()[:count])


def _line(text: str) -> str:
    return " ".join(text.split())


def closing(sentences: Sequence[str], *, words: int = LONGEST_CLOSING_WORDS) -> str:
    """Return the last sentences that fit in so many words, in order: an abstract's results stand at its end."""
    kept: list[str] = []
    left = words
    for sentence in reversed(sentences):
        left -= len(sentence.split())
        if left < 0 and kept:
            break
        kept.append(_line(sentence))
    return " ".join(reversed(kept))
