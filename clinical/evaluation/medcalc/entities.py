"""A problem's entities become a formula's inputs: units converted, words in our choices.

A yes-or-no entity that a problem does not list counts as no: MedCalc-Bench lists only some of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import cache

from clinical.calculators.domain import Input, Value
from clinical.calculators.errors import InputMissing, InputUnusable
from clinical.calculators.reading import described
from clinical.calculators.registry import AnyCalculator, calculators
from clinical.evaluation.medcalc.mapping import mapping, plain
from ehr_integration.chart.units.analytes import BY_CODE
from ehr_integration.chart.units.printed import candidates
from ehr_integration.chart.units.ucum import converted

# Fever in the Centor score. Source: McIsaac et al., CMAJ 1998; 158: 75-83.
FEVER_CELSIUS = 38.0
UNITS_OF_AGE = {"a": 1.0, "mo": 12.0, "wk": 52.18, "d": 365.25}
# Marks that a dose stands alone, as one number with the times a day.
A_DAY, DOSE = " dose per day", " dose"


def inputs_of(calculator: AnyCalculator, entities: Mapping[str, object]) -> dict[str, Value]:
    """Return the inputs. Raises: InputMissing, InputUnusable."""
    told = {plain(name): value for name, value in entities.items()}
    values: dict[str, Value] = {}
    for name, value in told.items():
        for target, found in _read(calculator, name, value):
            values[target] = found or values.get(target, False) if isinstance(found, bool) else found
    values |= _daily_doses(calculator, told)
    # What is measured goes before what only a word tells.
    derived = {name: value for name, value in _derived(calculator, told) if value is not None}
    return _complete(calculator, values | derived)


def numbers_told(
    calculator: AnyCalculator, entities: Mapping[str, object]
) -> Iterator[tuple[Input, float, float]]:
    """Yield the measurements: input, number as written, number in the unit of the input."""
    for name, value in entities.items():
        for target in _targets(calculator, plain(name)):
            asked = _asked(calculator, target)
            written = _number_and_unit(value)
            if asked is not None and asked.asked.unit and written is not None:
                yield asked, written[0], _in_unit(asked, *written)


@cache
def _supports() -> Mapping[str, Input]:
    """Return inputs that some formulas do not take, but that what they take is worked out of."""
    known = calculators()
    temperature = {"temperature_celsius": known["sirs"].inputs["temperature_celsius"]}
    return {**known["mean-arterial-pressure"].inputs, **temperature}


def _targets(calculator: AnyCalculator, name: str) -> tuple[str, ...]:
    targets = mapping().inputs.get(name, ())
    return tuple(each for each in targets if each in calculator.inputs or each in _supports())


def _asked(calculator: AnyCalculator, name: str) -> Input | None:
    return calculator.inputs.get(name) or _supports().get(name)


def _read(calculator: AnyCalculator, name: str, value: object) -> Iterator[tuple[str, Value]]:
    words = mapping().words.get(name, {})
    word = plain(str(value))
    if words and word not in words:
        raise InputUnusable(f"{calculator.name}: a word of the data set that mapping.toml does not have")
    if words:
        for target, found in words[word].items():
            if target in calculator.inputs:
                yield target, _kind(calculator.inputs[target], found)
        return
    targets = [each for each in _targets(calculator, name) if each in calculator.inputs]
    parts = _parts(value, len(targets))
    for target, part in zip(targets, parts, strict=False):
        yield target, _value(calculator.inputs[target], part)


def _parts(value: object, count: int) -> Sequence[object]:
    """Return the value for each target: a word with its number is both, anything else the same for all."""
    if isinstance(value, list) and value and isinstance(value[0], str):
        return value[0], value[1:]
    return [value] * count


def _value(asked: Input, value: object) -> Value:
    if asked.kind is bool:
        if not isinstance(value, bool):
            raise _unusable(asked)
        return value
    if isinstance(value, str):
        return _word(asked, value)
    written = _number_and_unit(value)
    if written is None:
        raise _unusable(asked)
    return _kind(asked, _age(value) if asked.name == "age_years" else _in_unit(asked, *written))


def _kind(asked: Input, found: object) -> Value:
    kind: Callable[[object], Value] = asked.kind
    return kind(found)


def _word(asked: Input, value: str) -> Value:
    if issubclass(asked.kind, StrEnum):
        if plain(value) not in asked.choices:
            raise _unusable(asked)
        return _kind(asked, plain(value))
    try:
        return datetime.strptime(value.strip(), "%m/%d/%Y").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise _unusable(asked) from None


def _number_and_unit(value: object) -> tuple[float, str] | None:
    """Return [1.4, "mg/dL"] and 1.4 as number and unit; None for what is no number."""
    number, unit = value[:2] if isinstance(value, list) and len(value) >= 2 else (value, "")  # noqa: PLR2004
    if isinstance(number, bool) or not isinstance(number, int | float) or not isinstance(unit, str):
        return None
    return float(number), unit


def _age(value: object) -> float:
    """Return an age in years: 18, [18, "months"] or [1, "years", 6, "months"]."""
    if not isinstance(value, list):
        return float(value)  # type: ignore[arg-type] - a number: it was read before
    pairs = zip(value[::2], value[1::2], strict=False)
    return sum(float(number) / UNITS_OF_AGE.get(_first(unit), 1.0) for number, unit in pairs)


def _first(unit: object) -> str:
    return next(iter(candidates(str(unit))), "")


def _in_unit(asked: Input, number: float, unit: str) -> float:
    """Return a number in the input's unit. Raises: InputUnusable."""
    if not unit or not asked.asked.unit:
        return number
    analyte = next((BY_CODE[code] for code in asked.asked.loinc if code in BY_CODE), None)
    for source in _sources(asked, unit):
        convert = analyte.in_unit if analyte else converted
        found = convert(number, source, asked.asked.unit)
        if found is not None and (analyte is None or analyte.is_possible(found, asked.asked.unit)):
            return found
    raise InputUnusable(f"{asked.name}: the unit given cannot be converted to {asked.asked.unit}")


