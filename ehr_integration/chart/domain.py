"""The normalised chart: dated facts with their FHIR references, and findings about their quality."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Category(StrEnum):
    """A part of the record that a question may need."""

    CONDITIONS = "conditions"
    MEDICATIONS = "medications"
    ALLERGIES = "allergies"
    LABORATORY = "laboratory"
    VITAL_SIGNS = "vital-signs"
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
    `on` is the clinically relevant date; `value` and `unit` are set for numeric observations (UCUM unit);
    `code` is the first coding ("system|code"); `status` is the FHIR status.
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


class FindingCode(StrEnum):
    """What may be wrong with a piece of the chart."""

    MISSING_UNIT = "missing-unit"
    DUPLICATE = "duplicate"
    CONFLICTING_STATUS = "conflicting-status"
    ENTERED_IN_ERROR = "entered-in-error"
    INVALID_RESOURCE = "invalid-resource"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A data-quality finding: code, the resource, and one sentence for the clinician."""

    code: FindingCode
    reference: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Chart:
    """What was read of one patient, newest facts first within a category."""

    patient: Patient
    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...] = field(default=())
