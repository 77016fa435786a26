"""What to ask about before an operation: the heart, and breathing in sleep."""

from typing import Annotated

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Asked, Sex, Source
from clinical.calculators.inputs import (
    AdultAgeYears,
    BodyMassIndexKgM2,
    CreatinineMgDl,
    HasHeartFailure,
    HasHypertension,
    PatientSex,
)


@calculator(
    "Revised cardiac risk index",
    Source(text="Lee et al., Circulation 1999; 100: 1043-1049", doi="10.1161/01.CIR.100.10.1043"),
    out_of=6,
    bands=(
        (0, "class I: 0.4% had a major cardiac complication"),
        (1, "class II: 0.9% had a major cardiac complication"),
        (2, "class III: 7% had a major cardiac complication"),
        (3, "class IV: 11% had a major cardiac complication"),
    ),
    note="For operations that are not of the heart, not in an emergency. Later cohorts had more complications at "
    "each class (Duceppe 2017).",
)
def revised_cardiac_risk_index(
    *,
    has_high_risk_surgery: Annotated[
        bool, Asked(label="operation in the abdomen or chest, or on vessels above the groin")
    ],
    has_ischaemic_heart_disease: Annotated[
        bool,
        Asked(
            label="ischaemic heart disease (infarction, positive exercise test, angina, nitrates, or Q waves)",
            condition="coronary-disease",
        ),
    ],
    has_heart_failure: HasHeartFailure,
    has_cerebrovascular_disease: Annotated[
        bool, Asked(label="stroke or transient ischaemic attack", condition="cerebrovascular-disease")
    ],
    takes_insulin: Annotated[bool, Asked(label="diabetes treated with insulin")],
    creatinine_mg_dl: CreatinineMgDl,
) -> int:
    """Return the points, 0 to 6."""
    history = (has_ischaemic_heart_disease, has_heart_failure, has_cerebrovascular_disease, takes_insulin)
    return has_high_risk_surgery + sum(history) + (creatinine_mg_dl > 2)


@calculator(
    "STOP-Bang (2008)",
    Source(text="Chung et al., Anesthesiology 2008; 108: 812-821", doi="10.1097/ALN.0b013e31816d83e4"),
    out_of=8,
    # Source: Chung, Abdullah and Liao, Chest 2016; 149: 631-638.
    bands=(
        (0, "low risk of obstructive sleep apnoea"),
        (3, "intermediate risk of obstructive sleep apnoea"),
        (5, "high risk of obstructive sleep apnoea"),
    ),
    note="With the neck of 2008, above 40 cm for both sexes.",
)
def stop_bang(
    *,
    snores_loudly: Annotated[bool, Asked(label="snores loudly")],
    is_often_tired: Annotated[bool, Asked(label="often tired or sleepy by day")],
    has_observed_apnoea: Annotated[bool, Asked(label="seen to stop breathing in sleep")],
    has_hypertension: HasHypertension,
    body_mass_index_kg_m2: BodyMassIndexKgM2,
    age_years: AdultAgeYears,
    neck_circumference_cm: Annotated[float, Asked(label="neck circumference", unit="cm", low=15, high=100)],
    sex: PatientSex,
) -> int:
    """Return the points, 0 to 8."""
    told = (snores_loudly, is_often_tired, has_observed_apnoea, has_hypertension)
    seen = (body_mass_index_kg_m2 > 35, age_years > 50, neck_circumference_cm > 40, sex is Sex.MALE)
    return sum(told) + sum(seen)
