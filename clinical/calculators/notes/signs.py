"""Signs and histories that a note tells: said, denied, or not spoken of.

A sign that is said somewhere and denied elsewhere counts as said. Family history is nobody's own.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from clinical.calculators.charts.conditions import words_of
from clinical.calculators.domain import Input
from clinical.calculators.notes.domain import Mention

TABLE = Path(__file__).with_name("words") / "signs.toml"
# How far before a sign a denial may stand, in characters, within the same clause.
REACH = 180
# What ends a denial before its sentence ends: "no stroke, but", "no stroke, he had".
ENDS_DENIAL = (
    r"\b(?:but|however|although|though|except|who|which|that has|and (?:has|had|was|is|reports?|reported))\b"
    r"|,\s+(?:and\s+)?(?:he|she|they|the patient|there)\s+(?:has|had|have|is|was|are|were|did|does|takes|took|reports?|reported)\b"
    r"|,\s+(?:presents?|presented|presenting|comes?|came|arrives?|arrived)\b"
)
DENIED_BEFORE = re.compile(
    r"\b(?:no|not|nor|never|denie[sd]|deny|denying|without|absent|absence of|negative for|rule[sd]? out|free of|free from|(?:de)?void of"
    r"|lack(?:s|ed|ing)? (?:of)?|neither|unremarkable for|exclude[sd]?|non|(?:did|does|do|is|was|has|had|have|are|were)n['’]t)\b"
    rf"(?:(?!{ENDS_DENIAL})[^.;:\n]){{0,160}}$",
    re.I,
)
DENIED_BEHIND = re.compile(
    r"^\W{0,3}(?:\w+\W+){0,2}(?:was|were|is|are|has been|had been)\s+(?:\w+\s+)?(?:ruled out|absent|negative|denied|excluded|not\b|unremarkable)"
    r"|^[^.;\n]{0,60}\b(?:could not be|cannot be|was not|were not) (?:obtained|determined|established|confirmed|assessed)"
    r"|^\s*[(:–-]\s*(?:no|absent|negative|none|-)\b",
    re.I,
)
RELATIVES = r"(?:father|mother|brother|sister|parent|sibling|grand\w+|uncle|aunt|cousin|son|daughter)s?"
# A relative who tells of the patient is none who has it: "his mother reports fever".
OF_OTHERS = re.compile(
    rf"\b(?:family history|familial|{RELATIVES}(?: \w+)? (?:who )?(?:had|has|have|with|died|suffered|was|were|is))\b[^.;\n]{{0,50}}$",
    re.I,
)
OF_OTHERS_BEHIND = re.compile(
    rf"^[^.;,\n]{{0,20}}\bin (?:his|her|the patient['’]s|a|the) {RELATIVES}\b", re.I
)
# What may come is not there yet.
NOT_YET = re.compile(
    r"\b(?:risks? (?:of|for)|prevent\w*(?: of)?|prophyla\w+ (?:of|for|against)|screen\w* for|evaluat\w+ for|monitor\w* for)"
    r"\s+(?:\w+\s+){0,2}$",
    re.I,
)


@dataclass(frozen=True)
class _Sign:
    """What says a sign, what says that it is not there, and whether silence says it."""

    words: re.Pattern[str]
    against: re.Pattern[str]
    is_silence_yes: bool


@cache
def _table() -> Mapping[str, _Sign]:
    return {
        name: _Sign(
            words=_any_of(entry.get("words", ())),
            against=_any_of(entry.get("against", ())),
            is_silence_yes=entry.get("silence", "no") == "yes",
        )
        for name, entry in tomllib.loads(TABLE.read_text("utf-8")).items()
    }


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(words)})(?!\w)" if words else r"(?!)", re.I)


def unsaid(asked: Input) -> Mention:
    """Return what a note means that does not speak of a sign: no, but for the few of which silence says yes."""
    sign = _table().get(asked.name)
    return Mention(name=asked.name, value=sign is not None and sign.is_silence_yes, is_assumed=True)


def told_sign(asked: Input, note: str) -> Mention | None:
    """Return whether a note says or denies a yes-or-no input, with its words; None where it does not speak of it."""
    sign = _table().get(asked.name)
    if sign is None and not asked.asked.condition:
        return None
    if sign is not None and (against := sign.against.search(note)):
        return Mention(
            name=asked.name, value=False, quote=against[0], start=against.start(), end=against.end()
        )
    words = sign.words if sign is not None else words_of(asked.asked.condition)
    denied = None
    is_of_family = "family" in asked.name or "relative" in asked.name
    for match in words.finditer(note):
        before = note[max(0, match.start() - REACH) : match.start()]
        if NOT_YET.search(before) or (
            not is_of_family and _is_of_others(before, note[match.end() : match.end() + 60])
        ):
            continue
        found = Mention(name=asked.name, value=True, quote=match[0], start=match.start(), end=match.end())
        if not is_denied(note, match.start(), match.end()):
            return found
        denied = denied or _denied(found, note)
    return denied


def _is_of_others(before: str, behind: str) -> bool:
    return bool(OF_OTHERS.search(before) or OF_OTHERS_BEHIND.search(behind))


def is_denied(note: str, start: int, end: int) -> bool:
    """Whether what stands there is denied by what stands around it, in the same clause."""
    before = note[max(0, start - REACH) : start]
    return bool(DENIED_BEFORE.search(before) or DENIED_BEHIND.search(note[end : end + 90]))


def _denied(found: Mention, note: str) -> Mention:
    """Return the mention as a no, with the denial in its quote."""
    start = max(note.rfind(mark, 0, found.start) for mark in (". ", "; ", "\n")) + 1
    start = max(start, found.start - REACH)
    return Mention(
        name=found.name, value=False, quote=note[start : found.end].strip(), start=start, end=found.end
    )