def _sources(asked: Input, unit: str) -> Iterator[str]:
    """Yield what a unit may mean; a count of cells "L" is in a litre, or, where nobody can live with that, in a microlitre."""
    spelled = mapping().units.get(plain(unit))
    is_count = "/uL" in asked.asked.unit
    if spelled and (is_count or not spelled.startswith("/")):
        yield spelled
    yield from candidates(unit)
    if spelled and is_count:
        yield "/uL"


def _daily_doses(calculator: AnyCalculator, told: Mapping[str, object]) -> dict[str, Value]:
    """Return what is taken in a day of each medicine: its dose by how many a day."""
    found: dict[str, Value] = {}
    for medicine, target in mapping().doses.items():
        dose = _number_and_unit(told.get(medicine + DOSE))
        times = _number_and_unit(told.get(medicine + A_DAY))
        if target in calculator.inputs and dose and times:
            found[target] = _one_dose(calculator.inputs[target], *dose) * times[0]
    return found


def _one_dose(asked: Input, number: float, unit: str) -> float:
    """Return a dose in the unit of the input; a patch's strength is written in any unit, and is µg/h."""
    one = asked.asked.unit.removesuffix("/d")
    found = [converted(number, source, one) for source in candidates(unit)]
    return next((each for each in found if each is not None), number)


def _derived(calculator: AnyCalculator, told: Mapping[str, object]) -> Iterator[tuple[str, Value | None]]:
    """Yield what is worked out of other measurements, where they are told."""
    if "mean_arterial_mmhg" in calculator.inputs:
        systolic, diastolic = (
            _told(told, each) for each in ("systolic blood pressure", "diastolic blood pressure")
        )
        yield "mean_arterial_mmhg", None if not systolic or not diastolic else (systolic + 2 * diastolic) / 3
    if "has_fever" in calculator.inputs and (written := _number_and_unit(told.get("temperature"))):
        yield "has_fever", _in_unit(_supports()["temperature_celsius"], *written) > FEVER_CELSIUS


def _told(told: Mapping[str, object], name: str) -> float | None:
    written = _number_and_unit(told.get(name))
    return written[0] if written else None


def _complete(calculator: AnyCalculator, values: dict[str, Value]) -> dict[str, Value]:
    """Return the values with what is not told: no, and the choice that silence means. Raises: InputMissing."""
    missing = []
    for each in calculator.inputs.values():
        if each.name in values or not each.is_required:
            continue
        if each.kind is bool:
            values[each.name] = False
        elif each.name in mapping().unsaid:
            values[each.name] = _kind(each, mapping().unsaid[each.name])
        else:
            missing.append(each)
    if missing:
        raise InputMissing([each.name for each in missing], [described(each) for each in missing])
    return values


def _unusable(asked: Input) -> InputUnusable:
    return InputUnusable(f"{asked.name} cannot be used: {described(asked)}")
