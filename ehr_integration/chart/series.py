"""The values of one measurand over time, in one unit."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from ehr_integration.chart.units.analytes import BY_CODE, Analyte
from ehr_integration.chart.units.ucum import converted


@dataclass(frozen=True, kw_only=True, slots=True)
class Measurement:
    """One exact number of the record: `code` is "system|code", `unit` is UCUM ("1" where there is none)."""

    code: str
    name: str
    value: float
    unit: str
    reference: str
    on: date | None
    instant: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One dated value of a series, in the unit of the series."""

    on: date
    value: float
    reference: str


@dataclass(frozen=True, kw_only=True)
class Series:
    """Values over time, oldest first, in one UCUM unit.

    `left_out` refers to the values that have no date, or a unit that cannot be converted.
    """

    name: str
    code: str
    unit: str
    points: tuple[Point, ...]
    left_out: tuple[str, ...] = field(default=())


def series_of(
    measurements: Iterable[Measurement], *, codes: Iterable[str], unit: str | None = None
) -> Series | None:
    """Return the series of the codes, bare or "system|code"; None where nothing was measured."""
    wanted = {code.rpartition("|")[2] for code in codes}
    found = [one for one in measurements if one.code.rpartition("|")[2] in wanted]
    if not found:
        return None
    found.sort(key=_when)
    newest = found[-1]
    analyte = BY_CODE.get(newest.code.rpartition("|")[2])
    target = unit or (analyte.unit if analyte else newest.unit)
    points, left_out = [], []
    for one in found:
        value = in_unit(one, target, analyte=analyte)
        if value is None or one.on is None:
            left_out.append(one.reference)
        else:
            points.append(Point(on=one.on, value=value, reference=one.reference))
    return Series(
        name=newest.name, code=newest.code, unit=target, points=tuple(points), left_out=tuple(left_out)
    )


def in_unit(one: Measurement, target: str, *, analyte: Analyte | None) -> float | None:
    """Return the value in the target unit, None where it cannot be converted."""
    if analyte is None:
        return converted(one.value, one.unit, target)
    return analyte.in_unit(one.value, one.unit, target)


def _when(one: Measurement) -> tuple[date, datetime]:
    return one.on or date.min, one.instant or datetime.min.replace(tzinfo=UTC)
