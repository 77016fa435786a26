"""How severe a pneumonia is, and how well oxygen crosses into blood."""

from typing import Annotated

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Asked, Sex, Source
from clinical.calculators.inputs import (
    AdultAgeYears,
    ArterialPh,
    DiastolicMmHg,
    Fio2Percent,
    GlucoseMgDl,
    HasHeartFailure,
    HeartRatePerMin,
    HematocritPercent,
    Paco2MmHg,
    Pao2MmHg,
    PatientSex,
    RespiratoryRatePerMin,
    SodiumMmolL,
    SystolicMmHg,
    TemperatureCelsius,
    UreaNitrogenMgDl,
)
from clinical.calculators.steps import more_than

HasNewConfusion = Annotated[bool, Asked(label="new confusion")]
HasPleuralEffusion = Annotated[bool, Asked(label="pleural effusion on imaging")]
HasAlteredMentalStatus = Annotated[bool, Asked(label="altered mental status that is not known to be chronic")]
LivesInNursingHome = Annotated[bool, Asked(label="lives in a nursing home")]
HasActiveCancer = Annotated[
    bool, Asked(label="cancer, active or found within a year (not basal or squamous skin cancer)")
]
HasLiverDisease = Annotated[bool, Asked(label="chronic liver disease", condition="chronic-liver-disease")]
HasCerebrovascularDisease = Annotated[
    bool, Asked(label="stroke or transient ischaemic attack", condition="cerebrovascular-disease")
]
HasKidneyDisease = Annotated[bool, Asked(label="chronic kidney disease", condition="chronic-kidney-disease")]
BarometricMmHg = Annotated[
    float, Asked(label="barometric pressure (760 at sea level)", unit="mm[Hg]", low=250, high=800)
]

LIM = Source(text="Lim et al., Thorax 2003; 58: 377-382", doi="10.1136/thorax.58.5.377")
# Urea of 7 mmol/L; two nitrogens of 14.007 g/mol in a molecule.
UREA_LIMIT_MG_DL = 7 * 2 * 14.007 / 10

AT_SEA_LEVEL_MMHG = 760.0
WATER_VAPOUR_MMHG = 47.0
RESPIRATORY_QUOTIENT = 0.8


@calculator(
    "CURB-65",
    LIM,
    out_of=5,
    bands=(
        (0, "low risk: 1.5% died within 30 days"),
        (2, "intermediate risk: 9.2% died within 30 days"),
        (3, "high risk: 22% died within 30 days"),
    ),
    note="For pneumonia acquired in the community. Urea counts above 7 mmol/L, BUN above 19.6 mg/dL.",
)
def curb_65(
    *,
    has_new_confusion: HasNewConfusion,
    urea_nitrogen_mg_dl: UreaNitrogenMgDl,
    respiratory_rate_per_min: RespiratoryRatePerMin,
    systolic_mmhg: SystolicMmHg,
    diastolic_mmhg: DiastolicMmHg,
    age_years: AdultAgeYears,
) -> int:
    """Return the points, 0 to 5."""
    bedside = crb_65(
        has_new_confusion=has_new_confusion,
        respiratory_rate_per_min=respiratory_rate_per_min,
        systolic_mmhg=systolic_mmhg,
        diastolic_mmhg=diastolic_mmhg,
        age_years=age_years,
    )
    return bedside + (urea_nitrogen_mg_dl > UREA_LIMIT_MG_DL)


@calculator(
    "CRB-65",
    LIM,
    out_of=4,
    bands=(
        (0, "low risk: 1.2% died within 30 days"),
        (1, "intermediate risk: 8.2% died within 30 days"),
        (3, "high risk: 31% died within 30 days"),
    ),
    note="For pneumonia acquired in the community, where urea is not at hand.",
)
def crb_65(
    *,
    has_new_confusion: HasNewConfusion,
    respiratory_rate_per_min: RespiratoryRatePerMin,
    systolic_mmhg: SystolicMmHg,
    diastolic_mmhg: DiastolicMmHg,
    age_years: AdultAgeYears,
) -> int:
    """Return the points, 0 to 4."""
    has_low_pressure = systolic_mmhg < 90 or diastolic_mmhg <= 60
    return sum((has_new_confusion, respiratory_rate_per_min >= 30, has_low_pressure, age_years >= 65))


