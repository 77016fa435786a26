"""How well the kidneys filter, from a creatinine in serum."""

from clinical.calculators.errors import check_range

CKD_EPI_2021 = "https://doi.org/10.1056/NEJMoa2102953"
COCKCROFT_GAULT = "https://doi.org/10.1159/000180580"


def egfr_ckd_epi_2021(*, creatinine_mg_dl: float, age_years: int, is_female: bool) -> float:
    """Return the estimated glomerular filtration rate, mL/min/1.73 m2, by the CKD-EPI equation without race.

    Raises: InputOutOfRange (adults; creatinine 0.1 to 30 mg/dL).
    Source: Inker et al., N Engl J Med 2021; 385: 1737-1749, table 2, doi:10.1056/NEJMoa2102953.
    """
    check_range("age_years", age_years, 18, 120)
    check_range("creatinine_mg_dl", creatinine_mg_dl, 0.1, 30)
    kappa, alpha = (0.7, -0.241) if is_female else (0.9, -0.302)
    ratio = creatinine_mg_dl / kappa
    rate: float = 142 * min(ratio, 1.0) ** alpha * max(ratio, 1.0) ** -1.200 * 0.9938**age_years
    return rate * 1.012 if is_female else rate


def creatinine_clearance_cockcroft_gault(
    *, creatinine_mg_dl: float, age_years: int, weight_kg: float, is_female: bool
) -> float:
    """Return the estimated creatinine clearance, mL/min, with the weight given (actual, unless the caller chooses).

    Raises: InputOutOfRange (adults; creatinine 0.1 to 30 mg/dL; 20 to 300 kg).
    Source: Cockcroft and Gault, Nephron 1976; 16: 31-41, doi:10.1159/000180580.
    """
    check_range("age_years", age_years, 18, 120)
    check_range("creatinine_mg_dl", creatinine_mg_dl, 0.1, 30)
    check_range("weight_kg", weight_kg, 20, 300)
    clearance = (140 - age_years) * weight_kg / (72 * creatinine_mg_dl)
    return clearance * 0.85 if is_female else clearance
