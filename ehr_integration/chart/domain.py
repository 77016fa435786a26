"""The normalised chart: dated facts with their FHIR references, and findings about their quality."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from ehr_integration.chart.series import Measurement, Series, series_of


class Category(StrEnum):
    """A part of the record that a question may need."""

    CONDITIONS = "conditions"
    MEDICATIONS = "medications"
    ALLERGIES = "allergies"
    LABORATORY = "laboratory"
    VITAL_SIGNS = "vital-signs"
    PREGNANCY = "pregnancy"
    PROCEDURES = "procedures"
    ENCOUNTERS = "encounters"
    NOTES = "notes"


@dataclass(frozen=True, kw_only=True)
class Need:
    """The categories that a question needs; nothing else is fetched (minimum necessary)."""

    categories: frozenset[Category]


@dataclass(frozen=True, kw_only=True)
class Patient:
    """Demographics that change an answer. `birth_date` is None where the EHR gives none."""

    id: str
    name: str
    sex: str
    birth_date: date | None

    def age_years(self, on: date) -> int | None:
        """Completed years of age on the given day."""
        if self.birth_date is None:
            return None
        had_birthday = (on.month, on.day) >= (self.birth_date.month, self.birth_date.day)
        return on.year - self.birth_date.year - (0 if had_birthday else 1)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One statement of the chart, in words, with the resource that says it.

    `text` reads alone ("Creatinine 1.9 mg/dL"); `reference` is relative ("Observation/af-creatinine-3");
    `on` is the clinically relevant date; `value` and `unit` (UCUM) are set for a numeric observation that is safe
    to compute with; `code` is the preferred coding ("system|code": RxNorm, LOINC, SNOMED CT before others);
    `status` is the FHIR status; `source` is who or what says it: performer, recorder, author, or sending system.
    """

    category: Category
    text: str
    reference: str
    on: date | None
    name: str = ""
    value: float | None = None
    unit: str | None = None
    code: str | None = None
    status: str | None = None
    source: str | None = None


class FindingCode(StrEnum):
    """What may be wrong with a piece of the chart."""

    MISSING_UNIT = "missing-unit"
    UNKNOWN_UNIT = "unknown-unit"
    IMPOSSIBLE_VALUE = "impossible-value"
    DUPLICATE = "duplicate"
    CONFLICTING_STATUS = "conflicting-status"
    ENTERED_IN_ERROR = "entered-in-error"
    INVALID_RESOURCE = "invalid-resource"
    INCOMPLETE = "incomplete"
    STALE = "stale"
    UNKNOWN_CODE = "unknown-code"
    PREFETCH_MISSING = "prefetch-missing"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A data-quality finding: code, the resource, and one sentence for the clinician."""

    code: FindingCode
    reference: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Chart:
    """What was read of one patient, newest facts first within a category; `measurements` are all exact numbers."""

    patient: Patient
    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...] = field(default=())
    measurements: tuple[Measurement, ...] = field(default=(), repr=False)

    def series(self, *codes: str, unit: str | None = None) -> Series | None:
        """Return the dated values of the LOINC codes, oldest first, in one UCUM unit; None where there are none.

        The unit is the one asked for, else the usual one of what is measured, else that of the newest value.
        """
        return series_of(self.measurements, codes=codes, unit=unit)
