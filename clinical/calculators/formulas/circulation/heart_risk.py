"""The risk of a first heart attack or stroke in ten years."""

import math
from enum import StrEnum
from typing import Annotated

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Asked, Known, Sex, Source
from clinical.calculators.inputs import (
    MONTH,
    YEAR,
    HasDiabetes,
    HdlCholesterolMgDl,
    PatientSex,
    SystolicMmHg,
    TotalCholesterolMgDl,
)
from clinical.calculators.steps import more_than

IsSmoker = Annotated[bool, Asked(label="smokes")]
TakesAntihypertensives = Annotated[bool, Asked(label="treated for high blood pressure")]

# Of each sex: age, its square, cholesterol, HDL, systolic, treated, smokes, age x cholesterol, age x smokes.
HARD_CHD = {
    Sex.MALE: (
        52.00961,
        -2.93323,
        20.014077,
        -0.905964,
        1.305784,
        0.241549,
        12.096316,
        -4.605038,
        -2.84367,
    ),
    Sex.FEMALE: (31.764001, 0, 22.465206, -1.187731, 2.552905, 0.420251, 13.07543, -5.060998, -2.996945),
}
# The mean of the cohort and who of it stayed well; the age from which smoking adds no more.
HARD_CHD_COHORT = {Sex.MALE: (172.300168, 0.9402, 70), Sex.FEMALE: (146.5933061, 0.98767, 78)}


@calculator(
    "Framingham risk of hard coronary disease (ATP III)",
    Source(text="Expert Panel (ATP III), JAMA 2001; 285: 2486-2497", doi="10.1001/jama.285.19.2486"),
    Source(
        text="Framingham Heart Study, hard coronary heart disease (10-year risk)",
        url="https://www.framinghamheartstudy.org/fhs-risk-functions/hard-coronary-heart-disease-10-year-risk/",
    ),
    unit="%",
    decimals=1,
    bands=((0, "low risk"), (10, "moderate risk"), (more_than(20), "high risk")),
    not_with=frozenset({"coronary-disease", "diabetes"}),
    note="Of a myocardial infarction or coronary death, in someone without coronary disease and without diabetes.",
)
def framingham_hard_chd(
    *,
    age_years: Annotated[int, Asked(label="age", unit="a", low=30, high=79, known=Known.AGE)],
    sex: PatientSex,
    total_cholesterol_mg_dl: TotalCholesterolMgDl,
    hdl_cholesterol_mg_dl: HdlCholesterolMgDl,
    systolic_mmhg: SystolicMmHg,
    takes_antihypertensives: TakesAntihypertensives,
    is_smoker: IsSmoker,
) -> float:
    """Return the risk in ten years, %."""
    mean, well, smoking_age = HARD_CHD_COHORT[sex]
    age, cholesterol = math.log(age_years), math.log(total_cholesterol_mg_dl)
    terms = (
        age,
        age * age,
        cholesterol,
        math.log(hdl_cholesterol_mg_dl),
        math.log(systolic_mmhg),
        takes_antihypertensives,
        is_smoker,
        age * cholesterol,
        math.log(min(age_years, smoking_age)) * is_smoker,
    )
    return _risk_percent(HARD_CHD[sex], terms, mean=mean, well=well)


class Population(StrEnum):
    """The two that the equations were made for."""

    AFRICAN_AMERICAN = "African American"
    WHITE_OR_OTHER = "white or other"


# The ranges that the ACC/AHA's own calculator takes; the equations tell nonsense far from their cohorts.
AscvdCholesterolMgDl = Annotated[
    float,
    Asked(
        label="total cholesterol",
        unit="mg/dL",
        low=130,
        high=320,
        loinc=("2093-3", "14647-2"),
        valid_for=YEAR,
    ),
]
AscvdHdlMgDl = Annotated[
    float,
    Asked(
        label="HDL cholesterol", unit="mg/dL", low=20, high=100, loinc=("2085-9", "14646-4"), valid_for=YEAR
    ),
]
AscvdSystolicMmHg = Annotated[
    float,
    Asked(
        label="systolic blood pressure", unit="mm[Hg]", low=90, high=200, loinc=("8480-6",), valid_for=MONTH
    ),
]