@calculator(
    "Pneumonia severity index (PORT)",
    Source(text="Fine et al., N Engl J Med 1997; 336: 243-250", doi="10.1056/NEJM199701233360402"),
    unit="{score}",
    bands=(
        (0, "class II (or I, by its rule): low risk"),
        (71, "class III: low risk"),
        (91, "class IV: moderate risk"),
        (131, "class V: high risk"),
    ),
    note="Class I is told by a rule, not by points: age 50 or less, none of the five diseases, no altered mental "
    "status, and pulse, breathing, pressure and temperature that give no points. A test that was not done counts "
    "as normal, as in the publication. For pneumonia acquired in the community.",
)
def psi_port(
    *,
    age_years: AdultAgeYears,
    sex: PatientSex,
    lives_in_nursing_home: LivesInNursingHome,
    has_active_cancer: HasActiveCancer,
    has_liver_disease: HasLiverDisease,
    has_heart_failure: HasHeartFailure,
    has_cerebrovascular_disease: HasCerebrovascularDisease,
    has_kidney_disease: HasKidneyDisease,
    has_altered_mental_status: HasAlteredMentalStatus,
    respiratory_rate_per_min: RespiratoryRatePerMin,
    systolic_mmhg: SystolicMmHg,
    temperature_celsius: TemperatureCelsius,
    heart_rate_per_min: HeartRatePerMin,
    has_pleural_effusion: HasPleuralEffusion,
    arterial_ph: ArterialPh | None = None,
    urea_nitrogen_mg_dl: UreaNitrogenMgDl | None = None,
    sodium_mmol_l: SodiumMmolL | None = None,
    glucose_mg_dl: GlucoseMgDl | None = None,
    hematocrit_percent: HematocritPercent | None = None,
    pao2_mmhg: Pao2MmHg | None = None,
) -> int:
    """Return the points; from 131 they are class V."""
    history = 30 * has_active_cancer + 20 * has_liver_disease
    history += 10 * sum(
        (lives_in_nursing_home, has_heart_failure, has_cerebrovascular_disease, has_kidney_disease)
    )
    bedside = 20 * sum((has_altered_mental_status, respiratory_rate_per_min >= 30, systolic_mmhg < 90))
    bedside += 15 * (not 35 <= temperature_celsius < 40) + 10 * (heart_rate_per_min >= 125)
    tests = 30 * _is_below(arterial_ph, 7.35)
    tests += 20 * sum((_is_from(urea_nitrogen_mg_dl, 30), _is_below(sodium_mmol_l, 130)))
    tests += 10 * sum(
        (
            _is_from(glucose_mg_dl, 250),
            _is_below(hematocrit_percent, 30),
            _is_below(pao2_mmhg, 60),
            has_pleural_effusion,
        )
    )
    return age_years - 10 * (sex is Sex.FEMALE) + history + bedside + tests


def _is_below(value: float | None, limit: float) -> bool:
    return value is not None and value < limit


def _is_from(value: float | None, limit: float) -> bool:
    return value is not None and value >= limit


@calculator(
    "Alveolar-arterial oxygen gradient",
    Source(
        text="Fenn, Rahn and Otis, Am J Physiol 1946; 146: 637-653 (the alveolar gas equation)",
        doi="10.1152/ajplegacy.1946.146.5.637",
    ),
    unit="mm[Hg]",
    decimals=1,
    note="With a respiratory quotient of 0.8 and, unless told, the pressure at sea level. On room air about "
    "2.5 + 0.21 x age is usual (Mellemgaard, Acta Physiol Scand 1966; 67: 10-20). A negative gradient says that "
    "the oxygen given and the gases do not belong together.",
)
def alveolar_arterial_gradient(
    *,
    fio2_percent: Fio2Percent,
    pao2_mmhg: Pao2MmHg,
    paco2_mmhg: Paco2MmHg,
    barometric_mmhg: BarometricMmHg | None = None,
) -> float:
    """Return how much less oxygen the arteries hold than the alveoli, mmHg."""
    dry_mmhg = (AT_SEA_LEVEL_MMHG if barometric_mmhg is None else barometric_mmhg) - WATER_VAPOUR_MMHG
    return fio2_percent / 100 * dry_mmhg - paco2_mmhg / RESPIRATORY_QUOTIENT - pao2_mmhg


@calculator(
    "PaO₂/FiO₂ ratio",
    Source(text="ARDS Definition Task Force, JAMA 2012; 307: 2526-2533", doi="10.1001/jama.2012.5669"),
    Source(
        text="Horovitz, Carrico and Shires, Arch Surg 1974; 108: 349-355",
        doi="10.1001/archsurg.1974.01350270079014",
    ),
    unit="mm[Hg]",
    bands=(
        (0, "as in severe ARDS"),
        (more_than(100), "as in moderate ARDS"),
        (more_than(200), "as in mild ARDS"),
        (more_than(300), "not as low as in ARDS"),
    ),
    note="ARDS has further criteria: a known cause within a week, both lungs on imaging, and a PEEP of 5 cmH₂O.",
)
def pf_ratio(*, pao2_mmhg: Pao2MmHg, fio2_percent: Fio2Percent) -> float:
    """Return the oxygen pressure for a fraction of inspired oxygen of one, mmHg."""
    return pao2_mmhg / (fio2_percent / 100)
