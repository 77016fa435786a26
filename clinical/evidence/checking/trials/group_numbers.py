"""Which group's number is larger, where a sentence gives one for each: "3.1% with A and 7.2% with B"."""

import re
from collections.abc import Sequence

from clinical.evidence.checking.rules.content import content_stems
from clinical.evidence.checking.rules.quantity.spelling import fold_numbers

_GROUP = re.compile(r"\b(?:group|arm|cohort) ([a-z0-9])\b")
_CUT = re.compile(r"\b(?:and|vs|versus|whereas|while|against|but)\b|\bcompared (?:with|to)\b|[;:]|, ")
_ASIDES = re.compile(
    r"\([^()]*\b(?:p|ci|sd|se|range|iqr)\b[^()]*\)|\b(?:95|99) ?% ?(?:ci|confidence)[^,;)]*|\bp ?[<=>][^,;)]*|±\s*[\d.]+|\bat \d+ \w+|\b\d+(?:th|st|nd|rd)?[- ](?:days?|weeks?|months?|hours?|years?|min\w*)\b"
)
_NUMBER = re.compile(r"(?<![\w.-])-?\d+(?:\.\d+)?")
_PAIR = re.compile(
    r"(?<![\w.])(-?\d+(?:\.\d+)?)\s*(?:%|±\s*[\d.]+)?\s*[a-z/%]{0,8}\s*(?:vs\.?|versus)\s*(-?\d+(?:\.\d+)?)"
)


def group_names(text: str) -> frozenset[str]:
    """Return what a text calls a group: its content words, and "group a" where it has a letter."""
    folded = text.lower()
    return content_stems(text) | frozenset(f"group {found[1]}" for found in _GROUP.finditer(folded))


def larger_with(treated: frozenset[str], control: frozenset[str], sentence: str) -> bool | None:
    """Return whether the treated group has the larger number; None where the sentence does not give one for each."""
    folded = fold_numbers(sentence)
    first_is_treated = _is_treated_first(treated, control, folded)
    if (pair := _PAIR.search(folded)) and first_is_treated is not None:
        one, other = float(pair[1]), float(pair[2])
        return None if one == other else (one > other) is first_is_treated
    values = _values(treated, control, _ASIDES.sub(" ", folded))
    with_treated, with_control = values.get(True), values.get(False)
    if with_treated is None or with_control is None or with_treated == with_control:
        return None
    return with_treated > with_control


def _values(treated: frozenset[str], control: frozenset[str], folded: str) -> dict[bool, float]:
    """Return the first number of a piece that names one group, by whether that is the treated one."""
    values: dict[bool, float] = {}
    for piece in _CUT.split(folded):
        number = _NUMBER.search(piece)
        names = group_names(piece)
        of_treated, of_control = len(names & treated), len(names & control)
        if number and of_treated != of_control:
            values.setdefault(of_treated > of_control, float(number[0]))
    return values


def _is_treated_first(treated: frozenset[str], control: frozenset[str], folded: str) -> bool | None:
    first_treated, first_control = (_first_place(names, folded.split()) for names in (treated, control))
    if first_treated is None or first_control is None:
        return None
    return first_treated < first_control


def _first_place(names: frozenset[str], words: Sequence[str]) -> int | None:
    return next((place for place, word in enumerate(words) if content_stems(word) & names), None)
