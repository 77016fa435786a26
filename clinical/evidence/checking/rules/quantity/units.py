"""Units of clinical texts, with exact factors: 1 g = 1000 mg, one week = seven days, a year = twelve months.

Source: SI Brochure, 9th edition, tables 2, 7 and 8 (prefixes, minute, hour, day, litre).
"""

import re
from dataclasses import dataclass
from fractions import Fraction

MICRO = Fraction(1, 10**6)
MILLI = Fraction(1, 1000)
NANO = Fraction(1, 10**9)
PICO = Fraction(1, 10**12)
_PREFIXES = {"k": Fraction(1000), "": Fraction(1), "d": Fraction(1, 10), "c": Fraction(1, 100),
             "m": MILLI, "u": MICRO, "mc": MICRO, "n": NANO, "p": PICO}  # fmt: skip


@dataclass(frozen=True)
class Unit:
    """What a number counts: `dimension` says what may be compared, `factor` converts to its base."""

    dimension: str
    factor: Fraction = Fraction(1)


NONE = Unit("")
PERCENT = Unit("proportion", Fraction(1, 100))
PROPORTION = Unit("proportion")
FOLD = Unit("fold")


def _prefixed(symbol: str, dimension: str, prefixes: str) -> dict[str, Unit]:
    return {
        f"{'' if prefix == '-' else prefix}{symbol}": Unit(
            dimension, _PREFIXES["" if prefix == "-" else prefix]
        )
        for prefix in prefixes.split()
    }


def _spelled(names: str, dimension: str, factor: Fraction) -> dict[str, Unit]:
    return dict.fromkeys(names.split(), Unit(dimension, factor))


_MINUTES_AN_HOUR = 60
_HOURS_A_DAY = 24
_ATOMS: dict[str, Unit] = {
    **_prefixed("g", "mass", "k - m u mc n p"),
    **_prefixed("l", "volume", "- d m u"),
    **_prefixed("mol", "amount", "- m u n p"),
    **_prefixed("m", "length", "k c m u n"),
    **_prefixed("iu", "units", "k - m u"),
    **_prefixed("cal", "energy", "k -"),
    **_prefixed("j", "joules", "k -"),
    **_spelled("gram grams gramme grammes", "mass", Fraction(1)),
    **_spelled("milligram milligrams", "mass", MILLI),
    **_spelled("kilogram kilograms kilo kilos", "mass", Fraction(1000)),
    **_spelled("microgram micrograms", "mass", MICRO),
    **_spelled("liter liters litre litres", "volume", Fraction(1)),
    **_spelled("milliliter milliliters millilitre millilitres", "volume", MILLI),
    **_spelled("meter meters metre metres", "length", Fraction(1)),
    **_spelled("centimeter centimeters centimetre centimetres", "length", Fraction(1, 100)),
    **_spelled("unit units u", "units", Fraction(1)),
    **_spelled("second seconds sec secs s", "time", Fraction(1, _MINUTES_AN_HOUR**2)),
    **_spelled("minute minutes min mins", "time", Fraction(1, _MINUTES_AN_HOUR)),
    **_spelled("hour hours h hr hrs", "time", Fraction(1)),
    **_spelled("day days d daily", "time", Fraction(_HOURS_A_DAY)),
    **_spelled("week weeks wk wks weekly", "time", Fraction(7 * _HOURS_A_DAY)),
    **_spelled("month months mo monthly", "calendar", Fraction(1)),
    **_spelled("year years yr yrs y yearly annually", "calendar", Fraction(12)),
    **_spelled("% percent pct", "proportion", Fraction(1, 100)),
    **_spelled("fold times", "fold", Fraction(1)),
    **_spelled("mmhg", "pressure", Fraction(1)),
    **_spelled("°c", "temperature", Fraction(1)),
    **_spelled("bpm beats", "beats", Fraction(1)),
    **_spelled("points point", "points", Fraction(1)),
    **_spelled("copies cells", "count", Fraction(1)),
}
_PHRASES = (
    (re.compile(r"mm\s+hg\b"), "mmhg"),
    (re.compile(r"per\s*cent\b"), "percent"),
    (re.compile(r"percentage[- ]points?\b|%[- ]points?\b"), "points"),
    (re.compile(r"degrees?\s+(?:celsius|c)\b"), "°c"),
)
_ATOM = re.compile(r"[-\s]?\s?(%|°c|[a-z]+)")
_PER = re.compile(
    r"\s?/\s?(?=[a-z])|\sper\s|\s(?=(?:daily|weekly|monthly)\b)|\san?\s(?=(?:day|week|month|year|hour)\b)"
)
_BODY_SURFACE = re.compile(r"/1\.73\s?m\(?[2²]\)?|\sper\s1\.73\s?m[2²]")  # fmt: skip


def read_unit(text: str, at: int) -> tuple[Unit, int]:
    """Return the unit that stands at this offset of a folded text, and where it ends; NONE where none does."""
    named = _read_atom(text, at)
    if named is None:
        return NONE, at
    unit, end = named
    while per := _PER.match(text, end):
        below = _read_atom(text, per.end())
        if below is None:
            break
        unit, end = Unit(f"{unit.dimension}/{below[0].dimension}", unit.factor / below[0].factor), below[1]
    surface = _BODY_SURFACE.match(text, end)
    return unit, surface.end() if surface else end


def _read_atom(text: str, at: int) -> tuple[Unit, int] | None:
    space = re.compile(r"[-\s]?\s?").match(text, at)
    start = space.end() if space else at
    for pattern, name in _PHRASES:
        if found := pattern.match(text, start):
            return _ATOMS[name], found.end()
    found = _ATOM.match(text, at)
    unit = _ATOMS.get(found[1]) if found else None
    return (unit, found.end()) if found and unit else None
