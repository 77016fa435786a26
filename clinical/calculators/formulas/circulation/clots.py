"""Whether there is a clot in a vein or the lungs, how dangerous it is, and whether heparin makes platelets fall."""

from enum import StrEnum
from typing import Annotated

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Asked, Sex, Source
from clinical.calculators.inputs import (
    AdultAgeYears,
    HasHeartFailure,
    HeartRatePerMin,
    OxygenSaturationPercent,
    PatientSex,
    RespiratoryRatePerMin,
    SystolicMmHg,
    TemperatureCelsius,
)
from clinical.calculators.steps import more_than, points_from

HasActiveCancer = Annotated[bool, Asked(label="cancer treated within 6 months, or palliative")]
HadVenousThromboembolism = Annotated[
    bool,
    Asked(label="earlier deep vein thrombosis or pulmonary embolism", condition="venous-thromboembolism"),
]
HadDeepVeinThrombosis = Annotated[bool, Asked(label="earlier deep vein thrombosis")]
HasHemoptysis = Annotated[bool, Asked(label="haemoptysis")]


@calculator(
    "Wells score for pulmonary embolism",
    Source(text="Wells et al., Thromb Haemost 2000; 83: 416-420", doi="10.1055/s-0037-1613830"),
    unit="{score}",
    decimals=1,
    bands=((0, "pulmonary embolism unlikely"), (more_than(4), "pulmonary embolism likely")),
    note="In three levels: low below 2, moderate 2 to 6, high above 6. Unlikely is not ruled out: it asks for a D-dimer.",
)
def wells_pe(
    *,
    has_signs_of_deep_vein_thrombosis: Annotated[
        bool,
        Asked(label="signs of deep vein thrombosis (at least a swollen leg, painful along the deep veins)"),
    ],
    is_pulmonary_embolism_likeliest: Annotated[
        bool, Asked(label="pulmonary embolism is likelier than any other diagnosis")
    ],
    heart_rate_per_min: HeartRatePerMin,
    was_immobilised_or_had_surgery: Annotated[
        bool, Asked(label="immobilised for 3 days or more, or surgery within 4 weeks")
    ],
    had_venous_thromboembolism: HadVenousThromboembolism,
    has_hemoptysis: HasHemoptysis,
    has_active_cancer: HasActiveCancer,
) -> float:
    """Return the points, 0 to 12.5."""
    middling = (heart_rate_per_min > 100, was_immobilised_or_had_surgery, had_venous_thromboembolism)
    return (
        3 * (has_signs_of_deep_vein_thrombosis + is_pulmonary_embolism_likeliest)
        + 1.5 * sum(middling)
        + has_hemoptysis
        + has_active_cancer
    )


@calculator(
    "Wells score for deep vein thrombosis (2003)",
    Source(text="Wells et al., N Engl J Med 2003; 349: 1227-1235", doi="10.1056/NEJMoa023153"),
    out_of=9,
    bands=((-2, "deep vein thrombosis unlikely"), (2, "deep vein thrombosis likely")),
    note="With signs in both legs, of the leg with more. The score of 1997 had no point for an earlier thrombosis. "
    "Unlikely is not ruled out: it asks for a D-dimer.",
)
def wells_dvt(
    *,
    has_active_cancer: HasActiveCancer,
    has_paralysis_or_plaster: Annotated[
        bool, Asked(label="paralysis, paresis or recent plaster cast of a leg")
    ],
    was_bedridden_or_had_major_surgery: Annotated[
        bool,
        Asked(
            label="bedridden for 3 days or more, or major surgery within 12 weeks in general or regional anaesthesia"
        ),
    ],
    has_tenderness_along_deep_veins: Annotated[bool, Asked(label="tender along the deep veins")],
    has_entire_leg_swollen: Annotated[bool, Asked(label="entire leg swollen")],
    has_calf_swelling: Annotated[
        bool, Asked(label="calf at least 3 cm thicker than the other, 10 cm below the tibial tuberosity")
    ],
    has_pitting_oedema: Annotated[bool, Asked(label="pitting oedema of the affected leg only")],
    has_collateral_veins: Annotated[bool, Asked(label="collateral superficial veins (not varicose)")],
    had_deep_vein_thrombosis: HadDeepVeinThrombosis,
    is_other_diagnosis_as_likely: Annotated[
        bool, Asked(label="another diagnosis is at least as likely as deep vein thrombosis")
    ],
) -> int:
    """Return the points, -2 to 9."""
    history = (
        has_active_cancer,
        has_paralysis_or_plaster,
        was_bedridden_or_had_major_surgery,
        had_deep_vein_thrombosis,
    )
    signs = (
        has_tenderness_along_deep_veins,
        has_entire_leg_swollen,
        has_calf_swelling,
        has_pitting_oedema,
        has_collateral_veins,
    )
    return sum(history) + sum(signs) - 2 * is_other_diagnosis_as_likely


