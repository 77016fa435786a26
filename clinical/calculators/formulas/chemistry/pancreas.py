"""How severe an acute pancreatitis will be."""

from typing import Annotated

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Asked, Source
from clinical.calculators.formulas.acute.critical_care import sirs
from clinical.calculators.formulas.acute.lungs import HasPleuralEffusion
from clinical.calculators.inputs import (
    DAY,
    AdultAgeYears,
    AspartateAminotransferaseUL,
    CalciumMgDl,
    GlasgowComaScore,
    GlucoseMgDl,
    HeartRatePerMin,
    Paco2MmHg,
    Pao2MmHg,
    RespiratoryRatePerMin,
    TemperatureCelsius,
    UreaNitrogenMgDl,
    WhiteCellsThousandPerUl,
)

LactateDehydrogenaseUL = Annotated[
    float,
    Asked(
        label="lactate dehydrogenase (LDH)",
        unit="U/L",
        low=10,
        high=50_000,
        loinc=("2532-0", "14804-9"),
        valid_for=2 * DAY,
    ),
]
HematocritFallPercent = Annotated[
    float, Asked(label="fall of the haematocrit in 48 hours, points of percent", unit="%", low=-50, high=60)
]
UreaNitrogenRiseMgDl = Annotated[
    float, Asked(label="rise of blood urea nitrogen in 48 hours", unit="mg/dL", low=-200, high=200)
]
BaseDeficitMmolL = Annotated[
    float,
    Asked(label="base deficit in the first 48 hours (positive: acid)", unit="mmol/L", low=-40, high=40),
]
FluidSequestrationL = Annotated[
    float, Asked(label="fluid sequestration in 48 hours", unit="L", low=-10, high=40)
]


@calculator(
    "Ranson's criteria",
    Source(text="Ranson et al., Surg Gynecol Obstet 1974; 139: 69-81", pmid="4834279"),
    out_of=11,
    bands=((0, "severe pancreatitis unlikely"), (3, "severe pancreatitis likely")),
    note="Five signs at admission and six in the first 48 hours: not complete before. "
    "Made for pancreatitis that is not from gallstones. The publication has AST in Frankel units, read as U/L today.",
)
def ranson(
    *,
    age_years: AdultAgeYears,
    white_cells_thousand_per_ul: WhiteCellsThousandPerUl,
    glucose_mg_dl: GlucoseMgDl,
    lactate_dehydrogenase_u_l: LactateDehydrogenaseUL,
    ast_u_l: AspartateAminotransferaseUL,
    hematocrit_fall_percent: HematocritFallPercent,
    urea_nitrogen_rise_mg_dl: UreaNitrogenRiseMgDl,
    calcium_mg_dl: CalciumMgDl,
    pao2_mmhg: Pao2MmHg,
    base_deficit_mmol_l: BaseDeficitMmolL,
    fluid_sequestration_l: FluidSequestrationL,
) -> int:
    """Return how many of the eleven signs are there."""
    at_admission = (
        age_years > 55,
        white_cells_thousand_per_ul > 16,
        glucose_mg_dl > 200,
        lactate_dehydrogenase_u_l > 350,
        ast_u_l > 250,
    )
    within_48_hours = (
        hematocrit_fall_percent > 10,
        urea_nitrogen_rise_mg_dl > 5,
        calcium_mg_dl < 8,
        pao2_mmhg < 60,
        base_deficit_mmol_l > 4,
        fluid_sequestration_l > 6,
    )
    return sum(at_admission) + sum(within_48_hours)


@calculator(
    "BISAP",
    Source(text="Wu et al., Gut 2008; 57: 1698-1703", doi="10.1136/gut.2008.152702"),
    out_of=5,
    bands=(
        (0, "low risk of death in hospital"),
        (3, "raised risk of death in hospital (above 5%)"),
    ),
    note="From values of the first 24 hours.",
)
def bisap(
    *,
    urea_nitrogen_mg_dl: UreaNitrogenMgDl,
    glasgow_coma_score: GlasgowComaScore,
    temperature_celsius: TemperatureCelsius,
    heart_rate_per_min: HeartRatePerMin,
    respiratory_rate_per_min: RespiratoryRatePerMin,
    white_cells_thousand_per_ul: WhiteCellsThousandPerUl,
    age_years: AdultAgeYears,
    has_pleural_effusion: HasPleuralEffusion,
    paco2_mmhg: Paco2MmHg | None = None,
) -> int:
    """Return the points, 0 to 5."""
    inflammation = sirs(
        temperature_celsius=temperature_celsius,
        heart_rate_per_min=heart_rate_per_min,
        respiratory_rate_per_min=respiratory_rate_per_min,
        white_cells_thousand_per_ul=white_cells_thousand_per_ul,
        paco2_mmhg=paco2_mmhg,
    )
    return sum(
        (
            urea_nitrogen_mg_dl > 25,
            glasgow_coma_score < 15,
            inflammation >= 2,
            age_years > 60,
            has_pleural_effusion,
        )
    )
