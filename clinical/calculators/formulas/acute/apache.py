"""How likely a patient of an intensive care unit is to die, from the worst values of the first day."""

from enum import StrEnum
from typing import Annotated

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Asked, Source
from clinical.calculators.errors import InputMissing
from clinical.calculators.formulas.acute.critical_care import MeanArterialMmHg
from clinical.calculators.formulas.acute.lungs import alveolar_arterial_gradient
from clinical.calculators.inputs import (
    DAY,
    AdultAgeYears,
    ArterialPh,
    CreatinineMgDl,
    Fio2Percent,
    GlasgowComaScore,
    HeartRatePerMin,
    HematocritPercent,
    Paco2MmHg,
    Pao2MmHg,
    PotassiumMmolL,
    RespiratoryRatePerMin,
    SodiumMmolL,
    TemperatureCelsius,
    WhiteCellsThousandPerUl,
)
from clinical.calculators.steps import more_than, points_from


class Admission(StrEnum):
    """How the patient came to intensive care."""

    NONOPERATIVE = "nonoperative"
    EMERGENCY_SURGERY = "after emergency surgery"
    ELECTIVE_SURGERY = "after elective surgery"


AdmissionKind = Annotated[Admission, Asked(label="admission")]
HasSevereChronicDisease = Annotated[
    bool,
    Asked(label="severe chronic failure of liver, heart, lungs or kidneys, or suppressed immunity"),
]
HasAcuteRenalFailure = Annotated[bool, Asked(label="acute renal failure")]
GradientMmHg = Annotated[
    float,
    Asked(
        label="alveolar-arterial oxygen gradient",
        unit="mm[Hg]",
        low=-100,
        high=760,
        loinc=("19991-9",),
        valid_for=DAY,
    ),
]

# Each row of the publication's table: (from, points), and the points below its first step.
TEMPERATURE = ((30, 3), (32, 2), (34, 1), (36, 0), (38.5, 1), (39, 3), (41, 4))
MEAN_PRESSURE = ((50, 2), (70, 0), (110, 2), (130, 3), (160, 4))
HEART_RATE = ((40, 3), (55, 2), (70, 0), (110, 2), (140, 3), (180, 4))
RESPIRATORY_RATE = ((6, 2), (10, 1), (12, 0), (25, 1), (35, 3), (50, 4))
GRADIENT = ((200, 2), (350, 3), (500, 4))
PAO2 = ((55, 3), (61, 1), (more_than(70), 0))
PH = ((7.15, 3), (7.25, 2), (7.33, 0), (7.5, 1), (7.6, 3), (7.7, 4))
SODIUM = ((111, 3), (120, 2), (130, 0), (150, 1), (155, 2), (160, 3), (180, 4))
POTASSIUM = ((2.5, 2), (3, 1), (3.5, 0), (5.5, 1), (6, 3), (7, 4))
CREATININE = ((0.6, 0), (1.5, 2), (2, 3), (3.5, 4))
HEMATOCRIT = ((20, 2), (30, 0), (46, 1), (50, 2), (60, 4))
WHITE_CELLS = ((1, 2), (3, 0), (15, 1), (20, 2), (40, 4))
AGE = ((45, 2), (55, 3), (65, 5), (75, 6))
CHRONIC = {Admission.NONOPERATIVE: 5, Admission.EMERGENCY_SURGERY: 5, Admission.ELECTIVE_SURGERY: 2}


@calculator(
    "APACHE II",
    Source(text="Knaus et al., Crit Care Med 1985; 13: 818-829", doi="10.1097/00003246-198510000-00009"),
    out_of=71,
    note="With the worst values of the first 24 hours in intensive care. From 50% of oxygen on the "
    "alveolar-arterial gradient counts (told, or computed at sea level), below it the arterial pressure.",
)
def apache_ii(
    *,
    temperature_celsius: TemperatureCelsius,
    mean_arterial_mmhg: MeanArterialMmHg,
    heart_rate_per_min: HeartRatePerMin,
    respiratory_rate_per_min: RespiratoryRatePerMin,
    fio2_percent: Fio2Percent,
    arterial_ph: ArterialPh,
    sodium_mmol_l: SodiumMmolL,
    potassium_mmol_l: PotassiumMmolL,
    creatinine_mg_dl: CreatinineMgDl,
    has_acute_renal_failure: HasAcuteRenalFailure,
    hematocrit_percent: HematocritPercent,
    white_cells_thousand_per_ul: WhiteCellsThousandPerUl,
    glasgow_coma_score: GlasgowComaScore,
    age_years: AdultAgeYears,
    has_severe_chronic_disease: HasSevereChronicDisease,
    admission: AdmissionKind,
    pao2_mmhg: Pao2MmHg | None = None,
    paco2_mmhg: Paco2MmHg | None = None,
    gradient_mmhg: GradientMmHg | None = None,
) -> int:
    """Return the points, 0 to 71. Raises: InputMissing for what the oxygenation needs."""
    kidney = points_from(creatinine_mg_dl, CREATININE, below=2)
    return (
        points_from(temperature_celsius, TEMPERATURE, below=4)
        + points_from(mean_arterial_mmhg, MEAN_PRESSURE, below=4)
        + points_from(heart_rate_per_min, HEART_RATE, below=4)
        + points_from(respiratory_rate_per_min, RESPIRATORY_RATE, below=4)
        + _oxygenation(fio2_percent, pao2_mmhg, paco2_mmhg, gradient_mmhg)
        + points_from(arterial_ph, PH, below=4)
        + points_from(sodium_mmol_l, SODIUM, below=4)
        + points_from(potassium_mmol_l, POTASSIUM, below=4)
        + (2 * kidney if has_acute_renal_failure else kidney)
        + points_from(hematocrit_percent, HEMATOCRIT, below=4)
        + points_from(white_cells_thousand_per_ul, WHITE_CELLS, below=4)
        + (15 - glasgow_coma_score)
        + points_from(age_years, AGE)
        + (CHRONIC[admission] if has_severe_chronic_disease else 0)
    )


def _oxygenation(
    fio2_percent: float, pao2_mmhg: float | None, paco2_mmhg: float | None, gradient_mmhg: float | None
) -> int:
    if fio2_percent < 50:
        if pao2_mmhg is None:
            raise InputMissing(["pao2_mmhg"], ["needed below 50% of oxygen"])
        return points_from(pao2_mmhg, PAO2, below=4)
    if gradient_mmhg is None:
        if pao2_mmhg is None or paco2_mmhg is None:
            raise InputMissing(
                ["gradient_mmhg"], ["or pao2_mmhg and paco2_mmhg, needed from 50% of oxygen on"]
            )
        gradient_mmhg = alveolar_arterial_gradient(
            fio2_percent=fio2_percent, pao2_mmhg=pao2_mmhg, paco2_mmhg=paco2_mmhg
        )
    return points_from(gradient_mmhg, GRADIENT)
