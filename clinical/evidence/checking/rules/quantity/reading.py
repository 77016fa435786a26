"""The numbers of a sentence, each with what it counts: doses, proportions, ratios, p-values, ranges."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from clinical.evidence.checking.rules.quantity.spelling import fold_numbers
from clinical.evidence.checking.rules.quantity.units import FOLD, NONE, PROPORTION, Unit, read_unit


class Kind(StrEnum):
    """What a number is for: only numbers of one kind are compared."""

    VALUE = "value"
    P_VALUE = "p"
    INTERVAL = "interval"
    LEVEL = "confidence level"


class Bound(StrEnum):
    """Whether the number is a limit."""

    EXACT = ""
    ABOVE = ">"
    BELOW = "<"


@dataclass(frozen=True)
class Quantity:
    """A number or range, in the base of its unit's dimension; `precision` is the last written digit's worth."""

    low: Fraction
    high: Fraction
    dimension: str
    precision: Fraction
    kind: Kind = Kind.VALUE
    bound: Bound = Bound.EXACT
    is_about: bool = False

    @property
    def is_range(self) -> bool:
        """Whether it has two ends."""
        return self.low != self.high


_NUMBER = r"\d+(?:\.\d+)?|\.\d+"
_QUANTITY = re.compile(
    rf"""(?<![\w.])(?<![a-z]-)(?P<sign>-(?=\d))?(?P<low>{_NUMBER})
    (?:\s*x\s*10\s*\^?\(?(?P<power>-?\d+)\)?)?
    (?:(?P<of>\s*(?:\bin\b|\bout\ of\b|\bof\b|\bper\b|/)\s*(?:every\s+)?)(?P<whole>\d+)(?![\d.]*\s*(?:mm|%|mg)))?
    (?:\s*(?P<unit>%|[a-z]+)?\s*(?:-|\bto\b|\band\b)\s*(?P<high>{_NUMBER}))?""",
    re.VERBOSE,
)
_P = re.compile(
    r"\bp(?:[- ]?values?)?\s*(?:of|was|were|is|for \w+)?\s*[<>=]\s*=?\s*$|\bp(?:[- ]?values?) of\s*$"
)
_INTERVAL = re.compile(r"(?:\bci\b|\bcis\b|\binterval\b|\brange\b|\biqr\b)[^a-z]*$")
_LEVEL = re.compile(r"\s*%\s*(?:level|ci\b|cis\b|cri\b|confidence|credible|prediction)")
_RATIO = re.compile(
    r"(?:\b(?:a?or|a?hr|a?rr|irr|smr|(?:odds|hazards?|risk|rate|relative|incidence rate|mortality) (?:ratio|risk)s?)\b"
    r"(?:\s*\([a-z]+\))?)[\s,:=]*(?:of|was|is|were)?[\s,:=]*$"
)
_LABEL = re.compile(
    r"\b(type|grade|stage|class|phase|group|arm|level|step|factor|interleukin|vitamin|hepatitis|chromosome|exon|"
    r"figure|fig|table|score of|cohort|kinase|protein|receptor|subtype|isoform|helper|day)s?[\s-]*$"
)
_ABOVE = re.compile(
    r"(?:>\s*=?|≥|more than|over|above|at least|greater than|exceed(?:s|ed|ing)?|older than|minimum of)\s*$"
)
_BELOW = re.compile(
    r"(?:<\s*=?|≤|less than|under|below|fewer than|at most|up to|within|younger than|maximum of)\s*$"
)
_ABOUT = re.compile(r"(?:about|approximately|around|nearly|almost|roughly|some|circa|~|≈)\s*$")
_BETWEEN = re.compile(r"\bbetween\s*$")
_NAME_AFTER = re.compile(r"-?[a-z]|-?\d|[+]|,\d")
_YEARS = range(1900, 2100)


def read_quantities(text: str) -> tuple[Quantity, ...]:
    """Return the quantities in their order; numbers in names (IL-6, COVID-19) are none."""
    return tuple(_quantities(fold_numbers(text)))


def _quantities(folded: str) -> Iterator[Quantity]:
    at = 0
    while found := _QUANTITY.search(folded, at):
        before = folded[max(0, found.start() - 40) : found.start()]
        quantity, at = _read(folded, found, before)
        if quantity is not None:
            yield quantity


def _read(folded: str, found: re.Match[str], before: str) -> tuple[Quantity | None, int]:
    """Return the quantity at the match and where to go on; None where the number is part of a name."""
    end_of_number = found.end("power") if found["power"] else found.end("low")
    if _LEVEL.match(folded, found.end("low")):
        level = Fraction(found["low"])
        return Quantity(level, level, PROPORTION.dimension, Fraction(1), Kind.LEVEL), found.end("low")
    if found["whole"] and not found["high"] and _is_part(found):
        share = Fraction(found["low"]) / int(found["whole"])
        return _quantity(share, share, PROPORTION, Fraction(0), before), found.end("whole")
    high, end = _high(folded, found, before)
    unit, unit_end = read_unit(folded, end)
    if unit is NONE and _NAME_AFTER.match(folded, end):
        return None, max(end, end_of_number)
    low = _value(found["low"], found["power"])
    label = _LABEL.search(before)
    if label and unit is NONE:
        unit = Unit(f"label {label[1]}")
    elif _RATIO.search(before) and unit is NONE:
        unit = Unit("ratio")
    precision = _precision(found["low"]) * unit.factor
    return _quantity(low * unit.factor, high * unit.factor, unit, precision, before), unit_end


def _is_part(found: re.Match[str]) -> bool:
    whole = int(found["whole"])
    return 0 < Fraction(found["low"]) <= whole and (found["of"].strip() != "in" or whole not in _YEARS)


def _high(folded: str, found: re.Match[str], before: str) -> tuple[Fraction, int]:
    """Return the upper end and where it is read to; the number itself where it is no range."""
    low = _value(found["low"], found["power"])
    end = found.end("power") + (found[0].count(")") > 0) if found["power"] else found.end("low")
    if found["high"] is None or found["whole"]:
        return low, end
    joined = folded[found.end("low") : found.start("high")]
    is_range = "and" not in joined or _BETWEEN.search(before) is not None
    high = Fraction(found["high"])
    return (high, found.end("high")) if is_range and high > low else (low, end)


def _value(number: str, power: str | None) -> Fraction:
    return Fraction(number) * (Fraction(10) ** int(power) if power else 1)


def _precision(number: str) -> Fraction:
    return Fraction(1, 10 ** len(number.partition(".")[2]))


def _quantity(low: Fraction, high: Fraction, unit: Unit, precision: Fraction, before: str) -> Quantity:
    return Quantity(
        low,
        high,
        unit.dimension,
        precision,
        _kind(before, unit),
        _bound(before),
        is_about=_ABOUT.search(before) is not None,
    )


def _kind(before: str, unit: Unit) -> Kind:
    if unit is NONE and _P.search(before):
        return Kind.P_VALUE
    return Kind.INTERVAL if _INTERVAL.search(before) and unit is not FOLD else Kind.VALUE


def _bound(before: str) -> Bound:
    if _ABOVE.search(before):
        return Bound.ABOVE
    return Bound.BELOW if _BELOW.search(before) else Bound.EXACT
