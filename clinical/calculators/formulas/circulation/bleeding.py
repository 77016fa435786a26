"""How likely a bleeding is under an anticoagulant, and how dangerous one of the upper gut is."""

from enum import StrEnum
from typing import Annotated

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Asked, Sex, Source
from clinical.calculators.inputs import (
    AdultAgeYears,
    AlbuminGDl,
    HasHeartFailure,
    HeartRatePerMin,
    HematocritPercent,
    HemoglobinGDl,
    InternationalNormalizedRatio,
    PatientSex,
    SystolicMmHg,
    UreaNitrogenMgDl,
)
from clinical.calculators.steps import points_from


@calculator(
    "HAS-BLED (2010)",
    Source(text="Pisters et al., Chest 2010; 138: 1093-1100", doi="10.1378/chest.10-0134"),
    out_of=9,
    bears_on=frozenset({"atrial-fibrillation"}),
    bands=((0, "not high risk of major bleeding"), (3, "high risk of major bleeding: review often")),
    note="For atrial fibrillation. A high score is no reason to withhold an anticoagulant: correct what can be "
    "corrected (ESC 2020).",
)
def has_bled(
    *,
    age_years: AdultAgeYears,
    has_uncontrolled_hypertension: Annotated[
        bool, Asked(label="uncontrolled hypertension (systolic above 160 mmHg)")
    ],
    has_abnormal_kidney_function: Annotated[
        bool, Asked(label="dialysis, kidney transplant, or creatinine from 2.26 mg/dL (200 umol/L)")
    ],
    has_abnormal_liver_function: Annotated[
        bool,
        Asked(
            label="cirrhosis, or bilirubin above twice with AST, ALT or ALP above three times the upper limit"
        ),
    ],
    had_stroke: Annotated[bool, Asked(label="stroke", condition="stroke")],
    has_bleeding_history: Annotated[
        bool, Asked(label="earlier major bleeding, or a tendency to bleed (anaemia, bleeding disorder)")
    ],
    has_labile_inr: Annotated[bool, Asked(label="labile INR on warfarin (in range below 60% of the time)")],
    takes_antiplatelets_or_nsaids: Annotated[bool, Asked(label="takes antiplatelet medicines or NSAIDs")],
    drinks_per_week: Annotated[float, Asked(label="alcoholic drinks a week", unit="{#}", low=0, high=300)],
) -> int:
    """Return the points, 0 to 9."""
    organs = (has_abnormal_kidney_function, has_abnormal_liver_function, had_stroke, has_bleeding_history)
    treatment = (has_uncontrolled_hypertension, has_labile_inr, takes_antiplatelets_or_nsaids)
    return sum(organs) + sum(treatment) + (age_years > 65) + (drinks_per_week >= 8)


@calculator(
    "ORBIT bleeding score",
    Source(text="O'Brien et al., Eur Heart J 2015; 36: 3258-3264", doi="10.1093/eurheartj/ehv476"),
    out_of=7,
    bands=(
        (0, "low risk: 2.4 major bleedings per 100 patient-years"),
        (3, "medium risk: 4.7 major bleedings per 100 patient-years"),
        (4, "high risk: 8.1 major bleedings per 100 patient-years"),
    ),
    note="For atrial fibrillation with an anticoagulant.",
)
def orbit(
    *,
    age_years: AdultAgeYears,
    sex: PatientSex,
    hemoglobin_g_dl: HemoglobinGDl,
    has_anaemia_history: Annotated[bool, Asked(label="history of anaemia")],
    has_bleeding_history: Annotated[
        bool, Asked(label="earlier bleeding (of the gut, in the head, or a haemorrhagic stroke)")
    ],
    egfr_ml_min_173m2: Annotated[
        float,
        Asked(label="estimated glomerular filtration rate", unit="mL/min/{1.73_m2}", low=0, high=200),
    ],
    takes_antiplatelets: Annotated[bool, Asked(label="takes an antiplatelet medicine")],
    hematocrit_percent: HematocritPercent | None = None,
) -> int:
    """Return the points, 0 to 7; a haematocrit that was not done counts as normal."""
    low_hemoglobin, low_hematocrit = (13, 40) if sex is Sex.MALE else (12, 36)
    is_anaemic = (
        has_anaemia_history
        or hemoglobin_g_dl < low_hemoglobin
        or (hematocrit_percent is not None and hematocrit_percent < low_hematocrit)
    )
    return (
        2 * is_anaemic
        + 2 * has_bleeding_history
        + sum((age_years >= 75, egfr_ml_min_173m2 < 60, takes_antiplatelets))
    )


# Published as urea of 6.5, 8, 10 and 25 mmol/L, which are these BUN to a decimal of urea.
BLATCHFORD_UREA = ((18.2, 2), (22.4, 3), (28, 4), (70, 6))
BLATCHFORD_HEMOGLOBIN = {
    Sex.MALE: ((0, 6), (10, 3), (12, 1), (13, 0)),
    Sex.FEMALE: ((0, 6), (10, 1), (12, 0)),
}
BLATCHFORD_PRESSURE = ((90, 2), (100, 1), (110, 0))


