"""Who is getting worse, and how many organs fail."""

from enum import StrEnum
from typing import Annotated

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Asked, Source
from clinical.calculators.errors import InputMissing, NotApplicable
from clinical.calculators.inputs import (
    DAY,
    BilirubinMgDl,
    CreatinineMgDl,
    Fio2Percent,
    GlasgowComaScore,
    HeartRatePerMin,
    OxygenSaturationPercent,
    Paco2MmHg,
    Pao2MmHg,
    PlateletsThousandPerUl,
    RespiratoryRatePerMin,
    SystolicMmHg,
    TemperatureCelsius,
    WhiteCellsThousandPerUl,
)
from clinical.calculators.steps import more_than, points_from

BandFormsPercent = Annotated[
    float,
    Asked(
        label="immature neutrophils (band forms)",
        unit="%",
        low=0,
        high=100,
        loinc=("26508-2", "764-1"),
        valid_for=DAY,
    ),
]
MeanArterialMmHg = Annotated[
    float,
    Asked(label="mean arterial pressure", unit="mm[Hg]", low=10, high=250, loinc=("8478-0",), valid_for=DAY),
]
IsOnRespiratorySupport = Annotated[bool, Asked(label="ventilated, or on CPAP")]
DopamineUgKgMin = Annotated[float, Asked(label="dopamine", unit="ug/kg/min", low=0, high=100)]
DobutamineUgKgMin = Annotated[float, Asked(label="dobutamine", unit="ug/kg/min", low=0, high=100)]
AdrenalineUgKgMin = Annotated[
    float, Asked(label="adrenaline (epinephrine)", unit="ug/kg/min", low=0, high=20)
]
NoradrenalineUgKgMin = Annotated[
    float, Asked(label="noradrenaline (norepinephrine)", unit="ug/kg/min", low=0, high=20)
]
UrineOutputMlDay = Annotated[
    float,
    Asked(label="urine in 24 hours", unit="mL/d", low=0, high=30_000, loinc=("9192-6",), valid_for=DAY),
]


class Eyes(StrEnum):
    """What opens the eyes, from nothing up."""

    NONE = "none"
    TO_PRESSURE = "to pressure"
    TO_SOUND = "to sound"
    SPONTANEOUS = "spontaneous"
    NOT_TESTABLE = "not testable"


class Verbal(StrEnum):
    """The best verbal response, from nothing up."""

    NONE = "none"
    SOUNDS = "sounds"
    WORDS = "words"
    CONFUSED = "confused"
    ORIENTATED = "orientated"
    NOT_TESTABLE = "not testable"


class Motor(StrEnum):
    """The best motor response, from nothing up."""

    NONE = "none"
    EXTENSION = "extension"
    ABNORMAL_FLEXION = "abnormal flexion"
    NORMAL_FLEXION = "normal flexion"
    LOCALISING = "localising"
    OBEYS_COMMANDS = "obeys commands"
    NOT_TESTABLE = "not testable"


@calculator(
    "Glasgow coma scale",
    Source(text="Teasdale and Jennett, Lancet 1974; 304: 81-84", doi="10.1016/S0140-6736(74)91639-0"),
    # The six motor responses, and the words of today.
    Source(text="Teasdale and Jennett, Acta Neurochir 1976; 34: 45-55", doi="10.1007/BF01405862"),
    Source(text="Teasdale et al., Nursing Times 2014; 110: 12-16"),
    out_of=15,
    bands=(
        (3, "severe, in a head injury"),
        (9, "moderate, in a head injury"),
        (13, "mild, in a head injury"),
    ),
    note="Say the three responses beside the total.",
)
def glasgow_coma_scale(
    *,
    eyes: Annotated[Eyes, Asked(label="eyes open")],
    verbal: Annotated[Verbal, Asked(label="best verbal response")],
    motor: Annotated[Motor, Asked(label="best motor response")],
) -> int:
    """Return the total, 3 to 15. Raises: NotApplicable where a response cannot be tested."""
    if "not testable" in (eyes, verbal, motor):
        raise NotApplicable(
            "With a response that cannot be tested there is no total: give the others by themselves"
        )
    return list(Eyes).index(eyes) + list(Verbal).index(verbal) + list(Motor).index(motor) + 3


