"""The risk of stroke in atrial fibrillation."""

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Sex, Source
from clinical.calculators.inputs import (
    AdultAgeYears,
    HadStroke,
    HasDiabetes,
    HasHeartFailure,
    HasHypertension,
    HasVascularDisease,
    PatientSex,
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