@calculator(
    "Glasgow-Blatchford score",
    Source(text="Blatchford et al., Lancet 2000; 356: 1318-1321", doi="10.1016/S0140-6736(00)02816-6"),
    out_of=23,
    # Source: Laine et al. (ACG), Am J Gastroenterol 2021; 116: 899-917.
    bands=(
        (0, "very low risk: may be treated without admission"),
        (2, "not very low risk: admission is advised"),
    ),
    note="For bleeding of the upper gut, before endoscopy.",
)
def glasgow_blatchford(
    *,
    sex: PatientSex,
    urea_nitrogen_mg_dl: UreaNitrogenMgDl,
    hemoglobin_g_dl: HemoglobinGDl,
    systolic_mmhg: SystolicMmHg,
    heart_rate_per_min: HeartRatePerMin,
    has_melaena: Annotated[bool, Asked(label="melaena")],
    had_syncope: Annotated[bool, Asked(label="syncope with the bleeding")],
    has_liver_disease: Annotated[bool, Asked(label="liver disease", condition="chronic-liver-disease")],
    has_heart_failure: HasHeartFailure,
) -> int:
    """Return the points, 0 to 23."""
    return (
        points_from(urea_nitrogen_mg_dl, BLATCHFORD_UREA)
        + points_from(hemoglobin_g_dl, BLATCHFORD_HEMOGLOBIN[sex])
        + points_from(systolic_mmhg, BLATCHFORD_PRESSURE, below=3)
        + (heart_rate_per_min >= 100)
        + has_melaena
        + 2 * (had_syncope + has_liver_disease + has_heart_failure)
    )


@calculator(
    "AIMS65",
    Source(text="Saltzman et al., Gastrointest Endosc 2011; 74: 1215-1224", doi="10.1016/j.gie.2011.06.024"),
    out_of=5,
    bands=((0, "low risk of death in hospital"), (2, "high risk of death in hospital")),
    note="For bleeding of the upper gut.",
)
def aims65(
    *,
    albumin_g_dl: AlbuminGDl,
    inr: InternationalNormalizedRatio,
    has_altered_mental_status: Annotated[
        bool, Asked(label="altered mental status (disorientation, lethargy, stupor or coma)")
    ],
    systolic_mmhg: SystolicMmHg,
    age_years: AdultAgeYears,
) -> int:
    """Return the points, 0 to 5."""
    measured = (albumin_g_dl < 3, inr > 1.5, systolic_mmhg <= 90)
    return sum(measured) + has_altered_mental_status + (age_years >= 65)


class BleedingComorbidity(StrEnum):
    """What the patient has besides, as the score groups it."""

    NONE = "none that is major"
    MAJOR = "heart failure, ischaemic heart disease or another major illness"
    GRAVE = "renal failure, liver failure or disseminated cancer"


class BleedingDiagnosis(StrEnum):
    """What endoscopy found; lowest points first."""

    NO_LESION = "mallory-weiss tear, or no lesion and no signs of recent bleeding"
    OTHER = "any other diagnosis"
    CANCER = "cancer of the upper gut"


COMORBIDITY_POINTS = {
    BleedingComorbidity.NONE: 0,
    BleedingComorbidity.MAJOR: 2,
    BleedingComorbidity.GRAVE: 3,
}


@calculator(
    "Rockall score (full)",
    Source(text="Rockall et al., Gut 1996; 38: 316-321", doi="10.1136/gut.38.3.316"),
    out_of=11,
    bands=(
        (0, "none died"),
        (2, "0.2% died"),
        (3, "2.9% died"),
        (4, "5.3% died"),
        (5, "10.8% died"),
        (6, "17.3% died"),
        (7, "27.0% died"),
        (8, "41.1% died"),
    ),
    note="For bleeding of the upper gut, after endoscopy. The rates are of 1993 and 1994. Before endoscopy take "
    "Glasgow-Blatchford.",
)
def rockall(
    *,
    age_years: AdultAgeYears,
    heart_rate_per_min: HeartRatePerMin,
    systolic_mmhg: SystolicMmHg,
    comorbidity: Annotated[BleedingComorbidity, Asked(label="other illness")],
    diagnosis: Annotated[BleedingDiagnosis, Asked(label="diagnosis at endoscopy")],
    has_signs_of_recent_bleeding: Annotated[
        bool, Asked(label="blood in the upper gut, an adherent clot, or a visible or spurting vessel")
    ],
) -> int:
    """Return the points, 0 to 11."""
    is_low, is_fast = systolic_mmhg < 100, heart_rate_per_min >= 100
    return (
        points_from(age_years, ((60, 1), (80, 2)))
        + (2 if is_low else is_fast)
        + COMORBIDITY_POINTS[comorbidity]
        + list(BleedingDiagnosis).index(diagnosis)
        + 2 * has_signs_of_recent_bleeding
    )
