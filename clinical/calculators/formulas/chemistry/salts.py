"""Salts and water in the blood: osmolality, corrections, what is missing, and how potassium leaves."""

from typing import Annotated

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Asked, Sex, Source
from clinical.calculators.errors import NotApplicable
from clinical.calculators.formulas.chemistry.kidney import UrineSodiumMmolL
from clinical.calculators.inputs import (
    DAY,
    AgeYears,
    AlbuminGDl,
    CalciumMgDl,
    GlucoseMgDl,
    PatientSex,
    PotassiumMmolL,
    SodiumMmolL,
    UreaNitrogenMgDl,
    WeightKg,
)

NORMAL_ALBUMIN_G_DL, NORMAL_GLUCOSE_MG_DL, NORMAL_SODIUM = 4.0, 100.0, 140.0

MeasuredOsmolalityMosmKg = Annotated[
    float,
    Asked(
        label="measured serum osmolality",
        unit="mosm/kg",
        low=150,
        high=800,
        loinc=("2692-2",),
        valid_for=DAY,
    ),
]
UrineOsmolalityMosmKg = Annotated[
    float,
    Asked(label="urine osmolality", unit="mosm/kg", low=20, high=1_500, loinc=("2695-5",), valid_for=DAY),
]
UrinePotassiumMmolL = Annotated[
    float, Asked(label="urine potassium", unit="mmol/L", low=1, high=300, loinc=("2828-2",), valid_for=DAY)
]
EthanolMgDl = Annotated[
    float,
    Asked(
        label="ethanol in serum", unit="mg/dL", low=0, high=1_500, loinc=("5643-2", "5640-8"), valid_for=DAY
    ),
]

SMITHLINE = Source(text="Smithline and Gardner, JAMA 1976; 236: 1594-1597", doi="10.1001/jama.236.14.1594")


@calculator(
    "Serum osmolality, calculated",
    SMITHLINE,
    unit="mosm/kg",
    note="Alcohols and other foreign substances are not in it: see the osmolal gap.",
)
def serum_osmolality(
    *, sodium_mmol_l: SodiumMmolL, glucose_mg_dl: GlucoseMgDl, urea_nitrogen_mg_dl: UreaNitrogenMgDl
) -> float:
    """Return what sodium, glucose and urea make up, mOsm/kg."""
    return 2 * sodium_mmol_l + glucose_mg_dl / 18 + urea_nitrogen_mg_dl / 2.8


@calculator(
    "Osmolal gap",
    SMITHLINE,
    Source(
        text="Hoffman et al., J Toxicol Clin Toxicol 1993; 31: 81-93, on ethanol and the normal range",
        doi="10.3109/15563659309000375",
    ),
    unit="mosm/kg",
    # Source: Hoffman 1993.
    bands=(
        (-500, "not above 10: this does not rule out a toxic alcohol"),
        (10.5, "above 10: an alcohol or another unmeasured substance, or an error of measurement"),
    ),
    note="In 305 patients the gap was -2, give or take 12. Give the ethanol where it was measured.",
)
def osmolal_gap(
    *,
    measured_osmolality_mosm_kg: MeasuredOsmolalityMosmKg,
    sodium_mmol_l: SodiumMmolL,
    glucose_mg_dl: GlucoseMgDl,
    urea_nitrogen_mg_dl: UreaNitrogenMgDl,
    ethanol_mg_dl: EthanolMgDl | None = None,
) -> float:
    """Return what the measured osmolality has above sodium, glucose, urea and ethanol, mOsm/kg."""
    told = serum_osmolality(
        sodium_mmol_l=sodium_mmol_l, glucose_mg_dl=glucose_mg_dl, urea_nitrogen_mg_dl=urea_nitrogen_mg_dl
    )
    return measured_osmolality_mosm_kg - told - (ethanol_mg_dl or 0) / 4.6


@calculator(
    "Calcium, corrected for albumin",
    Source(
        text="Payne et al., Br Med J 1973; 4: 643-646, with the slope 0.8 of later use (K/DOQI, Am J Kidney Dis 2003; "
        "42 Suppl 3: S1-S201, guideline 6)",
        doi="10.1136/bmj.4.5893.643",
    ),
    unit="mg/dL",
    decimals=1,
    note="For a normal albumin of 4 g/dL. A poor guide in kidney disease and critical illness: measure ionised calcium.",
)
def corrected_calcium(*, calcium_mg_dl: CalciumMgDl, albumin_g_dl: AlbuminGDl) -> float:
    """Return the total calcium that there would be with a normal albumin, mg/dL."""
    return calcium_mg_dl + 0.8 * (NORMAL_ALBUMIN_G_DL - albumin_g_dl)


