"""A measured value in another unit: by what is measured, where its LOINC codes say so."""

from collections.abc import Iterable

from ehr_integration.chart.units.analytes import BY_CODE
from ehr_integration.chart.units.ucum import converted


def converted_measurement(value: float, source: str, target: str, *, loinc: Iterable[str]) -> float | None:
    """Return the value in the target unit, None where it cannot be converted; amounts become masses of a known analyte."""
    analyte = next((BY_CODE[code] for code in loinc if code in BY_CODE), None)
    return analyte.in_unit(value, source, target) if analyte else converted(value, source, target)
