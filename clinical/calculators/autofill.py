"""Scores that a chart can fill, each with the facts that it was computed from, or with what is missing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from clinical.calculators.conditions import condition
from clinical.calculators.errors import CalculatorError
from clinical.calculators.kidney import CKD_EPI_2021, egfr_ckd_epi_2021
from clinical.calculators.stroke import CHA2DS2_VASC, StrokeRiskFactors, cha2ds2_vasc
from ehr_integration.chart.domain import Chart, Fact

EGFR, STROKE_RISK = "egfr-ckd-epi-2021", "cha2ds2-vasc"
# Creatinine in serum, plasma or blood. Source: LOINC.
CREATININE = ("2160-0", "38483-4", "59826-8", "77140-2", "14682-9")
# Our choice: KDIGO 2024 has stable chronic kidney disease checked at least yearly; an older value tells of another time.
CREATININE_VALID_FOR = timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class Computed:
    """A score: its value with the facts behind it; or, with `value` None, what it would need."""

    name: str
    title: str
    value: float | None
    unit: str
    text: str
    facts: tuple[str, ...]
    source: str
    missing: tuple[str, ...] = ()
    as_of: date | None = None


def computed(chart: Chart, *, on: date) -> tuple[Computed, ...]:
    """Return the scores that bear on this patient, as of a day."""
    return tuple(_scores(chart, on))


def _scores(chart: Chart, on: date) -> Iterator[Computed]:
    yield _kidney(chart, on)
    fibrillation = condition(chart, "atrial-fibrillation")
    if fibrillation is not None:
        yield _stroke_risk(chart, fibrillation, on)


def _kidney(chart: Chart, on: date) -> Computed:
    creatinine = chart.series(*CREATININE, unit="mg/dL")
    newest = creatinine.points[-1] if creatinine and creatinine.points else None
    age, sex = chart.patient.age_years(on), chart.patient.sex
    title = "eGFR (CKD-EPI 2021)"
    not_computed = partial(_not_computed, EGFR, title, CKD_EPI_2021)
    if condition(chart, "acute-kidney-injury") is not None:
        # The equation was made for a steady creatinine.
        return not_computed(["a steady creatinine (acute kidney injury is recorded)"])
    missing = [
        *([] if newest and on - newest.on <= CREATININE_VALID_FOR else ["a creatinine of the last year"]),
        *_missing_of(age, sex),
    ]
    if missing or newest is None or age is None:
        return not_computed(missing)
    try:
        value = egfr_ckd_epi_2021(creatinine_mg_dl=newest.value, age_years=age, is_female=sex == "female")
    except CalculatorError as error:
        return not_computed([str(error)])
    return Computed(
        name=EGFR,
        title=title,
        value=value,
        unit="mL/min/{1.73_m2}",
        text=f"{title} {value:.0f} mL/min/1.73 m²",
        facts=(f"Creatinine {newest.value:g} mg/dL ({newest.on})", f"{age} years", sex),
        source=CKD_EPI_2021,
        as_of=newest.on,
    )


def _stroke_risk(chart: Chart, fibrillation: Fact, on: date) -> Computed:
    title = "CHA₂DS₂-VASc"
    age, sex = chart.patient.age_years(on), chart.patient.sex
    not_computed = partial(_not_computed, STROKE_RISK, title, CHA2DS2_VASC)
    missing = _missing_of(age, sex)
    if missing or age is None:
        return not_computed(missing)
    found = {
        name: condition(chart, name)
        for name in ("heart-failure", "hypertension", "diabetes", "stroke", "vascular-disease")
    }
    factors = StrokeRiskFactors(
        age_years=age,
        is_female=sex == "female",
        has_heart_failure=found["heart-failure"] is not None,
        has_hypertension=found["hypertension"] is not None,
        has_diabetes=found["diabetes"] is not None,
        had_stroke=found["stroke"] is not None,
        has_vascular_disease=found["vascular-disease"] is not None,
    )
    try:
        score = cha2ds2_vasc(factors)
    except CalculatorError as error:
        return not_computed([str(error)])
    facts = (fibrillation, *(fact for fact in found.values() if fact is not None))
    return Computed(
        name=STROKE_RISK,
        title=title,
        value=float(score),
        unit="",
        text=f"{title} {score} of 9",
        facts=(f"{age} years", sex, *(fact.text for fact in facts)),
        source=CHA2DS2_VASC,
    )


def _missing_of(age: int | None, sex: str) -> list[str]:
    """Return what of age and sex a score would need and is not known."""
    return [
        *([] if age is not None else ["the birth date"]),
        *([] if sex in ("female", "male") else ["the sex (female or male)"]),
    ]


def _not_computed(name: str, title: str, source: str, missing: Sequence[str]) -> Computed:
    return Computed(
        name=name,
        title=title,
        value=None,
        unit="",
        text=f"{title} not computed: missing {', '.join(missing)}",
        facts=(),
        source=source,
        missing=tuple(missing),
    )
