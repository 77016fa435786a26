"""A calculator and its inputs become a number with its meaning."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from clinical.calculators.domain import Result, Value
from clinical.calculators.reading import read_inputs
from clinical.calculators.registry import AnyCalculator

# UCUM as people read it; what is not listed is read as it is.
PRINTED = {
    "mL/min/{1.73_m2}": "mL/min/1.73 m²",
    "mm[Hg]": "mmHg",
    "kg/m2": "kg/m²",
    "m2": "m²",
    "Cel": "°C",
    "mosm/kg": "mOsm/kg",
    "1": "",
    "a": "years",
    "d": "days",
    "10*3/uL": "10³/µL",
    "ug/kg/min": "µg/kg/min",
    "mL/d": "mL/day",
    "mg/d": "mg/day",
    "ug/d": "µg/day",
    "ug/h": "µg/h",
    "[pH]": "",
}


def calculate(calculator: AnyCalculator, given: Mapping[str, Any]) -> Result:
    """Return the result for inputs as they come in JSON. Raises: CalculatorError."""
    return result_of(calculator, read_inputs(calculator, given))


def result_of(calculator: AnyCalculator, values: Mapping[str, Value]) -> Result:
    """Return the result for values in the formula's kinds and units. Raises: InputOutOfRange, NotApplicable."""
    value = calculator(**values)
    return Result(
        value=value,
        text=f"{calculator.title} {written(calculator, value)}",
        meaning=calculator.meaning(value),
    )


def written(calculator: AnyCalculator, value: int | float | date) -> str:
    """Return the value as people read it, with its unit or what it is out of."""
    if calculator.shown is not None:
        return calculator.shown(value)
    if isinstance(value, date):
        return value.isoformat()
    number = f"{value:.{calculator.decimals}f}"
    if calculator.out_of is not None:
        return f"{number} of {calculator.out_of}"
    return f"{number} {printed(calculator.unit)}".strip()


def printed(unit: str) -> str:
    """Return a UCUM unit as people read it."""
    return PRINTED.get(unit, "" if unit.startswith("{") else unit)
