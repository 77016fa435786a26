"""How well the kidneys filter, from a creatinine in serum, and what they hold back, from a spot urine."""

from typing import Annotated

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Asked, Known, Sex, Source
from clinical.calculators.formulas.body_and_mind.body import (
    AdultHeightCm,
    adjusted_body_weight,
    ideal_body_weight,
)
from clinical.calculators.inputs import (
    DAY,
    AdultAgeYears,
    AdultWeightKg,
    CreatinineMgDl,
    HeightCm,
    PatientSex,
    SodiumMmolL,
    UreaNitrogenMgDl,
)

# Source: KDIGO 2024, Kidney Int 2024; 105(4S): S117-S314, table 2.
GFR_CATEGORIES = (
    (0, "G5: kidney failure"),
    (15, "G4: severely decreased"),
    (30, "G3b: moderately to severely decreased"),
    (45, "G3a: mildly to moderately decreased"),
    (60, "G2: mildly decreased"),
    (90, "G1: normal or high"),
)

ChildAgeYears = Annotated[int, Asked(label="age", unit="a", low=1, high=17, known=Known.AGE)]
IsBlack = Annotated[bool, Asked(label="Black, as the equation of 2006 counted it (left out: not counted)")]
UrineSodiumMmolL = Annotated[
    float, Asked(label="urine sodium", unit="mmol/L", low=1, high=400, loinc=("2955-3",), valid_for=DAY)
]
UrineCreatinineMgDl = Annotated[
    float, Asked(label="urine creatinine", unit="mg/dL", low=1, high=1_000, loinc=("2161-8",), valid_for=DAY)
]
UrineUreaNitrogenMgDl = Annotated[
    float,
    Asked(label="urine urea nitrogen", unit="mg/dL", low=1, high=5_000, loinc=("3095-7",), valid_for=DAY),
]


@calculator(
    "eGFR (CKD-EPI 2021)",
    Source(text="Inker et al., N Engl J Med 2021; 385: 1737-1749, table 2", doi="10.1056/NEJMoa2102953"),
    unit="mL/min/{1.73_m2}",
    bands=GFR_CATEGORIES,
    is_for_everyone=True,
    # The equation was made for a steady creatinine.
    not_with=frozenset({"acute-kidney-injury"}),
)
def egfr_ckd_epi_2021(
    *, creatinine_mg_dl: CreatinineMgDl, age_years: AdultAgeYears, sex: PatientSex
) -> float:
    """Return the glomerular filtration rate by the CKD-EPI equation without race, mL/min/1.73 m2."""
    kappa, alpha, factor = (0.7, -0.241, 1.012) if sex is Sex.FEMALE else (0.9, -0.302, 1.0)
    ratio = creatinine_mg_dl / kappa
    rate: float = 142 * min(ratio, 1.0) ** alpha * max(ratio, 1.0) ** -1.200 * 0.9938**age_years * factor
    return rate


@calculator(
    "eGFR (MDRD, 4 variables, 2006)",
    Source(
        text="Levey et al., Ann Intern Med 2006; 145: 247-254", doi="10.7326/0003-4819-145-4-200608150-00004"
    ),
    Source(
        text="NKF-ASN task force on race, Delgado et al., Am J Kidney Dis 2022; 79: 268-288",
        doi="10.1053/j.ajkd.2021.08.003",
    ),
    unit="mL/min/{1.73_m2}",
    bands=GFR_CATEGORIES,
    not_with=frozenset({"acute-kidney-injury"}),
    note="For comparing with older results: too low above 60. Use CKD-EPI 2021 today. The equation counted race; the "
    "NKF-ASN task force advises against it, so it is counted only where you give it.",
)
def gfr_mdrd(
    *,
    creatinine_mg_dl: CreatinineMgDl,
    age_years: AdultAgeYears,
    sex: PatientSex,
    is_black: IsBlack | None = None,
) -> float:
    """Return the glomerular filtration rate for a creatinine traceable to IDMS, mL/min/1.73 m2."""
    rate: float = 175 * creatinine_mg_dl**-1.154 * age_years**-0.203
    return rate * (0.742 if sex is Sex.FEMALE else 1) * (1.212 if is_black else 1)


@calculator(
    "eGFR of a child (bedside Schwartz)",
    Source(text="Schwartz et al., J Am Soc Nephrol 2009; 20: 629-637", doi="10.1681/ASN.2008030287"),
    unit="mL/min/{1.73_m2}",
    bands=GFR_CATEGORIES,
    not_with=frozenset({"acute-kidney-injury"}),
    note="Made in children of 1 to 16 years with chronic kidney disease and an enzymatic creatinine. The categories "
    "are for children over 2 years.",
)
def bedside_schwartz(
    *, height_cm: HeightCm, creatinine_mg_dl: CreatinineMgDl, age_years: ChildAgeYears
) -> float:
    """Return the glomerular filtration rate, mL/min/1.73 m2; the age only says whom it was made for."""
    del age_years
    return 0.413 * height_cm / creatinine_mg_dl


