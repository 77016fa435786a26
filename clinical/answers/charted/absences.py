"""What the chart does not tell, or has not told for long: said in words, so that silence is not taken for normal."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache

from clinical.calculators import inputs
from clinical.calculators.charts.autofill import Computed
from clinical.calculators.declaring import asked_of
from clinical.calculators.domain import Asked
from clinical.calculators.services import printed
from clinical.safety.monitoring import overdue
from ehr_integration.chart.domain import Chart
from ehr_integration.chart.series import Point

# Words before a measurement's own name: "serum creatinine" is asked for as "creatinine".
LEADING = re.compile(r"^(?:serum|total|arterial|body|blood)\s+")
IN_BRACKETS = re.compile(r"\s*\(([^)]+)\)")
DAYS_A_MONTH = 30.44


def absences(chart: Chart, question: str, scores: Sequence[Computed], *, on: date) -> tuple[str, ...]:
    """Return what the chart lacks or has only old: what the question names, what medicines ask for, what scores need."""
    return (
        *_of_question(chart, question, on),
        *_of_medicines(chart, on),
        *(score.text for score in scores if score.value is None),
    )


def _of_medicines(chart: Chart, on: date) -> Iterator[str]:
    for each in overdue(chart, on=on):
        watch = each.watch
        begun = (
            f"No {watch.measure} since {_span(each.last.on, on)}: the last was {_value(each.last, each.unit)}"
            if each.last
            else f"No {watch.measure} in the record"
        )
        yield f"{begun}; {each.medicine} asks for one every {_span_of(watch.days)} ({watch.source})"


def _of_question(chart: Chart, question: str, on: date) -> Iterator[str]:
    for name, asked in _measured().items():
        if not re.search(rf"\b(?:{name})\b", question, re.I):
            continue
        label = IN_BRACKETS.sub("", asked.label)
        series = chart.series(*asked.loinc, unit=asked.unit)
        points = [point for point in series.points if point.on <= on] if series else []
        if not points:
            yield f"No {label} in the record"
        elif asked.valid_for is not None and on - points[-1].on > asked.valid_for:
            yield f"No {label} since {_span(points[-1].on, on)}: the last was {_value(points[-1], asked.unit)}"


@cache
def _measured() -> Mapping[str, Asked]:
    """Return what calculators take from a chart, by the words in which a question may name it, as a pattern."""
    found: dict[str, Asked] = {}
    for hint in vars(inputs).values():
        asked = asked_of(hint)
        if asked is not None and asked.loinc:
            found.setdefault(_names(asked.label), asked)
    return found


def _names(label: str) -> str:
    own = IN_BRACKETS.sub("", label)
    names = {own, LEADING.sub("", own), *IN_BRACKETS.findall(label)}
    american = {each.replace("haem", "hem") for each in names}
    return "|".join(sorted(map(re.escape, names | american), key=len, reverse=True))


def _value(point: Point, unit: str) -> str:
    return f"{f'{point.value:g} {printed(unit)}'.strip()} on {point.on}"


def _span(since: date, on: date) -> str:
    return _span_of((on - since).days)


def _span_of(days: int) -> str:
    if days < 60:
        return f"{days} days"
    months = round(days / DAYS_A_MONTH)
    return f"{months} months" if months < 24 else f"{months // 12} years"