@calculator(
    "SIRS criteria",
    Source(text="Bone et al., Chest 1992; 101: 1644-1655", doi="10.1378/chest.101.6.1644"),
    out_of=4,
    bands=((0, "no SIRS"), (2, "SIRS")),
    note="For adults.",
)
def sirs(
    *,
    temperature_celsius: TemperatureCelsius,
    heart_rate_per_min: HeartRatePerMin,
    respiratory_rate_per_min: RespiratoryRatePerMin,
    white_cells_thousand_per_ul: WhiteCellsThousandPerUl,
    paco2_mmhg: Paco2MmHg | None = None,
    band_forms_percent: BandFormsPercent | None = None,
) -> int:
    """Return how many of the four criteria are met."""
    hyperventilates = respiratory_rate_per_min > 20 or (paco2_mmhg is not None and paco2_mmhg < 32)
    has_bands = band_forms_percent is not None and band_forms_percent > 10
    return sum(
        (
            not 36 <= temperature_celsius <= 38,
            heart_rate_per_min > 90,
            hyperventilates,
            not 4 <= white_cells_thousand_per_ul <= 12 or has_bands,
        )
    )


@calculator(
    "qSOFA",
    Source(text="Seymour et al., JAMA 2016; 315: 762-774", doi="10.1001/jama.2016.0288"),
    Source(text="Singer et al. (Sepsis-3), JAMA 2016; 315: 801-810, box 4", doi="10.1001/jama.2016.0287"),
    out_of=3,
    bands=(
        (0, "not high risk by this score"),
        (2, "high risk of a poor outcome where infection is suspected"),
    ),
    note="Not to be used alone to screen for sepsis (Surviving Sepsis Campaign 2021).",
)
def qsofa(
    *,
    respiratory_rate_per_min: RespiratoryRatePerMin,
    systolic_mmhg: SystolicMmHg,
    glasgow_coma_score: GlasgowComaScore,
) -> int:
    """Return the points, 0 to 3."""
    return sum((respiratory_rate_per_min >= 22, systolic_mmhg <= 100, glasgow_coma_score < 15))


SOFA_RATIO = ((100, 3), (200, 2), (300, 1), (400, 0))
SOFA_PLATELETS = ((20, 3), (50, 2), (100, 1), (150, 0))
SOFA_BILIRUBIN = ((1.2, 1), (2, 2), (6, 3), (12, 4))
SOFA_COMA = ((6, 3), (10, 2), (13, 1), (15, 0))
SOFA_CREATININE = ((1.2, 1), (2, 2), (3.5, 3), (5, 4))
SOFA_URINE = ((200, 3), (500, 0))
SOFA_DOPAMINE = ((more_than(0), 2), (more_than(5), 3), (more_than(15), 4))
SOFA_DOBUTAMINE = ((more_than(0), 2),)
SOFA_ADRENALINE = ((more_than(0), 3), (more_than(0.1), 4))


@calculator(
    "SOFA score (1996)",
    Source(text="Vincent et al., Intensive Care Med 1996; 22: 707-710, table 3", doi="10.1007/BF01709751"),
    out_of=24,
    note="With the worst values of a day; doses given for at least an hour. Sepsis-3: a rise by 2 or more from "
    "infection is organ dysfunction. Without respiratory support the lungs count no more than 2.",
)
def sofa(
    *,
    pao2_mmhg: Pao2MmHg,
    fio2_percent: Fio2Percent,
    is_on_respiratory_support: IsOnRespiratorySupport,
    platelets_thousand_per_ul: PlateletsThousandPerUl,
    bilirubin_mg_dl: BilirubinMgDl,
    mean_arterial_mmhg: MeanArterialMmHg,
    glasgow_coma_score: GlasgowComaScore,
    creatinine_mg_dl: CreatinineMgDl | None = None,
    urine_output_ml_day: UrineOutputMlDay | None = None,
    dopamine_ug_kg_min: DopamineUgKgMin | None = None,
    dobutamine_ug_kg_min: DobutamineUgKgMin | None = None,
    adrenaline_ug_kg_min: AdrenalineUgKgMin | None = None,
    noradrenaline_ug_kg_min: NoradrenalineUgKgMin | None = None,
) -> int:
    """Return the points, 0 to 24; a medicine without a dose is not given. Raises: InputMissing for the kidneys."""
    lungs = points_from(100 * pao2_mmhg / fio2_percent, SOFA_RATIO, below=4)
    circulation = max(
        int(mean_arterial_mmhg < 70),
        points_from(dopamine_ug_kg_min or 0, SOFA_DOPAMINE),
        points_from(dobutamine_ug_kg_min or 0, SOFA_DOBUTAMINE),
        points_from(adrenaline_ug_kg_min or 0, SOFA_ADRENALINE),
        points_from(noradrenaline_ug_kg_min or 0, SOFA_ADRENALINE),
    )
    return (
        (lungs if is_on_respiratory_support else min(lungs, 2))
        + points_from(platelets_thousand_per_ul, SOFA_PLATELETS, below=4)
        + points_from(bilirubin_mg_dl, SOFA_BILIRUBIN)
        + circulation
        + points_from(glasgow_coma_score, SOFA_COMA, below=4)
        + _sofa_kidneys(creatinine_mg_dl, urine_output_ml_day)
    )


