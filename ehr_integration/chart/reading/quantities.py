"""A FHIR Quantity as a number, its UCUM unit, and words as the record gives them."""

from dataclasses import dataclass

from ehr_integration.chart.domain import FindingCode
from ehr_integration.chart.reading.elements import JsonObject, number, number_text, words
from ehr_integration.chart.units.analytes import Analyte
from ehr_integration.chart.units.printed import candidates
from ehr_integration.chart.units.ucum import converted

UCUM = "http://unitsofmeasure.org"
SPELLINGS = {  # UCUM -> how people write it
    "mm[Hg]": "mmHg",
    "cm[H2O]": "cmH2O",
    "Cel": "°C",
    "[degF]": "°F",
    "[lb_av]": "lb",
    "[in_i]": "in",
    "[IU]": "IU",
    "m[IU]": "mIU",
    "u[IU]": "uIU",
    "{1.73_m2}": "1.73 m2",
    "{beats}": "beats",
    "{score}": "",
    "(score)": "",
    "1": "",
}
DOUBTS = {
    FindingCode.MISSING_UNIT: " (unit missing)",
    FindingCode.UNKNOWN_UNIT: " (unit not understood)",
    FindingCode.IMPOSSIBLE_VALUE: " (not a possible value)",
}


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """A measured number in words; `value` and `unit` (UCUM) are None for a bound ("<0.01") or a doubtful one.

    A number without a unit keeps its value. `doubt` says what is wrong with it.
    """

    text: str
    value: float | None
    unit: str | None
    doubt: FindingCode | None = None


def read_quantity(
    element: JsonObject, *, name: str = "", needs_unit: bool = True, analyte: Analyte | None = None
) -> Quantity | None:
    """Return the quantity, None where its number cannot be read.

    A unit that only repeats the `name` of what is measured ("INR") is not shown.
    """
    value = number(element.get("value"))
    if value is None:
        return None
    comparator, code, written = (words(element.get(part)) for part in ("comparator", "code", "unit"))
    is_bare = not needs_unit and not (code or written)
    unit = "1" if is_bare else _unit(element, analyte=analyte, name=name)
    doubt = _doubt(value, unit, is_stated=bool(code or written), analyte=analyte)
    shown = "" if doubt is FindingCode.MISSING_UNIT else _shown(written or code, name=name)
    is_exact = not comparator and doubt in {None, FindingCode.MISSING_UNIT}
    return Quantity(
        text=f"{comparator}{number_text(value)}{shown}{DOUBTS[doubt] if doubt else ''}",
        value=value if is_exact else None,
        unit=unit if is_exact else None,
        doubt=doubt,
    )


def _doubt(value: float, unit: str | None, *, is_stated: bool, analyte: Analyte | None) -> FindingCode | None:
    if unit is None:
        return FindingCode.UNKNOWN_UNIT if is_stated else FindingCode.MISSING_UNIT
    if analyte and analyte.in_unit(value, unit, analyte.unit) is None:
        return FindingCode.UNKNOWN_UNIT  # a pressure cannot be a concentration
    return FindingCode.IMPOSSIBLE_VALUE if analyte and not analyte.is_possible(value, unit) else None


def _unit(element: JsonObject, *, analyte: Analyte | None, name: str) -> str | None:
    """Return the unit as UCUM, None where there is none, none is known, or code and words contradict each other."""
    code, written = words(element.get("code")), words(element.get("unit"))
    spelled = () if written.casefold() == name.casefold() else _fitting(written, analyte)
    coded = _fitting(code, analyte) if words(element.get("system")) in {UCUM, ""} or not spelled else ()
    if len(coded) == 1 and len(spelled) == 1 and not _is_same(coded[0], spelled[0]):
        return None
    found = coded or spelled
    if not found and name and written.casefold() == name.casefold() and not code:
        return "1"
    return found[0] if len(found) == 1 else None


def _is_same(one: str, other: str) -> bool:
    """Whether two UCUM units are one; "IU" and "U" are written for each other."""
    return converted(1.0, one.replace("[IU]", "U"), other.replace("[IU]", "U")) == 1.0


def _fitting(text: str, analyte: Analyte | None) -> tuple[str, ...]:
    found = candidates(text) if text else ()
    if len(found) < 2 or analyte is None:
        return found
    return tuple(unit for unit in found if analyte.in_unit(1.0, unit, analyte.unit) is not None)


def _shown(unit: str, *, name: str) -> str:
    if unit.casefold() == name.casefold():
        return ""
    spelled = "/".join(SPELLINGS.get(part, part) for part in unit.split("/"))
    return spelled if spelled in {"", "%"} else f" {spelled}"
