"""Chest pain and acute coronary syndromes: who has one, and who is in danger."""

from enum import StrEnum
from typing import Annotated

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Asked, Source
from clinical.calculators.inputs import (
    AdultAgeYears,
    AdultWeightKg,
    CreatinineMgDl,
    HasDiabetes,
    HasHypertension,
    HeartRatePerMin,
    SystolicMmHg,
)
from clinical.calculators.steps import points_from


class Suspicion(StrEnum):
    """How much the history sounds like the heart; lowest points first."""

    SLIGHT = "slightly suspicious"
    MODERATE = "moderately suspicious"
    HIGH = "highly suspicious"


class Electrocardiogram(StrEnum):
    """What the electrocardiogram shows; lowest points first."""

    NORMAL = "normal"
    NON_SPECIFIC = "non-specific repolarisation disturbance"
    ST_DEVIATION = "significant ST deviation"


class Troponin(StrEnum):
    """The first troponin against the limit of the laboratory; lowest points first."""

    NORMAL = "normal"
    RAISED = "one to three times the limit"
    HIGH = "over three times the limit"


class Killip(StrEnum):
    """Killip class at admission; lowest points first."""

    NO_FAILURE = "I: no heart failure"
    RALES = "II: rales or raised jugular pressure"
    OEDEMA = "III: pulmonary oedema"
    SHOCK = "IV: cardiogenic shock"


KillipClass = Annotated[Killip, Asked(label="Killip class")]


@calculator(
    "HEART score",
    Source(text="Six, Backus and Kelder, Neth Heart J 2008; 16: 191-196", doi="10.1007/BF03086144"),
    # Of the rates.
    Source(
        text="Backus et al., Int J Cardiol 2013; 168: 2153-2158",
        doi="10.1016/j.ijcard.2013.01.255",
    ),
    out_of=10,
    bands=(
        (0, "low risk: 1.7% had a major cardiac event within 6 weeks"),
        (4, "moderate risk: 16.6% had a major cardiac event within 6 weeks"),
        (7, "high risk: 50.1% had a major cardiac event within 6 weeks"),
    ),
    note="For chest pain in an emergency department, without ST elevation or unstable circulation.",
)
def heart_score(
    *,
    suspicion: Annotated[Suspicion, Asked(label="history")],
    electrocardiogram: Annotated[Electrocardiogram, Asked(label="electrocardiogram")],
    age_years: AdultAgeYears,
    has_hypertension: HasHypertension,
    has_hypercholesterolaemia: Annotated[bool, Asked(label="hypercholesterolaemia")],
    has_diabetes: HasDiabetes,
    has_obesity: Annotated[bool, Asked(label="obesity (body mass index above 30 kg/m²)")],
    is_smoker: Annotated[bool, Asked(label="smokes, or stopped within 3 months")],
    has_family_history: Annotated[bool, Asked(label="coronary disease in the family before age 65")],
    has_atherosclerotic_disease: Annotated[
        bool,
        Asked(
            label="atherosclerotic disease (myocardial infarction, revascularisation, stroke, transient ischaemic "
            "attack, peripheral artery disease)"
        ),
    ],
    troponin: Annotated[Troponin, Asked(label="first troponin")],
) -> int:
    """Return the points, 0 to 10."""
    factors = (has_hypertension, has_hypercholesterolaemia, has_diabetes, has_obesity, is_smoker)
    risk = points_from(sum(factors) + has_family_history, ((1, 1), (3, 2)))
    return (
        list(Suspicion).index(suspicion)
        + list(Electrocardiogram).index(electrocardiogram)
        + points_from(age_years, ((45, 1), (65, 2)))
        + (2 if has_atherosclerotic_disease else risk)
        + list(Troponin).index(troponin)
    )


@calculator(
    "TIMI risk score for unstable angina and NSTEMI",
    Source(text="Antman et al., JAMA 2000; 284: 835-842", doi="10.1001/jama.284.7.835"),
    out_of=7,
    bands=(
        (0, "4.7% had died, an infarction or urgent revascularisation within 14 days"),
        (2, "8.3% had died, an infarction or urgent revascularisation within 14 days"),
        (3, "13.2% had died, an infarction or urgent revascularisation within 14 days"),
        (4, "19.9% had died, an infarction or urgent revascularisation within 14 days"),
        (5, "26.2% had died, an infarction or urgent revascularisation within 14 days"),
        (6, "40.9% had died, an infarction or urgent revascularisation within 14 days"),
    ),
)
def timi_ua_nstemi(
    *,
    age_years: AdultAgeYears,
    has_three_risk_factors: Annotated[
        bool,
        Asked(
            label="three or more of: coronary disease in the family, hypertension, hypercholesterolaemia, diabetes, "
            "smoking"
        ),
    ],
    has_coronary_stenosis: Annotated[bool, Asked(label="known coronary stenosis of 50% or more")],
    took_aspirin: Annotated[bool, Asked(label="took aspirin in the last 7 days")],
    had_severe_angina: Annotated[bool, Asked(label="two or more attacks of angina in the last 24 hours")],
    has_st_deviation: Annotated[bool, Asked(label="ST deviation of 0.5 mm or more")],
    has_raised_markers: Annotated[bool, Asked(label="raised cardiac markers")],
) -> int:
    """Return the points, 0 to 7."""
    history = (age_years >= 65, has_three_risk_factors, has_coronary_stenosis, took_aspirin)
    return sum(history) + sum((had_severe_angina, has_st_deviation, has_raised_markers))