@calculator(
    "Sodium, corrected for glucose (Katz, 1.6)",
    Source(text="Katz, N Engl J Med 1973; 289: 843-844", doi="10.1056/NEJM197310182891607"),
    unit="mmol/L",
    decimals=1,
    note="1.6 mmol/L for each 100 mg/dL above 100. Above 400 mg/dL the sodium falls by more: see corrected-sodium-hillier.",
)
def corrected_sodium(*, sodium_mmol_l: SodiumMmolL, glucose_mg_dl: GlucoseMgDl) -> float:
    """Return the sodium that there would be with a glucose of 100 mg/dL, mmol/L; with no more than that, as measured."""
    return sodium_mmol_l + 1.6 * _hundreds_above_normal(glucose_mg_dl)


@calculator(
    "Sodium, corrected for glucose (Hillier, 2.4)",
    Source(text="Hillier et al., Am J Med 1999; 106: 399-403", doi="10.1016/S0002-9343(99)00055-8"),
    unit="mmol/L",
    decimals=1,
    note="2.4 mmol/L for each 100 mg/dL above 100, measured in six healthy volunteers.",
)
def corrected_sodium_hillier(*, sodium_mmol_l: SodiumMmolL, glucose_mg_dl: GlucoseMgDl) -> float:
    """Return the sodium that there would be with a glucose of 100 mg/dL, mmol/L; with no more than that, as measured."""
    return sodium_mmol_l + 2.4 * _hundreds_above_normal(glucose_mg_dl)


def _hundreds_above_normal(glucose_mg_dl: float) -> float:
    return max(glucose_mg_dl - NORMAL_GLUCOSE_MG_DL, 0) / 100


@calculator(
    "Free-water deficit",
    Source(text="Adrogué and Madias, N Engl J Med 2000; 342: 1493-1499", doi="10.1056/NEJM200005183422006"),
    unit="L",
    decimals=2,
    bands=((-500, "no deficit: the sodium is below 140 mmol/L"), (0, "a deficit")),
    note="To a sodium of 140 mmol/L, without what is still being lost. Unless it rose within hours, lower the sodium by no "
    "more than 10 mmol/L a day.",
)
def free_water_deficit(
    *, sodium_mmol_l: SodiumMmolL, weight_kg: WeightKg, age_years: AgeYears, sex: PatientSex
) -> float:
    """Return the water that would bring the sodium to 140 mmol/L, litres; negative where there is too much water."""
    return _body_water(age_years, sex) * weight_kg * (sodium_mmol_l / NORMAL_SODIUM - 1)


def _body_water(age_years: int, sex: Sex) -> float:
    """Return the fraction of weight that is water; the source says "elderly", which we take as from 65 years."""
    if age_years < 18:
        return 0.6
    at_most, if_elderly = (0.5, 0.45) if sex is Sex.FEMALE else (0.6, 0.5)
    return if_elderly if age_years >= 65 else at_most


@calculator(
    "Transtubular potassium gradient",
    Source(text="Ethier et al., Am J Kidney Dis 1990; 15: 309-315", doi="10.1016/S0272-6386(12)80076-X"),
    Source(
        text="Kamel and Halperin, Curr Opin Nephrol Hypertens 2011; 20: 547-554",
        doi="10.1097/MNH.0b013e328349b8f9",
    ),
    decimals=1,
    note="About 1 in a low potassium that the kidney does not cause, 7 with too much aldosterone; 13 after a potassium load. "
    "Some of its authors have since advised against it (2011): urea is taken up again in the collecting duct.",
)
def transtubular_potassium_gradient(
    *,
    urine_potassium_mmol_l: UrinePotassiumMmolL,
    potassium_mmol_l: PotassiumMmolL,
    urine_osmolality_mosm_kg: UrineOsmolalityMosmKg,
    measured_osmolality_mosm_kg: MeasuredOsmolalityMosmKg,
    urine_sodium_mmol_l: UrineSodiumMmolL | None = None,
) -> float:
    """Return how many times more potassium there is in the fluid of the collecting duct than in blood."""
    if urine_osmolality_mosm_kg <= measured_osmolality_mosm_kg:
        raise NotApplicable("The gradient is valid where the urine is more concentrated than the blood")
    if urine_sodium_mmol_l is not None and urine_sodium_mmol_l < 25:
        raise NotApplicable("The gradient is valid from a urine sodium of 25 mmol/L")
    ratio = urine_potassium_mmol_l / potassium_mmol_l
    return ratio / (urine_osmolality_mosm_kg / measured_osmolality_mosm_kg)
