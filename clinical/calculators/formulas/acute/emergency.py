"""What the emergency department weighs: an appendix, a burn, an injury."""

from typing import Annotated

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Asked, Known, Source
from clinical.calculators.inputs import (
    DAY,
    GlasgowComaScore,
    RespiratoryRatePerMin,
    TemperatureCelsius,
    WeightKg,
    WhiteCellsThousandPerUl,
)
from clinical.calculators.steps import more_than, points_from

NeutrophilsPercent = Annotated[
    float,
    Asked(
        label="neutrophils of white blood cells",
        unit="%",
        low=0,
        high=100,
        loinc=("770-8", "26511-6"),
        valid_for=DAY,
    ),
]
BurnedPercent = Annotated[
    float, Asked(label="body surface burned, second and third degree", unit="%", low=1, high=100)
]
# An injured patient may have no pressure.
InjuredSystolicMmHg = Annotated[
    float,
    Asked(label="systolic blood pressure", unit="mm[Hg]", low=0, high=350, loinc=("8480-6",), valid_for=DAY),
]
AgeFrom16Years = Annotated[int, Asked(label="age", unit="a", low=16, high=120, known=Known.AGE)]
MinorInjuryComaScore = Annotated[
    int, Asked(label="Glasgow coma scale 2 hours after the injury", unit="{score}", low=13, high=15)
]


@calculator(
    "Alvarado score",
    Source(text="Alvarado, Ann Emerg Med 1986; 15: 557-564", doi="10.1016/S0196-0644(86)80993-3"),
    out_of=10,
    bands=(
        (0, "appendicitis unlikely"),
        (5, "compatible with appendicitis"),
        (7, "appendicitis probable"),
        (9, "appendicitis very probable"),
    ),
)
def alvarado(
    *,
    has_migration_of_pain: Annotated[bool, Asked(label="pain that moved to the right lower quadrant")],
    has_anorexia: Annotated[bool, Asked(label="anorexia, or acetone in urine")],
    has_nausea_or_vomiting: Annotated[bool, Asked(label="nausea or vomiting")],
    has_right_lower_tenderness: Annotated[bool, Asked(label="tenderness in the right lower quadrant")],
    has_rebound_pain: Annotated[bool, Asked(label="rebound pain")],
    temperature_celsius: TemperatureCelsius,
    white_cells_thousand_per_ul: WhiteCellsThousandPerUl,
    neutrophils_percent: NeutrophilsPercent,
) -> int:
    """Return the points, 0 to 10."""
    single = (
        has_migration_of_pain,
        has_anorexia,
        has_nausea_or_vomiting,
        has_rebound_pain,
        temperature_celsius >= 37.3,
        neutrophils_percent > 75,
    )
    return sum(single) + 2 * has_right_lower_tenderness + 2 * (white_cells_thousand_per_ul > 10)


@calculator(
    "Parkland formula",
    Source(
        text="Baxter and Shires, Ann N Y Acad Sci 1968; 150: 874-894",
        doi="10.1111/j.1749-6632.1968.tb14738.x",
    ),
    unit="mL",
    note="Ringer's lactate for the first 24 hours from the burn: half in the first 8 hours, half in the next 16. "
    "A start, to be adjusted to urine output. A child needs maintenance fluid, too.",
)
def parkland(*, weight_kg: WeightKg, burned_percent: BurnedPercent) -> float:
    """Return the fluid for the first 24 hours, mL."""
    return 4 * weight_kg * burned_percent


RTS_COMA = ((4, 1), (6, 2), (9, 3), (13, 4))
RTS_PRESSURE = ((1, 1), (50, 2), (76, 3), (more_than(89), 4))
RTS_BREATHING = ((1, 1), (6, 2), (10, 4), (more_than(29), 3))


@calculator(
    "Revised trauma score",
    Source(text="Champion et al., J Trauma 1989; 29: 623-629", doi="10.1097/00005373-198905000-00017"),
    unit="{score}",
    decimals=4,
    note="From 0 to 7.8408, with the weights of the major trauma outcome study; more is better.",
)
def revised_trauma_score(
    *,
    glasgow_coma_score: GlasgowComaScore,
    systolic_mmhg: InjuredSystolicMmHg,
    respiratory_rate_per_min: RespiratoryRatePerMin,
) -> float:
    """Return the weighted sum of the three coded values."""
    return (
        0.9368 * points_from(glasgow_coma_score, RTS_COMA)
        + 0.7326 * points_from(systolic_mmhg, RTS_PRESSURE)
        + 0.2908 * points_from(respiratory_rate_per_min, RTS_BREATHING)
    )


@calculator(
    "Canadian CT head rule",
    Source(text="Stiell et al., Lancet 2001; 357: 1391-1396", doi="10.1016/S0140-6736(00)04561-X"),
    out_of=7,
    bands=((0, "no CT needed by the rule"), (1, "CT of the head: at least one criterion is met")),
    note="For a Glasgow coma scale of 13 to 15 after witnessed loss of consciousness, amnesia or disorientation. "
    "Not with an anticoagulant, a seizure or an obvious open fracture. The last two criteria are of medium risk.",
)
def canadian_ct_head(
    *,
    glasgow_coma_score_at_2_hours: MinorInjuryComaScore,
    has_suspected_open_or_depressed_fracture: Annotated[
        bool, Asked(label="suspected open or depressed skull fracture")
    ],
    has_sign_of_basal_fracture: Annotated[bool, Asked(label="any sign of a basal skull fracture")],
    vomited_twice: Annotated[bool, Asked(label="vomited twice or more")],
    age_years: AgeFrom16Years,
    has_amnesia_before_impact: Annotated[
        bool, Asked(label="amnesia for 30 minutes or more before the impact")
    ],
    had_dangerous_mechanism: Annotated[
        bool,
        Asked(label="struck by or thrown out of a vehicle, or fell from more than 3 feet or 5 stairs"),
    ],
) -> int:
    """Return how many of the seven criteria are met; one is enough."""
    high_risk = (
        glasgow_coma_score_at_2_hours < 15,
        has_suspected_open_or_depressed_fracture,
        has_sign_of_basal_fracture,
        vomited_twice,
        age_years >= 65,
    )
    return sum(high_risk) + has_amnesia_before_impact + had_dangerous_mechanism