@calculator(
    "TIMI risk score for STEMI",
    Source(text="Morrow et al., Circulation 2000; 102: 2031-2037", doi="10.1161/01.CIR.102.17.2031"),
    out_of=14,
    bands=(
        (0, "0.8% died within 30 days"),
        (1, "1.6% died within 30 days"),
        (2, "2.2% died within 30 days"),
        (3, "4.4% died within 30 days"),
        (4, "7.3% died within 30 days"),
        (5, "12.4% died within 30 days"),
        (6, "16.1% died within 30 days"),
        (7, "23.4% died within 30 days"),
        (8, "26.8% died within 30 days"),
        (9, "35.9% died within 30 days"),
    ),
    note="The rates are of patients treated with fibrinolysis.",
)
def timi_stemi(
    *,
    age_years: AdultAgeYears,
    has_diabetes_hypertension_or_angina: Annotated[
        bool, Asked(label="history of diabetes, hypertension or angina")
    ],
    systolic_mmhg: SystolicMmHg,
    heart_rate_per_min: HeartRatePerMin,
    killip: KillipClass,
    weight_kg: AdultWeightKg,
    has_anterior_elevation_or_left_bundle_block: Annotated[
        bool, Asked(label="anterior ST elevation or left bundle branch block")
    ],
    is_treated_after_4_hours: Annotated[bool, Asked(label="more than 4 hours to treatment")],
) -> int:
    """Return the points, 0 to 14."""
    return (
        points_from(age_years, ((65, 2), (75, 3)))
        + 3 * (systolic_mmhg < 100)
        + 2 * (heart_rate_per_min > 100)
        + 2 * (killip is not Killip.NO_FAILURE)
        + (weight_kg < 67)
        + has_diabetes_hypertension_or_angina
        + has_anterior_elevation_or_left_bundle_block
        + is_treated_after_4_hours
    )


GRACE_AGE = ((30, 8), (40, 25), (50, 41), (60, 58), (70, 75), (80, 91), (90, 100))
GRACE_RATE = ((50, 3), (70, 9), (90, 15), (110, 24), (150, 38), (200, 46))
GRACE_PRESSURE = ((80, 53), (100, 43), (120, 34), (140, 24), (160, 10), (200, 0))
GRACE_CREATININE = ((0.4, 4), (0.8, 7), (1.2, 10), (1.6, 13), (2, 21), (4, 28))
GRACE_KILLIP = {Killip.NO_FAILURE: 0, Killip.RALES: 20, Killip.OEDEMA: 39, Killip.SHOCK: 59}


@calculator(
    "GRACE score for death in hospital (2003)",
    Source(text="Granger et al., Arch Intern Med 2003; 163: 2345-2353", doi="10.1001/archinte.163.19.2345"),
    out_of=372,
    # Source: Hamm et al. (ESC), Eur Heart J 2011; 32: 2999-3054, for acute coronary syndromes without ST elevation.
    bands=(
        (0, "low risk without ST elevation: below 1% die in hospital"),
        (109, "intermediate risk without ST elevation: 1 to 3% die in hospital"),
        (141, "high risk without ST elevation: more than 3% die in hospital"),
    ),
    note="Not GRACE 2.0, and not the score for six months. The bands are for no ST elevation.",
)
def grace_in_hospital(
    *,
    age_years: AdultAgeYears,
    heart_rate_per_min: HeartRatePerMin,
    systolic_mmhg: SystolicMmHg,
    creatinine_mg_dl: CreatinineMgDl,
    killip: KillipClass,
    had_cardiac_arrest: Annotated[bool, Asked(label="cardiac arrest at admission")],
    has_st_deviation: Annotated[bool, Asked(label="ST deviation")],
    has_raised_markers: Annotated[bool, Asked(label="raised cardiac markers")],
) -> int:
    """Return the points, up to 372."""
    return (
        points_from(age_years, GRACE_AGE)
        + points_from(heart_rate_per_min, GRACE_RATE)
        + points_from(systolic_mmhg, GRACE_PRESSURE, below=58)
        + points_from(creatinine_mg_dl, GRACE_CREATININE, below=1)
        + GRACE_KILLIP[killip]
        + 39 * had_cardiac_arrest
        + 28 * has_st_deviation
        + 14 * has_raised_markers
    )
