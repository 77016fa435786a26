"""The risk of stroke in atrial fibrillation, and after a transient ischaemic attack."""

from enum import StrEnum
from typing import Annotated

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Asked, Sex, Source
from clinical.calculators.inputs import (
    AdultAgeYears,
    DiastolicMmHg,
    HadStroke,
    HasDiabetes,
    HasHeartFailure,
    HasHypertension,
    HasVascularDisease,
    PatientSex,
    SystolicMmHg,
)
from clinical.calculators.steps import points_from


@calculator(
    "CHA₂DS₂-VASc",
    Source(text="Lip et al., Chest 2010; 137: 263-272, table 2", doi="10.1378/chest.09-1584"),
    out_of=9,
    bears_on=frozenset({"atrial-fibrillation"}),
    # Source: 2023 ACC/AHA/ACCP/HRS guideline on atrial fibrillation, section 6.3.
    bands=(
        (0, "low risk"),
        (1, "intermediate risk (in a woman, 1 point is for sex alone: low)"),
        (2, "elevated risk: anticoagulation is recommended from 2 in men, 3 in women"),
    ),
)
def cha2ds2_vasc(
    *,
    age_years: AdultAgeYears,
    sex: PatientSex,
    has_heart_failure: HasHeartFailure,
    has_hypertension: HasHypertension,
    has_diabetes: HasDiabetes,
    had_stroke: HadStroke,
    has_vascular_disease: HasVascularDisease,
) -> int:
    """Return the points, 0 to 9."""
    single = (has_heart_failure, has_hypertension, has_diabetes, has_vascular_disease, sex is Sex.FEMALE)
    return points_from(age_years, ((65, 1), (75, 2))) + 2 * had_stroke + sum(single)


class Attack(StrEnum):
    """What the attack took away; lowest points first."""

    OTHER = "other"
    SPEECH = "speech disturbance without weakness"
    WEAKNESS = "weakness of one side"


@calculator(
    "ABCD²",
    Source(text="Johnston et al., Lancet 2007; 369: 283-292", doi="10.1016/S0140-6736(07)60150-0"),
    out_of=7,
    bands=(
        (0, "low risk: 1.0% had a stroke within 2 days"),
        (4, "moderate risk: 4.1% had a stroke within 2 days"),
        (6, "high risk: 8.1% had a stroke within 2 days"),
    ),
    note="After a transient ischaemic attack. Not to decide how soon it is assessed: that is at once (NICE NG128).",
)
def abcd2(
    *,
    age_years: AdultAgeYears,
    systolic_mmhg: SystolicMmHg,
    diastolic_mmhg: DiastolicMmHg,
    attack: Annotated[Attack, Asked(label="what the attack took away")],
    duration_minutes: Annotated[float, Asked(label="how long it lasted", unit="min", low=0, high=1_440)],
    has_diabetes: HasDiabetes,
) -> int:
    """Return the points, 0 to 7."""
    has_raised_pressure = systolic_mmhg >= 140 or diastolic_mmhg >= 90
    return (
        sum((age_years >= 60, has_raised_pressure, has_diabetes))
        + list(Attack).index(attack)
        + points_from(duration_minutes, ((10, 1), (60, 2)))
    )
