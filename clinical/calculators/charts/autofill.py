"""Scores that a chart can fill, each with the facts that it was computed from, or with what is missing."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from clinical.calculators.charts.conditions import condition
from clinical.calculators.charts.filling import Filled, filling_of
from clinical.calculators.errors import CalculatorError
from clinical.calculators.registry import AnyCalculator, calculators
from clinical.calculators.services import result_of
from ehr_integration.chart.domain import Chart

MOST_TOLD = 3
EGFR, STROKE_RISK = "egfr-ckd-epi-2021", "cha2ds2-vasc"


@dataclass(frozen=True, kw_only=True)
class Computed:
    """A score: its value with the facts behind it; or, with `value` None, what it would need.

    `facts` are in words, `references` are the resources that say so, `assumed` are conditions that are not recorded and
    count as not there; `as_of` is the day of the oldest measurement.
    """

    name: str
    title: str
    value: float | None
    unit: str
    text: str
    facts: tuple[str, ...]
    source: str
    meaning: str = ""
    references: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    as_of: date | None = None


def computed(chart: Chart, *, on: date, also: Collection[str] = ()) -> tuple[Computed, ...]:
    """Return the scores that bear on this patient, as of a day, and of those named `also` what the chart can fill."""
    return tuple(_scores(chart, on, also))


def _scores(chart: Chart, on: date, also: Collection[str]) -> Iterator[Computed]:
    for calculator in calculators().values():
        bears = calculator.is_for_everyone or any(condition(chart, each) for each in calculator.bears_on)
        if not bears and calculator.name not in also:
            continue
        score = score_of(calculator, chart, on=on)
        if bears or score.value is not None:
            yield score


def score_of(calculator: AnyCalculator, chart: Chart, *, on: date) -> Computed:
    """Return the score that the chart fills, or what it would need."""
    against = [fact.text for name in calculator.not_with if (fact := condition(chart, name))]
    if against:
        return _not_computed(calculator, tuple(f"not valid with: {text}" for text in against))
    filling = filling_of(calculator, chart, on=on)
    if filling.missing:
        return _not_computed(calculator, filling.missing)
    try:
        result = result_of(calculator, filling.values)
    except CalculatorError as error:
        return _not_computed(calculator, (str(error),))
    told = [each for each in filling.found if not each.is_assumed]
    return Computed(
        name=calculator.name,
        title=calculator.title,
        value=None if isinstance(result.value, date) else float(result.value),
        unit=calculator.unit,
        text=result.text,
        meaning=result.meaning,
        facts=tuple(each.text for each in told),
        references=tuple(each.reference for each in told if each.reference),
        assumed=tuple(each.label for each in filling.found if each.is_assumed),
        source=calculator.sources[0].address,
        as_of=_oldest_measurement(calculator, told),
    )


def _oldest_measurement(calculator: AnyCalculator, told: list[Filled]) -> date | None:
    days = [each.on for each in told if each.on and calculator.inputs[each.name].asked.loinc]
    return min(days, default=None)


def _not_computed(calculator: AnyCalculator, missing: tuple[str, ...]) -> Computed:
    return Computed(
        name=calculator.name,
        title=calculator.title,
        value=None,
        unit=calculator.unit,
        text=f"{calculator.title} not computed: missing {_told(missing)}",
        facts=(),
        source=calculator.sources[0].address,
        missing=missing,
    )


def _told(missing: tuple[str, ...]) -> str:
    """Return what is missing in one line: a score of many questions names the first few."""
    first = ", ".join(each.split(":")[0].split(" (")[0] for each in missing[:MOST_TOLD])
    more = len(missing) - MOST_TOLD
    return f"{first} and {more} more" if more > 0 else ", ".join(missing)
