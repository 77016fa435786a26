"""Inputs as they come in JSON become what a formula takes: kinds checked, units converted, nothing guessed."""

from collections.abc import Container, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from clinical.calculators.domain import Input, Value
from clinical.calculators.errors import InputMissing, InputUnusable
from clinical.calculators.registry import AnyCalculator
from ehr_integration.chart.units.conversion import converted_measurement
from ehr_integration.chart.units.printed import candidates


def read_inputs(
    calculator: AnyCalculator, given: Mapping[str, Any], *, known: Container[str] = ()
) -> dict[str, Value]:
    """Return the inputs in the formula's kinds and units; null is as if it was not given, `known` need not be.

    A number may come as {"value": 120, "unit": "umol/L"}. Raises: InputMissing, InputUnusable.
    """
    if not set(given) <= set(calculator.inputs):
        # What was given is not said again: nobody knows what stands there.
        raise InputUnusable(f"{calculator.name} asks only for {', '.join(calculator.inputs)}")
    values = {
        name: _value(calculator.inputs[name], value) for name, value in given.items() if value is not None
    }
    missing = [
        each
        for each in calculator.inputs.values()
        if each.is_required and each.name not in values and each.name not in known
    ]
    if missing:
        raise InputMissing([each.name for each in missing], [described(each) for each in missing])
    return values


def described(asked: Input) -> str:
    """Return what is asked for, with its unit or its choices."""
    if asked.choices:
        return f"{asked.asked.label}: {' or '.join(asked.choices)}"
    if asked.kind is bool:
        return f"{asked.asked.label}: true or false"
    if asked.kind is date:
        return f"{asked.asked.label}: YYYY-MM-DD"
    return f"{asked.asked.label}, {asked.asked.unit}" if asked.asked.unit else asked.asked.label


def _value(asked: Input, value: Any) -> Value:  # noqa: ANN401 - any JSON value
    if asked.kind is bool:
        if not isinstance(value, bool):
            raise _unusable(asked)
        return value
    if asked.kind is date:
        return _date(asked, value)
    if issubclass(asked.kind, StrEnum):
        return _choice(asked, value)
    return _number(asked, value)


def _date(asked: Input, value: Any) -> date:  # noqa: ANN401
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise _unusable(asked) from None


def _choice(asked: Input, value: Any) -> StrEnum:  # noqa: ANN401
    by_word = {choice.lower(): choice for choice in asked.choices}
    word = value.strip().lower() if isinstance(value, str) else ""
    if word not in by_word:
        raise _unusable(asked)
    chosen: StrEnum = asked.kind(by_word[word])
    return chosen


def _number(asked: Input, value: Any) -> float | int:  # noqa: ANN401
    if isinstance(value, Mapping):
        value = _in_unit(asked, value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _unusable(asked)
    if asked.kind is int and not float(value).is_integer():
        raise InputUnusable(f"{asked.name} must be a whole number")
    return asked.kind(value)  # type: ignore[no-any-return]


def _in_unit(asked: Input, given: Mapping[str, Any]) -> float:
    """Return a number given with its unit in the unit of the formula."""
    number, unit = given.get("value"), given.get("unit")
    if isinstance(number, bool) or not isinstance(number, int | float) or not isinstance(unit, str):
        raise _unusable(asked)
    for source in candidates(unit):
        found = converted_measurement(float(number), source, asked.asked.unit, loinc=asked.asked.loinc)
        if found is not None:
            return found
    raise InputUnusable(
        f"{asked.name}: the unit given cannot be converted to {asked.asked.unit or 'a number'}"
    )


def _unusable(asked: Input) -> InputUnusable:
    return InputUnusable(f"{asked.name} cannot be used: {described(asked)}")
