"""Vignettes of patients in a few words, each with the safety rules that must speak and those that must not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from clinical.calculators.charts.autofill import EGFR, Computed
from clinical.evaluation.data.rows import Row, read_rows
from clinical.evaluation.errors import DataEmpty, DataInvalid
from clinical.safety.domain import ProposedOrder
from clinical.safety.situation import CREATININE_CLEARANCE, POTASSIUM_CODES, QTC_CODES
from ehr_integration.chart.domain import Category, Chart, Fact, Patient
from ehr_integration.chart.series import Measurement

VIGNETTES = "vignettes as JSON Lines: id, medicines, allergies, conditions, proposed, expected, unexpected"
CHILD_PUGH = "child-pugh"
SCORES = {"egfr": EGFR, "creatinine_clearance": CREATININE_CLEARANCE, "child_pugh": CHILD_PUGH}
MEASURED = {"potassium": (POTASSIUM_CODES[0], "Potassium", "mmol/L"), "qtc_ms": (QTC_CODES[0], "QTc", "ms")}
# The day on which every vignette is judged: any will do.
ON = date(2026, 6, 1)


@dataclass(frozen=True, eq=False)
class Vignette:
    """A patient with what is proposed; `expected` and `unexpected` are ids or kinds of rules."""

    id: str
    chart: Chart
    scores: tuple[Computed, ...]
    proposed: tuple[ProposedOrder, ...]
    expected: tuple[str, ...]
    unexpected: tuple[str, ...]


def read_vignettes(path: Path) -> tuple[Vignette, ...]:
    """Return the vignettes. Raises: DataMissing, DataUnreadable, DataInvalid, DataEmpty."""
    vignettes = tuple(_vignette(row) for row in read_rows(path, wanted=VIGNETTES))
    if not vignettes:
        raise DataEmpty(path, "it holds no vignette")
    return vignettes


def _vignette(row: Row) -> Vignette:
    proposed = _listed(row, "proposed")
    return Vignette(
        id=row.text("id"),
        chart=Chart(patient=_patient(row), facts=tuple(_facts(row)), measurements=tuple(_measurements(row))),
        scores=tuple(_scores(row)),
        proposed=tuple(
            ProposedOrder(name=name, words=name, code=None, reference=f"MedicationRequest/draft-{place}")
            for place, name in enumerate(proposed)
        ),
        expected=_listed(row, "expected"),
        unexpected=_listed(row, "unexpected"),
    )


def _patient(row: Row) -> Patient:
    age = _number(row, "age_years")
    # A birthday on the day itself, so that completed years are those that are given.
    born = None if age is None else ON - timedelta(days=round(age * 365.25))
    sex = row.optional_text("sex") or "unknown"
    return Patient(id=row.text("id"), name="", sex=sex, birth_date=born)


def _facts(row: Row) -> Iterator[Fact]:
    for place, name in enumerate(_listed(row, "medicines")):
        yield _fact(Category.MEDICATIONS, name, f"MedicationRequest/{place}")
    for place, entry in enumerate(_listed(row, "allergies")):
        yield _allergy(entry, f"AllergyIntolerance/{place}")
    for place, name in enumerate(_listed(row, "conditions")):
        yield _fact(Category.CONDITIONS, name, f"Condition/{place}")
    if row.find("pregnant"):
        yield _fact(Category.PREGNANCY, "Pregnancy", "Condition/pregnancy")
    if row.find("lactating"):
        yield _fact(Category.CONDITIONS, "Breastfeeding", "Condition/lactation")


def _allergy(entry: str, reference: str) -> Fact:
    """Return "Ramipril: cough" as an allergy with a reaction, "Intolerance: Ramipril" as an intolerance."""
    kind, separator, rest = entry.partition("Intolerance: ")
    name, _, reaction = (rest if separator and not kind else entry).partition(": ")
    said = "Intolerance" if separator and not kind else "Allergy"
    text = f"{said}: {name}" + (f", reaction: {reaction}" if reaction else "")
    return Fact(
        category=Category.ALLERGIES, text=text, name=name, reference=reference, on=ON, status="active"
    )


def _fact(category: Category, name: str, reference: str) -> Fact:
    return Fact(category=category, text=name, name=name, reference=reference, on=ON, status="active")


def _measurements(row: Row) -> Iterator[Measurement]:
    for field, (code, name, unit) in MEASURED.items():
        value = _number(row, field)
        if value is not None:
            yield Measurement(
                code=f"http://loinc.org|{code}",
                name=name,
                value=value,
                unit=unit,
                reference=f"Observation/{field}",
                on=ON,
            )


def _scores(row: Row) -> Iterator[Computed]:
    for field, name in SCORES.items():
        value = _number(row, field)
        if value is not None:
            yield Computed(
                name=name, title=field, value=value, unit="", text=f"{field} {value:g}", facts=(), source=""
            )


def _number(row: Row, field: str) -> float | None:
    value = row.find(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise DataInvalid(row.where, f"{field} is no number")
    return float(value)


def _listed(row: Row, field: str) -> tuple[str, ...]:
    return row.texts(field) if row.find(field) is not None else ()
