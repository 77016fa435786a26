"""Numbers as notes write them, with the unit that follows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ehr_integration.chart.units.printed import candidates

NUMBER = re.compile(
    r"(?<![\w.,/-])(?P<number>\d{1,3}(?:[,\u2009 ]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:[.·]\d+)?)"
    # "106 × 109/L" is a multiple of 10^9: the exponent has lost its place.
    r"(?P<scale>\s*[x×*]\s*10\s*[\^*]?\s*(?:(?P<power>1?[0-9])|(?P<superscript>[¹⁰-⁹²³]+))(?=\s*/|\s|$))?"
)
UNIT = re.compile(
    r"\s*(?:-\s*)?(?P<unit>[%°℃℉]\s*[CF]?\b|%|deg(?:rees?)?\.?\s*(?:[CF]\w*)"
    r"|mm\s*/?\s*Hg"
    r"|(?:\w+\s+)?per\s+(?:\w+|cubic millimet(?:er|re))"
    r"|[a-zA-Zµμ][\w.µμ^]*(?:\s*[/·]\s*[\w.µμ^³²−-]+)*|/\s*[\w.µμ^³²]+(?:\s*/\s*\w+)?)",
    re.I,
)
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
SPELLED = {"℃": "Cel", "℉": "[degF]", "°": "Cel"}


@dataclass(frozen=True)
class Number:
    """A number at `start` to `end` of a text, with the UCUM units that what follows it may mean (none: no unit)."""

    value: float
    units: tuple[str, ...]
    start: int
    end: int


def numbers_in(text: str, start: int, end: int) -> Iterator[Number]:
    """Yield the numbers of a stretch of text, in their order."""
    for match in NUMBER.finditer(text, start, end):
        value = float(re.sub(r"[,\u2009 ]", "", match["number"]).replace("·", "."))
        power = match["power"] or (match["superscript"] or "").translate(SUPERSCRIPTS)
        scale = f"10*{power}" if match["scale"] else ""
        unit = UNIT.match(text, match.end(), min(match.end() + 24, len(text)))
        units, length = _units(unit["unit"].rstrip(".") if unit else "", scale)
        stop = match.end() if not units or unit is None else unit.start("unit") + length
        yield Number(value, units, match.start(), max(stop, match.end()))


def _told(written: str) -> str:
    """Return a printed unit as units are listed: "beats per minute" is "beats/minute", "mg·dL−1" is "mg/dL"."""
    text = re.sub(r"\bper\b\s*", "/", written, flags=re.I)
    text = re.sub(r"·(\w+)[−-]1", r"/\1", text)
    text = re.sub(r"^(?:counts?|cells?|platelets?)\s*(?=/)", "", text, flags=re.I)
    text = text.replace("cubic millimeter", "mm3").replace("cubic millimetre", "mm3")
    return re.sub(r"\s+", "", re.sub(r"\s*/\s*", "/", text))


def _units(written: str, scale: str) -> tuple[tuple[str, ...], int]:
    """Return what a printed unit may mean, and how much of it was read: "mg/dL of" is read as "mg/dL"."""
    text = _told(written).replace("^", "").replace("³", "3").replace("²", "2")
    for spelled, ucum in SPELLED.items():
        if text.startswith(spelled):
            return ("[degF]" if text[1:2] == "F" else ucum,), len(written)
    if text.lower().startswith("deg"):
        return ("[degF]" if re.search(r"f\w*$", text, re.I) else "Cel",), len(written)
    if scale:
        found = candidates(f"{scale}{text}") if text.startswith("/") else ()
        return found or (f"{scale}/L",), len(written) if found else 0
    found = candidates(text)
    return found, len(written) if found else 0


# "Na/K 127/2.6 mEq/L": names and their numbers in the same order.
NAMES_BEFORE = re.compile(r"(?:[A-Za-z][\w+\- ]{0,30}\s?/\s?){1,4}$")
LONGEST_LIST = 120
LISTED = re.compile(
    r"(?P<names>(?:\s?/\s?[A-Za-z][\w+\-]*(?: [a-z]+){0,2}?){0,4})(?:\s*\([^)]{0,30}\))?[\s:,=]*"
    r"(?:(?:levels?|ratio|was|were|of|is|are)\s+){0,2}(?P<numbers>\d+(?:\.\d+)?(?:\s?/\s?\d+(?:\.\d+)?)+)"
)


def number_of_list(text: str, start: int, end: int) -> Number | None:
    """Return the number that belongs to a name in a list with slashes; None where the name is in none."""
    before = NAMES_BEFORE.search(text, max(0, start - 60), start)
    listed = LISTED.match(text, end, end + LONGEST_LIST)
    if listed is None:
        return None
    place = before[0].count("/") if before else 0
    values = listed["numbers"].split("/")
    if len(values) != place + listed["names"].count("/") + 1:
        return None
    unit = UNIT.match(text, listed.end(), min(listed.end() + 24, len(text)))
    units, _ = _units(unit["unit"].rstrip(".") if unit else "", "")
    return Number(float(values[place]), units, listed.start("numbers"), listed.end())
