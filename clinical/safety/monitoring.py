"""What should be measured while a medicine is taken, and was not for too long."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from clinical.safety.medicines import taken
from ehr_integration.chart.domain import Chart
from ehr_integration.chart.series import Point

TABLE = Path(__file__).with_name("tables") / "monitoring.toml"


@dataclass(frozen=True, kw_only=True)
class Watch:
    """A measurement that a medicine asks for at least every so many `days`."""

    drug: str
    measure: str
    loinc: tuple[str, ...]
    days: int
    source: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Overdue:
    """A measurement that is due: the medicine's name, and the last value where there is one."""

    watch: Watch
    medicine: str
    last: Point | None
    unit: str


@cache
def watches() -> tuple[Watch, ...]:
    """Return all that is to be measured, in the order of the table."""
    entries = tomllib.loads(TABLE.read_text("utf-8")).values()
    return tuple(Watch(**{**entry, "loinc": tuple(entry["loinc"])}) for entry in entries)


def overdue(chart: Chart, *, on: date) -> Iterator[Overdue]:
    """Yield what the medicines taken ask for and the chart lacks or has only old, each measurement once."""
    told: set[str] = set()
    medicines = [each for each in taken(chart) if not each.is_local]
    for watch in watches():
        medicine = next((each for each in medicines if watch.drug in each.ingredient.classes), None)
        if medicine is None or watch.measure in told:
            continue
        series = chart.series(*watch.loinc)
        last = next((point for point in reversed(series.points) if point.on <= on), None) if series else None
        if last is None or (on - last.on).days > watch.days:
            told.add(watch.measure)
            unit = series.unit if series else ""
            yield Overdue(watch=watch, medicine=medicine.name, last=last, unit=unit)