@calculator(
    "PERC rule for pulmonary embolism",
    Source(text="Kline et al., J Thromb Haemost 2004; 2: 1247-1255", doi="10.1111/j.1538-7836.2004.00790.x"),
    out_of=8,
    bands=(
        (0, "no criterion: where the clinician's own estimate is low, no test is needed"),
        (1, "pulmonary embolism is not ruled out by this rule"),
    ),
    note="Only where the clinician's own estimate of pulmonary embolism is low (below 15%). Saturation on room air.",
)
def perc(
    *,
    age_years: AdultAgeYears,
    heart_rate_per_min: HeartRatePerMin,
    oxygen_saturation_percent: OxygenSaturationPercent,
    has_unilateral_leg_swelling: Annotated[bool, Asked(label="one leg swollen")],
    has_hemoptysis: HasHemoptysis,
    had_surgery_or_trauma: Annotated[
        bool, Asked(label="surgery or trauma within 4 weeks that needed a hospital")
    ],
    had_venous_thromboembolism: HadVenousThromboembolism,
    takes_oestrogen: Annotated[bool, Asked(label="oestrogen (contraceptive or hormone replacement)")],
) -> int:
    """Return how many of the eight criteria speak against ruling out."""
    measured = (age_years >= 50, heart_rate_per_min >= 100, oxygen_saturation_percent < 95)
    told = (has_unilateral_leg_swelling, has_hemoptysis, had_surgery_or_trauma, had_venous_thromboembolism)
    return sum(measured) + sum(told) + takes_oestrogen


@calculator(
    "Pulmonary embolism severity index (PESI)",
    Source(
        text="Aujesky et al., Am J Respir Crit Care Med 2005; 172: 1041-1046", doi="10.1164/rccm.200506-862OC"
    ),
    unit="{score}",
    bands=(
        (0, "class I, very low risk: up to 1.6% died within 30 days"),
        (66, "class II, low risk: 1.7 to 3.5% died within 30 days"),
        (86, "class III, intermediate risk: 3.2 to 7.1% died within 30 days"),
        (106, "class IV, high risk: 4.0 to 11.4% died within 30 days"),
        (126, "class V, very high risk: 10.0 to 24.5% died within 30 days"),
    ),
    note="For a pulmonary embolism that is confirmed. Saturation with or without oxygen.",
)
def pesi(
    *,
    age_years: AdultAgeYears,
    sex: PatientSex,
    has_cancer_history: Annotated[bool, Asked(label="cancer, now or earlier")],
    has_heart_failure: HasHeartFailure,
    has_chronic_lung_disease: Annotated[bool, Asked(label="chronic lung disease", condition="copd")],
    heart_rate_per_min: HeartRatePerMin,
    systolic_mmhg: SystolicMmHg,
    respiratory_rate_per_min: RespiratoryRatePerMin,
    temperature_celsius: TemperatureCelsius,
    has_altered_mental_status: Annotated[
        bool, Asked(label="altered mental status (disorientation, lethargy, stupor or coma)")
    ],
    oxygen_saturation_percent: OxygenSaturationPercent,
) -> int:
    """Return the points; from 126 they are class V."""
    history = 30 * has_cancer_history + 10 * (has_heart_failure + has_chronic_lung_disease)
    bedside = 30 * (systolic_mmhg < 100) + 60 * has_altered_mental_status
    bedside += 20 * sum(
        (
            heart_rate_per_min >= 110,
            respiratory_rate_per_min >= 30,
            temperature_celsius < 36,
            oxygen_saturation_percent < 90,
        )
    )
    return age_years + 10 * (sex is Sex.MALE) + history + bedside


