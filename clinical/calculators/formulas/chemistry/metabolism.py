"""Lipids and glucose: what is worked out from a fasting sample, and the average behind a haemoglobin A1c."""

import math
from typing import Annotated

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Asked, Source
from clinical.calculators.errors import NotApplicable
from clinical.calculators.inputs import (
    WEEK,
    YEAR,
    HdlCholesterolMgDl,
    HemoglobinA1cPercent,
    TotalCholesterolMgDl,
)

MG_DL_PER_MMOL_L_OF_GLUCOSE = 18.016

TriglyceridesTo400MgDl = Annotated[
    float,
    Asked(label="triglycerides", unit="mg/dL", low=10, high=400, loinc=("2571-8", "14927-8"), valid_for=YEAR),
]
TriglyceridesTo800MgDl = Annotated[
    float,
    Asked(label="triglycerides", unit="mg/dL", low=10, high=800, loinc=("2571-8", "14927-8"), valid_for=YEAR),
]
FastingGlucoseMgDl = Annotated[
    float,
    Asked(
        label="fasting glucose", unit="mg/dL", low=20, high=630, loinc=("1558-6", "14771-0"), valid_for=WEEK
    ),
]
# No LOINC code: an insulin of a chart seldom says that it was taken fasting.
FastingInsulinMicrounitsMl = Annotated[
    float, Asked(label="fasting insulin", unit="u[IU]/mL", low=0.2, high=400)
]


@calculator(
    "Non-HDL cholesterol",
    Source(
        text="2018 AHA/ACC cholesterol guideline, Grundy et al., Circulation 2019; 139: e1082-e1143",
        doi="10.1161/CIR.0000000000000625",
    ),
    unit="mg/dL",
)
def non_hdl_cholesterol(
    *, total_cholesterol_mg_dl: TotalCholesterolMgDl, hdl_cholesterol_mg_dl: HdlCholesterolMgDl
) -> float:
    """Return the cholesterol outside HDL, mg/dL."""
    if hdl_cholesterol_mg_dl > total_cholesterol_mg_dl:
        raise NotApplicable("HDL cholesterol cannot be more than total cholesterol: check both")
    return total_cholesterol_mg_dl - hdl_cholesterol_mg_dl


@calculator(
    "LDL cholesterol (Friedewald)",
    Source(text="Friedewald et al., Clin Chem 1972; 18: 499-502", doi="10.1093/clinchem/18.6.499"),
    unit="mg/dL",
    note="Fasting; not above 400 mg/dL of triglycerides. Too low where LDL is below 70 mg/dL or triglycerides are high.",
)
def ldl_friedewald(
    *,
    total_cholesterol_mg_dl: TotalCholesterolMgDl,
    hdl_cholesterol_mg_dl: HdlCholesterolMgDl,
    triglycerides_mg_dl: TriglyceridesTo400MgDl,
) -> float:
    """Return the LDL cholesterol with a fifth of the triglycerides as VLDL, mg/dL."""
    outside_hdl = non_hdl_cholesterol(
        total_cholesterol_mg_dl=total_cholesterol_mg_dl, hdl_cholesterol_mg_dl=hdl_cholesterol_mg_dl
    )
    return _if_positive(outside_hdl - triglycerides_mg_dl / 5)


@calculator(
    "LDL cholesterol (Sampson, NIH equation 2)",
    Source(text="Sampson et al., JAMA Cardiol 2020; 5: 540-548", doi="10.1001/jamacardio.2020.0013"),
    unit="mg/dL",
    note="Up to 800 mg/dL of triglycerides. Not for type III dysbetalipoproteinaemia.",
)
def ldl_sampson_nih(
    *,
    total_cholesterol_mg_dl: TotalCholesterolMgDl,
    hdl_cholesterol_mg_dl: HdlCholesterolMgDl,
    triglycerides_mg_dl: TriglyceridesTo800MgDl,
) -> float:
    """Return the LDL cholesterol, mg/dL."""
    outside_hdl = non_hdl_cholesterol(
        total_cholesterol_mg_dl=total_cholesterol_mg_dl, hdl_cholesterol_mg_dl=hdl_cholesterol_mg_dl
    )
    very_low = (
        triglycerides_mg_dl / 8.56
        + triglycerides_mg_dl * outside_hdl / 2140
        - triglycerides_mg_dl**2 / 16_100
    )
    return _if_positive(total_cholesterol_mg_dl / 0.948 - hdl_cholesterol_mg_dl / 0.971 - very_low - 9.44)


def _if_positive(ldl_mg_dl: float) -> float:
    if ldl_mg_dl < 0:
        raise NotApplicable(
            "The equation gives less than nothing for these values: have LDL cholesterol measured"
        )
    return ldl_mg_dl


@calculator(
    "HOMA-IR (1985)",
    Source(text="Matthews et al., Diabetologia 1985; 28: 412-419", doi="10.1007/BF00280883"),
    decimals=2,
    note="Fasting, and not on insulin. No cut-off holds for all: assays and populations differ.",
)
def homa_ir(*, glucose_mg_dl: FastingGlucoseMgDl, insulin_microunits_ml: FastingInsulinMicrounitsMl) -> float:
    """Return the insulin resistance by the homeostasis model; 1 is that of a lean young adult."""
    return glucose_mg_dl / 18 * insulin_microunits_ml / 22.5


@calculator(
    "QUICKI",
    Source(text="Katz et al., J Clin Endocrinol Metab 2000; 85: 2402-2410", doi="10.1210/jcem.85.7.6661"),
    decimals=3,
    note="Fasting, and not on insulin. The lower, the less sensitive to insulin.",
)
def quicki(*, glucose_mg_dl: FastingGlucoseMgDl, insulin_microunits_ml: FastingInsulinMicrounitsMl) -> float:
    """Return the quantitative insulin sensitivity check index."""
    return 1 / (math.log10(insulin_microunits_ml) + math.log10(glucose_mg_dl))


def _in_both_units(glucose_mg_dl: float) -> str:
    return f"{glucose_mg_dl:.0f} mg/dL ({glucose_mg_dl / MG_DL_PER_MMOL_L_OF_GLUCOSE:.1f} mmol/L)"


@calculator(
    "Estimated average glucose",
    Source(text="ADAG study, Nathan et al., Diabetes Care 2008; 31: 1473-1478", doi="10.2337/dc08-0545"),
    unit="mg/dL",
    shown=_in_both_units,
    note="Misleads where red cells live shorter or longer: anaemia, transfusion, haemoglobin variants, dialysis, pregnancy.",
)
def estimated_average_glucose(*, hemoglobin_a1c_percent: HemoglobinA1cPercent) -> float:
    """Return the average glucose of the last three months, mg/dL."""
    # 28.7 x A1c - 46.7, in tenths: so 6 % gives 125.5, as in the publication's table, and not a hair less.
    return (287 * hemoglobin_a1c_percent - 467) / 10
