"""A FHIR Quantity as a number, its unit, and words; units are never converted."""

from dataclasses import dataclass

from ehr_integration.chart.reading.elements import JsonObject, number, number_text, words

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
    "1": "",
}


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """A measured number in words; `value` and `unit` (UCUM where coded) are None for a bound ("<0.01")."""

    text: str
    value: float | None
    unit: str | None
    is_unit_missing: bool = False


def read_quantity(element: JsonObject, *, name: str = "", needs_unit: bool = True) -> Quantity | None:
    """Return the quantity, None where its number cannot be read.

    A unit that only repeats the `name` of what is measured ("INR") is not shown.
    """
    value = number(element.get("value"))
    if value is None:
        return None
    comparator, code, written = (words(element.get(part)) for part in ("comparator", "code", "unit"))
    unit = code or written or None
    is_missing = needs_unit and unit is None
    shown = " (unit missing)" if is_missing else _shown(written or code, name=name)
    return Quantity(
        text=f"{comparator}{number_text(value)}{shown}",
        value=None if comparator else value,
        unit=None if comparator else unit,
        is_unit_missing=is_missing,
    )


def _shown(unit: str, *, name: str) -> str:
    if unit.casefold() == name.casefold():
        return ""
    spelled = "/".join(SPELLINGS.get(part, part) for part in unit.split("/"))
    return spelled if spelled in {"", "%"} else f" {spelled}"
