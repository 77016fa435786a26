"""What the rules may ask of a patient: conditions, states, and measures that are recent enough to go by."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from clinical.calculators.charts.autofill import EGFR, Computed
from clinical.calculators.charts.conditions import condition
from clinical.safety.domain import Limit
from clinical.safety.states import STATES
from ehr_integration.chart.domain import Chart, Fact

CREATININE_CLEARANCE = "creatinine-clearance-cockcroft-gault"
QTC = "qtc"
QTC_SCORES = ("qtc-fridericia", "qtc-bazett")
POTASSIUM = "potassium"
AGE_YEARS, AGE_DAYS = "age-years", "age-days"
# Source: LOINC. Potassium in serum, plasma or blood; QT interval corrected, by EKG.
POTASSIUM_CODES = ("2823-3", "6298-4", "77142-8")
QTC_CODES = ("8636-3",)
# Our choice: a potassium or an ECG of another month says little about today.
VALID_FOR = timedelta(days=30)
STAND_IN = "The label goes by creatinine clearance, which is not known; eGFR stands in for it"


@dataclass(frozen=True)
class Measured:
    """A value, and in words what it is and what it comes from."""

    value: float
    because: tuple[str, ...]


@dataclass(frozen=True)
class Situation:
    """A patient on a day."""

    chart: Chart
    on: date
    measures: Mapping[str, Measured]
    _conditions: dict[str, Fact | None] = field(default_factory=dict, repr=False)

    def fact(self, name: str) -> Fact | None:
        """Return the fact that says that the patient has a condition or is in a state; None where none does."""
        if name not in self._conditions:
            state = STATES.get(name)
            self._conditions[name] = state(self.chart, self.on) if state else condition(self.chart, name)
        return self._conditions[name]

    def measured(self, limit: Limit | None) -> Measured | None:
        """Return the measure that a limit asks for, where it is known and beyond the limit."""
        found = self.measures.get(limit.measure) if limit else None
        return found if found and limit and limit.holds(found.value) else None


def situation(chart: Chart, scores: Sequence[Computed], on: date) -> Situation:
    """Return what is known about the patient of a chart on a day."""
    return Situation(chart, on, dict(_measures(chart, scores, on)))


def _measures(chart: Chart, scores: Sequence[Computed], on: date) -> Iterator[tuple[str, Measured]]:
    known = {score.name: _of_score(score) for score in scores if score.value is not None}
    if EGFR in known and CREATININE_CLEARANCE not in known:
        stand_in = known[EGFR]
        yield CREATININE_CLEARANCE, Measured(stand_in.value, (*stand_in.because, STAND_IN))
    yield from known.items()
    yield from _newest(chart, POTASSIUM, POTASSIUM_CODES, "mmol/L", on)
    qtc = next((known[name] for name in QTC_SCORES if name in known), None)
    if qtc is not None:
        yield QTC, qtc
    else:
        yield from _newest(chart, QTC, QTC_CODES, "ms", on)
    yield from _age(chart, on)


def _of_score(score: Computed) -> Measured:
    return Measured(score.value or 0.0, (score.text, *score.facts[:1]))


def _newest(
    chart: Chart, name: str, codes: Sequence[str], unit: str, on: date
) -> Iterator[tuple[str, Measured]]:
    series = chart.series(*codes, unit=unit)
    if series and series.points and on - series.points[-1].on <= VALID_FOR:
        newest = series.points[-1]
        yield name, Measured(newest.value, (f"{series.name} {newest.value:g} {unit} ({newest.on})",))


def _age(chart: Chart, on: date) -> Iterator[tuple[str, Measured]]:
    years, born = chart.patient.age_years(on), chart.patient.birth_date
    if years is not None and born is not None:
        yield AGE_YEARS, Measured(years, (f"{years} years",))
        yield AGE_DAYS, Measured((on - born).days, (f"{(on - born).days} days old",))