@calculator(
    "Creatinine clearance (Cockcroft-Gault)",
    Source(text="Cockcroft and Gault, Nephron 1976; 16: 31-41", doi="10.1159/000180580"),
    unit="mL/min",
    note="With the weight given: actual, unless you choose another. For dosing by label.",
)
def creatinine_clearance_cockcroft_gault(
    *, creatinine_mg_dl: CreatinineMgDl, age_years: AdultAgeYears, weight_kg: AdultWeightKg, sex: PatientSex
) -> float:
    """Return the creatinine clearance, mL/min."""
    clearance = (140 - age_years) * weight_kg / (72 * creatinine_mg_dl)
    return clearance * 0.85 if sex is Sex.FEMALE else clearance


@calculator(
    "Creatinine clearance (Cockcroft-Gault, weight by body mass index)",
    Source(text="Cockcroft and Gault, Nephron 1976; 16: 31-41", doi="10.1159/000180580"),
    Source(
        text="Winter et al., Pharmacotherapy 2012; 32: 604-612, on the weight to use",
        doi="10.1002/j.1875-9114.2012.01098.x",
    ),
    unit="mL/min",
    note="Weight: actual below 18.5 kg/m², the lesser of ideal and actual up to 25, adjusted (0.4) from there.",
)
def creatinine_clearance_adjusted_weight(
    *,
    creatinine_mg_dl: CreatinineMgDl,
    age_years: AdultAgeYears,
    weight_kg: AdultWeightKg,
    height_cm: AdultHeightCm,
    sex: PatientSex,
) -> float:
    """Return the creatinine clearance with the weight that the body mass index asks for, mL/min."""
    return creatinine_clearance_cockcroft_gault.formula(
        creatinine_mg_dl=creatinine_mg_dl,
        age_years=age_years,
        weight_kg=_dosing_weight_kg(weight_kg, height_cm, sex),
        sex=sex,
    )


def _dosing_weight_kg(weight_kg: float, height_cm: float, sex: Sex) -> float:
    index = weight_kg / (height_cm / 100) ** 2
    if index < 18.5:
        return weight_kg
    if index < 25:
        return min(weight_kg, ideal_body_weight(height_cm=height_cm, sex=sex))
    return adjusted_body_weight(weight_kg=weight_kg, height_cm=height_cm, sex=sex)


@calculator(
    "Fractional excretion of sodium",
    Source(text="Espinel, JAMA 1976; 236: 579-581", doi="10.1001/jama.236.6.579"),
    unit="%",
    decimals=2,
    bands=(
        (0, "below 1 %: speaks for a prerenal cause"),
        (1, "1 to 3 %: does not tell a prerenal cause from tubular necrosis"),
        (3, "3 % or more: speaks for acute tubular necrosis"),
    ),
    note="For oliguria with a rising creatinine. Diuretics, chronic kidney disease, contrast and pigment mislead it.",
)
def fractional_excretion_of_sodium(
    *,
    urine_sodium_mmol_l: UrineSodiumMmolL,
    sodium_mmol_l: SodiumMmolL,
    urine_creatinine_mg_dl: UrineCreatinineMgDl,
    creatinine_mg_dl: CreatinineMgDl,
) -> float:
    """Return how much of the filtered sodium is excreted, percent."""
    return 100 * urine_sodium_mmol_l * creatinine_mg_dl / (sodium_mmol_l * urine_creatinine_mg_dl)


@calculator(
    "Fractional excretion of urea",
    Source(text="Carvounis et al., Kidney Int 2002; 62: 2223-2229", doi="10.1046/j.1523-1755.2002.00683.x"),
    unit="%",
    decimals=1,
    # Up to 35 as it is shown, with one decimal.
    bands=(
        (0, "up to 35 %: speaks for a prerenal cause"),
        (35.05, "above 35 %: speaks for acute tubular necrosis"),
    ),
    note="Where diuretics mislead the fractional excretion of sodium.",
)
def fractional_excretion_of_urea(
    *,
    urine_urea_nitrogen_mg_dl: UrineUreaNitrogenMgDl,
    urea_nitrogen_mg_dl: UreaNitrogenMgDl,
    urine_creatinine_mg_dl: UrineCreatinineMgDl,
    creatinine_mg_dl: CreatinineMgDl,
) -> float:
    """Return how much of the filtered urea is excreted, percent."""
    return 100 * urine_urea_nitrogen_mg_dl * creatinine_mg_dl / (urea_nitrogen_mg_dl * urine_creatinine_mg_dl)