@calculator(
    "Simplified PESI",
    Source(text="Jiménez et al., Arch Intern Med 2010; 170: 1383-1389", doi="10.1001/archinternmed.2010.199"),
    out_of=6,
    bands=(
        (0, "low risk: 1.0% died within 30 days"),
        (1, "high risk: 10.9% died within 30 days"),
    ),
    note="For a pulmonary embolism that is confirmed.",
)
def simplified_pesi(
    *,
    age_years: AdultAgeYears,
    has_cancer_history: Annotated[bool, Asked(label="cancer, now or earlier")],
    has_chronic_cardiopulmonary_disease: Annotated[
        bool, Asked(label="heart failure or chronic lung disease")
    ],
    heart_rate_per_min: HeartRatePerMin,
    systolic_mmhg: SystolicMmHg,
    oxygen_saturation_percent: OxygenSaturationPercent,
) -> int:
    """Return the points, 0 to 6."""
    history = (age_years > 80, has_cancer_history, has_chronic_cardiopulmonary_disease)
    return sum(history) + sum(
        (heart_rate_per_min >= 110, systolic_mmhg < 100, oxygen_saturation_percent < 90)
    )


class FallTiming(StrEnum):
    """When the platelets fell, counted from the start of heparin; lowest points first."""

    TOO_EARLY = "before day 4, without recent heparin"
    POSSIBLE = "perhaps days 5 to 10, or after day 10, or within a day after heparin 30 to 100 days ago"
    TYPICAL = "clearly days 5 to 10, or within a day after heparin in the last 30 days"


class HitThrombosis(StrEnum):
    """What happened besides the fall; lowest points first."""

    NONE = "none"
    POSSIBLE = "progressive, recurrent or suspected thrombosis, or red skin lesions"
    CERTAIN = "new thrombosis, skin necrosis, or acute reaction to a heparin bolus"


class OtherCause(StrEnum):
    """Whether something else explains the fall; lowest points first."""

    DEFINITE = "definite"
    POSSIBLE = "possible"
    NONE_APPARENT = "none apparent"


@calculator(
    "4Ts score for heparin-induced thrombocytopenia",
    Source(text="Lo et al., J Thromb Haemost 2006; 4: 759-765", doi="10.1111/j.1538-7836.2006.01787.x"),
    out_of=8,
    bands=((0, "low probability"), (4, "intermediate probability"), (6, "high probability")),
    note="The fall is from the highest count since heparin began.",
)
def four_ts_hit(
    *,
    platelet_fall_percent: Annotated[
        float, Asked(label="fall of the platelets under heparin", unit="%", low=0, high=100)
    ],
    platelet_nadir_thousand_per_ul: Annotated[
        float, Asked(label="lowest platelets under heparin", unit="10*3/uL", low=0, high=3_000)
    ],
    timing: Annotated[FallTiming, Asked(label="when the platelets fell")],
    thrombosis: Annotated[HitThrombosis, Asked(label="thrombosis or other sequelae")],
    other_cause: Annotated[OtherCause, Asked(label="another cause of the fall")],
) -> int:
    """Return the points, 0 to 8."""
    if platelet_nadir_thousand_per_ul < 20:
        fall = int(platelet_nadir_thousand_per_ul >= 10)
    else:
        fall = points_from(platelet_fall_percent, ((30, 1), (more_than(50), 2)))
    chosen = (
        list(FallTiming).index(timing),
        list(HitThrombosis).index(thrombosis),
        list(OtherCause).index(other_cause),
    )
    return fall + sum(chosen)