def _sofa_kidneys(creatinine_mg_dl: float | None, urine_output_ml_day: float | None) -> int:
    """Return the points of the worse; the table has creatinine or urine output."""
    if creatinine_mg_dl is None and urine_output_ml_day is None:
        raise InputMissing(["creatinine_mg_dl"], ["or urine_output_ml_day, needed for the kidneys"])
    creatinine = 0 if creatinine_mg_dl is None else points_from(creatinine_mg_dl, SOFA_CREATININE)
    urine = 0 if urine_output_ml_day is None else points_from(urine_output_ml_day, SOFA_URINE, below=4)
    return max(creatinine, urine)


class Consciousness(StrEnum):
    """The first that holds: alert, newly confused, or what it takes for a response."""

    ALERT = "alert"
    CONFUSION = "new confusion"
    VOICE = "voice"
    PAIN = "pain"
    UNRESPONSIVE = "unresponsive"


NEWS_BREATHING = ((9, 1), (12, 0), (21, 2), (25, 3))
NEWS_SATURATION = ((92, 2), (94, 1), (96, 0))
NEWS_SATURATION_2 = ((84, 2), (86, 1), (88, 0))
NEWS_SATURATION_2_ON_OXYGEN = (*NEWS_SATURATION_2, (93, 1), (95, 2), (97, 3))
NEWS_PRESSURE = ((91, 2), (101, 1), (111, 0), (220, 3))
NEWS_PULSE = ((41, 1), (51, 0), (91, 1), (111, 2), (131, 3))
NEWS_TEMPERATURE = ((35.1, 1), (36.1, 0), (38.1, 1), (39.1, 2))


@calculator(
    "NEWS2",
    Source(
        text="Royal College of Physicians, National Early Warning Score (NEWS) 2, London 2017",
        url="https://www.rcp.ac.uk/resources/national-early-warning-score-news-2/",
    ),
    out_of=20,
    bands=(
        (0, "low risk (with 3 points in one parameter: urgent review on the ward)"),
        (5, "medium risk: urgent review"),
        (7, "high risk: emergency assessment"),
    ),
    note="From age 16, not in pregnancy. Scale 2 only where hypercapnic respiratory failure is confirmed and "
    "88-92% is the prescribed target.",
)
def news2(
    *,
    respiratory_rate_per_min: RespiratoryRatePerMin,
    oxygen_saturation_percent: OxygenSaturationPercent,
    is_on_saturation_scale_2: Annotated[bool, Asked(label="scale 2 for oxygen saturation (target 88-92%)")],
    is_on_oxygen: Annotated[bool, Asked(label="supplemental oxygen")],
    systolic_mmhg: SystolicMmHg,
    heart_rate_per_min: HeartRatePerMin,
    consciousness: Annotated[Consciousness, Asked(label="consciousness")],
    temperature_celsius: TemperatureCelsius,
) -> int:
    """Return the points, 0 to 20."""
    scale_2 = NEWS_SATURATION_2_ON_OXYGEN if is_on_oxygen else NEWS_SATURATION_2
    saturation_steps = scale_2 if is_on_saturation_scale_2 else NEWS_SATURATION
    return (
        points_from(respiratory_rate_per_min, NEWS_BREATHING, below=3)
        + points_from(oxygen_saturation_percent, saturation_steps, below=3)
        + 2 * is_on_oxygen
        + points_from(systolic_mmhg, NEWS_PRESSURE, below=3)
        + points_from(heart_rate_per_min, NEWS_PULSE, below=3)
        + (0 if consciousness is Consciousness.ALERT else 3)
        + points_from(temperature_celsius, NEWS_TEMPERATURE, below=3)
    )
