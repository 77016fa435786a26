"""Reads the part of UCUM that clinical results use, and converts between units of one dimension.

Source: The Unified Code for Units of Measure 2.1, tables 1 to 4 and the arbitrary units, https://ucum.org/ucum
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

PREFIXES = {
    "k": 1e3,
    "h": 1e2,
    "da": 1e1,
    "d": 1e-1,
    "c": 1e-2,
    "m": 1e-3,
    "u": 1e-6,
    "n": 1e-9,
    "p": 1e-12,
    "f": 1e-15,
}  # without "M": in a feed that prints in capitals, ML is a millilitre
# Symbol: (factor to the base unit, dimensions). `mol`, `eq` and `osm` stay dimensions of their own here.
METRIC: Mapping[str, tuple[float, Mapping[str, int]]] = {
    "m": (1.0, {"m": 1}),
    "g": (1.0, {"g": 1}),
    "s": (1.0, {"s": 1}),
    "L": (1e-3, {"m": 3}),
    "l": (1e-3, {"m": 3}),
    "mol": (1.0, {"mol": 1}),
    "eq": (1.0, {"eq": 1}),
    "osm": (1.0, {"osm": 1}),
    "Pa": (1e3, {"g": 1, "m": -1, "s": -2}),
    "bar": (1e8, {"g": 1, "m": -1, "s": -2}),
    "m[Hg]": (133.322e6, {"g": 1, "m": -1, "s": -2}),
    "m[H2O]": (9.80665e6, {"g": 1, "m": -1, "s": -2}),
    "J": (1e3, {"g": 1, "m": 2, "s": -2}),
    "cal": (4184.0, {"g": 1, "m": 2, "s": -2}),
    "Hz": (1.0, {"s": -1}),
    "V": (1e3, {"g": 1, "m": 2, "s": -2, "C": -1}),
    "U": (1e-6 / 60, {"mol": 1, "s": -1}),
    "kat": (1.0, {"mol": 1, "s": -1}),
    "[IU]": (1.0, {"[IU]": 1}),
    "[iU]": (1.0, {"[IU]": 1}),
}
OTHERS: Mapping[str, tuple[float, Mapping[str, int]]] = {
    "min": (60.0, {"s": 1}),
    "h": (3600.0, {"s": 1}),
    "d": (86400.0, {"s": 1}),
    "wk": (604800.0, {"s": 1}),
    "mo": (2629800.0, {"s": 1}),  # the mean Julian month
    "a": (31557600.0, {"s": 1}),  # the mean Julian year
    "[lb_av]": (453.59237, {"g": 1}),
    "[oz_av]": (28.349523125, {"g": 1}),
    "[in_i]": (0.0254, {"m": 1}),
    "[ft_i]": (0.3048, {"m": 1}),
    "deg": (1.0, {"deg": 1}),
    "%": (1e-2, {}),
    "10*": (10.0, {}),
    "10^": (10.0, {}),
    "[pH]": (1.0, {}),
    "[ppth]": (1e-3, {}),
    "[ppm]": (1e-6, {}),
}
ARBITRARY = frozenset(
    "[arb'U] [CFU] [PFU] [FFU] [AU] [EU] [BAU] [GPL'U] [MPL'U] [APL'U] [beth'U] [anti'Xa'U] [USP'U] [HPF] [LPF]"
    " [D'ag'U] [CCID_50] [TCID_50] [drp]".split()
)
# Special units: kelvin = value * scale + zero. Alone only, as in UCUM.
TEMPERATURES = {"Cel": (1.0, 273.15), "[degF]": (5 / 9, 459.67 * 5 / 9), "K": (1.0, 0.0)}
MAX_CHARACTERS = 60

_COMPONENT = re.compile(
    r"(?P<operator>[./])?"
    r"(?:(?P<open>\()|(?P<symbol>10[*^]|(?:[A-Za-z%]|\[[^\[\]\s]+\])+)(?P<power>[+-]?[0-9]{1,2})?"
    r"|(?P<factor>[0-9]{1,6})(?![*^])|(?=\{))(?P<note>\{[!-z|~]*\})?",
    re.ASCII,
)


@dataclass(frozen=True)
class Unit:
    """A unit as a multiple of base units; `dimensions` are the base units with their powers, none of them 0."""

    factor: float
    dimensions: frozenset[tuple[str, int]]

    def power(self, name: str) -> int:
        """Return the power of a base unit, 0 where it is not part of this unit."""
        return next((count for held, count in self.dimensions if held == name), 0)

    def times(self, other: "Unit", power: int) -> "Unit":
        """Return this unit times a power of the other."""
        total = dict(self.dimensions)
        for name, count in other.dimensions:
            total[name] = total.get(name, 0) + count * power
        held = frozenset((name, count) for name, count in total.items() if count)
        return Unit(self.factor * other.factor**power, held)


ONE = Unit(1.0, frozenset())
BODY_SURFACE = Unit(1.0, frozenset({("{1.73_m2}", 1)}))  # UCUM ignores it; a clearance must not


def parse(text: str) -> Unit | None:
    """Return what a UCUM unit stands for, None where it is not one, or not one that we know."""
    try:
        return _parsed(text)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Unit:
    """Return the unit. Raises: ValueError, because a failure is not kept, and what is no unit may be words of a note."""
    if not text or len(text) > MAX_CHARACTERS:
        raise ValueError
    if text in TEMPERATURES:
        return Unit(1.0, frozenset({("K", 1)}))
    try:
        found, end = _term(text, 0)
    except ArithmeticError:
        raise ValueError from None
    if found is None or end != len(text) or not 0 < found.factor < math.inf:
        raise ValueError
    return found


def converted(value: float, source: str, target: str) -> float | None:
    """Return the value in the target unit, None where a unit is unknown or they measure different things."""
    if source == target:
        return value
    one, other = parse(source), parse(target)
    if one is None or other is None or one.dimensions != other.dimensions:
        return None
    if source in TEMPERATURES and target in TEMPERATURES:
        (scale, zero), (target_scale, target_zero) = TEMPERATURES[source], TEMPERATURES[target]
        return rounded((value * scale + zero - target_zero) / target_scale)
    return rounded(value * (one.factor / other.factor))


def rounded(value: float) -> float:
    """Return the value to 12 significant digits, which hides that factors are binary fractions."""
    return float(f"{value:.12g}")


def _term(text: str, at: int) -> tuple[Unit | None, int]:
    """Return the unit that a term stands for, and where it ends: at the end of the text or a closing bracket."""
    total, begin = ONE, at
    while at < len(text) and text[at] != ")":
        match = _COMPONENT.match(text, at)
        if (
            match is None
            or match.end() == at
            or (match["operator"] is None) != (at == begin and text[at] != "/")
        ):
            return None, at
        at = match.end()
        if match["open"]:
            unit, at = _term(text, at)
            at += 1  # the closing bracket
            if at > len(text):
                return None, at
        else:
            unit = _simple(match)
        if unit is None:
            return None, at
        total = total.times(unit, -1 if match["operator"] == "/" else 1)
    return (total, at) if at > begin else (None, at)


def _simple(match: "re.Match[str]") -> Unit | None:
    if match["factor"]:
        return Unit(float(match["factor"]), frozenset())
    if not match["symbol"]:
        return (BODY_SURFACE if "1.73" in match["note"] else ONE) if match["note"] else None
    unit = _atom(match["symbol"])
    return unit and ONE.times(unit, int(match["power"] or 1))


def _atom(symbol: str) -> Unit | None:
    known = METRIC.get(symbol) or OTHERS.get(symbol)
    if known:
        return Unit(known[0], frozenset(known[1].items()))
    if symbol in ARBITRARY:
        return Unit(1.0, frozenset({(symbol, 1)}))
    for length in (1, 2):
        scale, base = PREFIXES.get(symbol[:length]), METRIC.get(symbol[length:])
        if scale and base:
            return Unit(scale * base[0], frozenset(base[1].items()))
    return None