# Of each group: age, its square, cholesterol, age x cholesterol, HDL, age x HDL, treated systolic, age x it, untreated
# systolic, age x it, smokes, age x smokes, diabetes.
ASCVD = {
    (Population.WHITE_OR_OTHER, Sex.FEMALE): (
        *(-29.799, 4.884, 13.540, -3.114, -13.578, 3.149),
        *(2.019, 0, 1.957, 0, 7.574, -1.665, 0.661),
    ),
    (Population.AFRICAN_AMERICAN, Sex.FEMALE): (
        *(17.114, 0, 0.940, 0, -18.920, 4.475),
        *(29.291, -6.432, 27.820, -6.087, 0.691, 0, 0.874),
    ),
    (Population.WHITE_OR_OTHER, Sex.MALE): (
        *(12.344, 0, 11.853, -2.664, -7.990, 1.769),
        *(1.797, 0, 1.764, 0, 7.837, -1.795, 0.658),
    ),
    (Population.AFRICAN_AMERICAN, Sex.MALE): (
        *(2.469, 0, 0.302, 0, -0.307, 0),
        *(1.916, 0, 1.809, 0, 0.549, 0, 0.645),
    ),
}
# The mean of each cohort, and who of it stayed well.
ASCVD_COHORT = {
    (Population.WHITE_OR_OTHER, Sex.FEMALE): (-29.18, 0.9665),
    (Population.AFRICAN_AMERICAN, Sex.FEMALE): (86.61, 0.9533),
    (Population.WHITE_OR_OTHER, Sex.MALE): (61.18, 0.9144),
    (Population.AFRICAN_AMERICAN, Sex.MALE): (19.54, 0.8954),
}


@calculator(
    "ASCVD risk (pooled cohort equations, 2013)",
    Source(
        text="Goff et al. (ACC/AHA), Circulation 2014; 129 (suppl 2): S49-S73, table A",
        doi="10.1161/01.cir.0000437741.48606.98",
    ),
    unit="%",
    decimals=1,
    # Source: Arnett et al. (ACC/AHA), Circulation 2019; 140: e596-e646.
    bands=((0, "low risk"), (5, "borderline risk"), (7.5, "intermediate risk"), (20, "high risk")),
    not_with=frozenset({"coronary-disease", "stroke", "peripheral-artery-disease"}),
    note="Of a first coronary death, infarction or stroke. The equations have race as a term; those of 2023 "
    "(PREVENT) do not, and tell lower risks.",
)
def ascvd_pooled_cohort(
    *,
    age_years: Annotated[int, Asked(label="age", unit="a", low=40, high=79, known=Known.AGE)],
    sex: PatientSex,
    population: Annotated[Population, Asked(label="equation for")],
    total_cholesterol_mg_dl: AscvdCholesterolMgDl,
    hdl_cholesterol_mg_dl: AscvdHdlMgDl,
    systolic_mmhg: AscvdSystolicMmHg,
    takes_antihypertensives: TakesAntihypertensives,
    is_smoker: IsSmoker,
    has_diabetes: HasDiabetes,
) -> float:
    """Return the risk in ten years, %."""
    mean, well = ASCVD_COHORT[population, sex]
    age, cholesterol = math.log(age_years), math.log(total_cholesterol_mg_dl)
    hdl, systolic = math.log(hdl_cholesterol_mg_dl), math.log(systolic_mmhg)
    treated = systolic * takes_antihypertensives
    untreated = systolic - treated
    terms = (
        *(age, age * age, cholesterol, age * cholesterol, hdl, age * hdl),
        *(treated, age * treated, untreated, age * untreated),
        *(is_smoker, age * is_smoker, has_diabetes),
    )
    return _risk_percent(ASCVD[population, sex], terms, mean=mean, well=well)


def _risk_percent(
    coefficients: tuple[float, ...], terms: tuple[float, ...], *, mean: float, well: float
) -> float:
    """Return what a Cox model tells: how much likelier than in the mean of its cohort."""
    score = sum(each * term for each, term in zip(coefficients, terms, strict=True))
    return 100 * (1 - math.pow(well, math.exp(score - mean)))
