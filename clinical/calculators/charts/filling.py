"""What a chart tells of a calculator's inputs: each value with the resource that says it and its age, or why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from clinical.calculators.charts.conditions import condition
from clinical.calculators.domain import Input, Known, Sex, Value
from clinical.calculators.registry import AnyCalculator
from clinical.calculators.services import printed
from ehr_integration.chart.domain import Chart
from ehr_integration.chart.series import Point


@dataclass(frozen=True, kw_only=True)
class Filled:
    """An input as the chart tells it: `text` in words; `reference` is empty for demographics.

    `is_assumed`: nothing in the chart says so, and what is not recorded counts as not there. `age_days` is how old a
    measurement is. `is_from_note`: `text` is then the note's own words.
    """

    name: str
    label: str
    value: Value
    text: str
    reference: str = ""
    on: date | None = None
    age_days: int | None = None
    is_assumed: bool = False
    is_from_note: bool = False


@dataclass(frozen=True, kw_only=True)
class Filling:
    """What was found, and what was not, in words."""

    found: tuple[Filled, ...]
    missing: tuple[str, ...]

    @property
    def values(self) -> dict[str, Value]:
        """The values by the inputs' names."""
        return {each.name: each.value for each in self.found}


def filling_of(calculator: AnyCalculator, chart: Chart, *, on: date) -> Filling:
    """Return what the chart tells, as of a day."""
    found: list[Filled] = []
    missing: list[str] = []
    for each in calculator.inputs.values():
        filled = _filled(each, chart, on)
        if filled is not None:
            found.append(filled)
        elif each.is_required:
            missing.append(_lacking(each))
    return Filling(found=tuple(found), missing=tuple(missing))


def _filled(asked: Input, chart: Chart, on: date) -> Filled | None:
    if asked.asked.known is not None:
        return _known(asked, chart, on)
    if asked.asked.loinc:
        return _measured(asked, chart, on)
    if asked.asked.condition:
        return _recorded(asked, chart)
    return None


def _known(asked: Input, chart: Chart, on: date) -> Filled | None:
    if asked.asked.known is Known.TODAY:
        return _with(asked, on, on.isoformat())
    if asked.asked.known is Known.AGE:
        age = chart.patient.age_years(on)
        return None if age is None else _with(asked, age, f"{age} years")
    sex = chart.patient.sex
    return _with(asked, Sex(sex), sex) if sex in list(Sex) else None


def _with(asked: Input, value: Value, text: str) -> Filled:
    return Filled(name=asked.name, label=asked.asked.label, value=value, text=text)


def _measured(asked: Input, chart: Chart, on: date) -> Filled | None:
    series = chart.series(*asked.asked.loinc, unit=asked.asked.unit)
    newest = _newest(series.points if series else (), asked.asked.valid_for, on)
    if series is None or newest is None:
        return None
    value = round(newest.value) if asked.kind is int else newest.value
    number = f"{series.name} {newest.value:g} {printed(asked.asked.unit)}".strip()
    return Filled(
        name=asked.name,
        label=asked.asked.label,
        value=value,
        text=f"{number} ({newest.on})",
        reference=newest.reference,
        on=newest.on,
        age_days=(on - newest.on).days,
    )


def _newest(points: Sequence[Point], valid_for: timedelta | None, on: date) -> Point | None:
    """Return the last value until the day, unless it is too old to count."""
    until = [point for point in points if point.on <= on]
    if not until or (valid_for is not None and on - until[-1].on > valid_for):
        return None
    return until[-1]


def _recorded(asked: Input, chart: Chart) -> Filled:
    fact = condition(chart, asked.asked.condition)
    if fact is None:
        text = f"{asked.asked.label}: not recorded"
        return Filled(name=asked.name, label=asked.asked.label, value=False, text=text, is_assumed=True)
    return Filled(
        name=asked.name,
        label=asked.asked.label,
        value=True,
        text=fact.text,
        reference=fact.reference,
        on=fact.on,
    )


def _lacking(asked: Input) -> str:
    """Return what would be needed, in words."""
    if asked.asked.known is Known.AGE:
        return "the birth date"
    if asked.asked.known is Known.SEX:
        return "the sex (female or male)"
    if asked.asked.loinc and asked.asked.valid_for:
        return f"{asked.asked.label} of the last {_period(asked.asked.valid_for)}"
    return asked.asked.label


def _period(time: timedelta) -> str:
    words = {1: "day", 7: "week", 31: "month", 365: "year"}
    return words.get(time.days, f"{time.days // 365} years" if time.days >= 365 else f"{time.days} days")
