"""A row's entities become a calculator's inputs; what the row does not say counts as MedCalc-Bench counts it."""

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from clinical.calculators.domain import Input, Value
from clinical.calculators.errors import CalculatorError, InputUnusable
from clinical.calculators.reading import read_inputs
from clinical.calculators.registry import AnyCalculator, calculator_named, calculators
from clinical.evaluation.data.medcalc import read_date
from clinical.evaluation.medcalc.mapping import Entity, Mapped, derived, key, units
from ehr_integration.chart.units.ucum import converted

Given = dict[str, Any]


# What is told of another calculator's inputs.
Tell = Callable[[AnyCalculator], Mapping[str, Any]]


def inputs_of(mapped: Mapped, entities: Mapping[str, object]) -> dict[str, Value]:
    """Return the inputs that the entities give. Raises: CalculatorError where they do not suffice.

    A yes/no input of which the row says nothing is no, and `defaults` of the table are choices that it leaves out: this is
    MedCalc-Bench's convention, and not the product's.
    """
    calculator = calculator_named(mapped.name)
    told = given_by(mapped, entities)
    silent: Given = {
        each.name: False for each in calculator.inputs.values() if each.kind is bool and each.is_required
    }
    return completed(mapped, {**silent, **told}, lambda _: told)


def completed(mapped: Mapped, told: Mapping[str, Any], tell: Tell) -> dict[str, Value]:
    """Return what was told, with what follows from it and the table's defaults, as the calculator asks for it.

    Raises: CalculatorError.
    """
    calculator = calculator_named(mapped.name)
    given = {**mapped.defaults, **told, **_derived(calculator, tell)}
    asked = {name: value for name, value in given.items() if name in calculator.inputs}
    return read_inputs(
        calculator, {name: _as_asked(calculator.inputs[name], each) for name, each in asked.items()}
    )


def given_by(mapped: Mapped, entities: Mapping[str, object]) -> Given:
    """Return what the entities say, by the inputs' names. Raises: InputUnusable."""
    given: Given = {}
    known = {key(name): value for name, value in entities.items()}
    for name, value in known.items():
        entity = mapped.entities.get(name)
        for told, each in _told(entity, value, known) if entity else ():
            given[told] = given[told] or each if isinstance(given.get(told), bool) else each
    return given


def unknown_entities(mapped: Mapped, entities: Mapping[str, object]) -> list[str]:
    """Return the entities that the table does not have for the calculator."""
    counts = {key(each.per_day) for each in mapped.entities.values() if each.per_day}
    return [name for name in entities if key(name) not in mapped.entities and key(name) not in counts]


def _told(entity: Entity, value: object, known: Mapping[str, object]) -> Iterator[tuple[str, Any]]:
    if value is None:
        return
    if entity.sets:
        yield from _chosen(entity.sets, value).items()
    elif entity.choices:
        yield entity.input, _chosen(entity.choices, value)
    elif entity.over is not None:
        yield entity.input, _number_in(entity.unit, value) > entity.over
    elif entity.named and isinstance(value, list) and len(value) == 3:
        yield entity.named, str(value[0])
        yield entity.input, _measured(value[1:], entity)
    elif entity.per_day:
        yield entity.input, _daily(entity, value, known)
    else:
        yield entity.input, _measured(value, entity)


def _chosen(choices: Mapping[str, Any], value: object) -> Any:  # noqa: ANN401 - a word, or inputs
    word = key(str(value))
    if word not in choices:
        raise InputUnusable("The row has a word that the table of choices does not have")
    return choices[word]


def _measured(value: object, entity: Entity) -> object:
    """Return a number with its unit in UCUM, or the value as it is. Raises: InputUnusable."""
    if isinstance(value, dict):
        raise InputUnusable("The row has an object where a value should be")
    return _amount(value, entity) if isinstance(value, list) else value


def _amount(value: object, entity: Entity) -> dict[str, Any]:
    if not isinstance(value, list) or len(value) != 2 or not is_number(value[0]):
        raise InputUnusable("The row has a list that is no number with its unit")
    unit = str(value[1])
    return {"value": value[0], "unit": entity.unit or units().get(key(unit), unit)}


def is_number(value: object) -> bool:
    """Whether a JSON value is a number that can be reckoned with."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _daily(entity: Entity, value: object, known: Mapping[str, object]) -> dict[str, Any]:
    """Return the dose times the doses a day."""
    times, dose = known.get(key(entity.per_day)), _amount(value, entity)
    count = times[0] if isinstance(times, list) and times else times
    if not isinstance(count, int | float) or not is_number(count):
        raise InputUnusable("The row does not say how often a day the dose is taken")
    unit = dose["unit"] if entity.unit else f"{dose['unit']}/d"
    return {"value": dose["value"] * count, "unit": unit}


def _number_in(unit: str, value: object) -> float:
    amount = _amount(value, Entity())
    found = converted(float(amount["value"]), amount["unit"], unit)
    if found is None:
        raise InputUnusable("The row has a unit that cannot be converted")
    return found


def _derived(calculator: AnyCalculator, tell: Tell) -> Given:
    """Return the inputs that another calculator gives from what is told."""
    found: Given = {}
    for name, source in derived().items():
        if name not in calculator.inputs or source not in calculators():
            continue
        other = calculators()[source]
        told = tell(other)
        try:
            found[name] = other(
                **read_inputs(other, {each: told[each] for each in other.inputs if each in told})
            )
        except CalculatorError:
            continue
    return found


def _as_asked(asked: Input, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value as an input asks for it: an age in whole years, a date in ISO form."""
    if asked.kind is date:
        day = value if isinstance(value, date) else read_date(str(value).strip())
        return value if day is None else day.isoformat()
    if asked.kind is int and isinstance(value, dict):
        number = converted(float(value["value"]), value["unit"], asked.asked.unit)
        return value if number is None else int(number)
    return value
