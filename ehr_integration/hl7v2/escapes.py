"""Escape sequences within a value: separators, line breaks and hexadecimal text; formatting is left out.

Source: HL7 v2.8, chapter 2, section 2.7.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache

MAX_SEQUENCE = 200
LINE_BREAKS = frozenset({".br", ".sp", ".ce"})


def unescape(text: str, marks: str) -> str:
    r"""Return the text with its escape sequences resolved once: what comes out is not read again.

    `marks` are the field separator and the encoding characters: |^~\&
    """
    escape = marks[3:4]
    if not escape or escape == marks[0] or escape not in text:
        return text
    return _sequence(escape).sub(_resolver(marks), text)


@cache
def _sequence(escape: str) -> re.Pattern[str]:
    mark = re.escape(escape)
    return re.compile(f"{mark}([^{mark}]{{1,{MAX_SEQUENCE}}}){mark}")


def _resolver(marks: str) -> Callable[[re.Match[str]], str]:
    field, component, repetition, escape, *rest = tuple(marks[:5])
    plain = {"F": field, "S": component, "R": repetition, "E": escape, "T": rest[0] if rest else "&"}

    def resolve(match: re.Match[str]) -> str:
        return _resolved(match[1], plain)

    return resolve


def _resolved(sequence: str, plain: Mapping[str, str]) -> str:
    if sequence in plain:
        return plain[sequence]
    if sequence[:3].lower() in LINE_BREAKS:
        return "\n"
    if sequence[0] == "X":
        try:
            return bytes.fromhex(sequence[1:]).decode("utf-8", errors="replace")
        except ValueError:
            return ""
    return ""
