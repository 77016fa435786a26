"""How well the kidneys filter, from a creatinine in serum."""

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Sex, Source
from clinical.calculators.inputs import AdultAgeYears, AdultWeightKg, CreatinineMgDl, PatientSex

# Source: KDIGO 2024, Kidney Int 2024; 105(4S): S117-S314, table 2.
GFR_CATEGORIES = (
    (0, "G5: kidney failure"),
    (15, "G4: severely decreased"),
    (30, "G3b: moderately to severely decreased"),
    (45, "G3a: mildly to moderately decreased"),
    (60, "G2: mildly decreased"),
    (90, "G1: normal or high"),
)


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
