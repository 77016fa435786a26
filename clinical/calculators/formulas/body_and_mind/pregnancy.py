"""Dates of a pregnancy, the cervix before an induction, and the newborn."""

import calendar
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Asked, Source
from clinical.calculators.errors import NotApplicable
from clinical.calculators.inputs import CurrentDate, LastMenstrualPeriodOn
from clinical.calculators.steps import points_from

USUAL_CYCLE_DAYS = 28
PREGNANCY_DAYS = 280
LUTEAL_PHASE_DAYS = 14
LONGEST_PREGNANCY_DAYS = 44 * 7 + 6

ACOG_DATING = Source(
    text="ACOG Committee Opinion 700, Obstet Gynecol 2017; 129: e150-e154", doi="10.1097/AOG.0000000000002046"
)
BY_ULTRASOUND = "By the last period alone. An ultrasound before 22 weeks confirms or changes it (ACOG 700)."

CycleLengthDays = Annotated[
    int, Asked(label="usual length of the cycle (28 where not given)", unit="d", low=20, high=45)
]


@calculator("Estimated due date (280 days)", ACOG_DATING, note=BY_ULTRASOUND)
def estimated_due_date(
    *,
    last_menstrual_period_on: LastMenstrualPeriodOn,
    cycle_length_days: CycleLengthDays = USUAL_CYCLE_DAYS,
) -> date:
    """Return the last period's first day and 280 days, later or earlier by what the cycle differs from 28 days."""
    return last_menstrual_period_on + timedelta(days=PREGNANCY_DAYS + cycle_length_days - USUAL_CYCLE_DAYS)


@calculator(
    "Estimated due date (Naegele's rule by the calendar)",
    Source(
        text="Naegele's rule, as reviewed in Aust N Z J Obstet Gynaecol 2021; 61: 177-182",
        doi="10.1111/ajo.13253",
    ),
    note="Nine calendar months and 7 days: up to 3 days off the 280 days that ACOG counts.",
)
def estimated_due_date_naegele(
    *,
    last_menstrual_period_on: LastMenstrualPeriodOn,
    cycle_length_days: CycleLengthDays = USUAL_CYCLE_DAYS,
) -> date:
    """Return the last period's first day, nine months and 7 days, and what the cycle differs from 28 days."""
    nine_months_later = _same_day_after(last_menstrual_period_on, months=9)
    return nine_months_later + timedelta(days=7 + cycle_length_days - USUAL_CYCLE_DAYS)


def _same_day_after(day: date, *, months: int) -> date:
    """Return the same day of a later month, or that month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@calculator(
    "Estimated date of conception",
    ACOG_DATING,
    note="The day of ovulation by the calendar, 14 days before the next period was due. It varies by days.",
)
def date_of_conception(
    *,
    last_menstrual_period_on: LastMenstrualPeriodOn,
    cycle_length_days: CycleLengthDays = USUAL_CYCLE_DAYS,
) -> date:
    """Return the day of ovulation."""
    return last_menstrual_period_on + timedelta(days=cycle_length_days - LUTEAL_PHASE_DAYS)


def _weeks_and_days(days: int) -> str:
    weeks, rest = divmod(days, 7)
    return f"{weeks} {'week' if weeks == 1 else 'weeks'} {rest} {'day' if rest == 1 else 'days'}"


@calculator(
    "Gestational age",
    ACOG_DATING,
    Source(
        text="ACOG Committee Opinion 579, Obstet Gynecol 2013; 122: 1139-1140, on term",
        doi="10.1097/01.AOG.0000437385.88715.4a",
    ),
    unit="d",
    shown=_weeks_and_days,
    # Source: ACOG Committee Opinion 579; the trimesters from 14 0/7 and 28 0/7 weeks.
    bands=(
        (0, "first trimester"),
        (14 * 7, "second trimester"),
        (28 * 7, "third trimester, preterm"),
        (37 * 7, "early term"),
        (39 * 7, "full term"),
        (41 * 7, "late term"),
        (42 * 7, "post-term"),
    ),
    note=BY_ULTRASOUND,
)
def gestational_age(
    *,
    last_menstrual_period_on: LastMenstrualPeriodOn,
    current_date: CurrentDate,
    cycle_length_days: CycleLengthDays = USUAL_CYCLE_DAYS,
) -> int:
    """Return the days of gestation, counted so that the due date is day 280."""
    due_on = estimated_due_date(
        last_menstrual_period_on=last_menstrual_period_on, cycle_length_days=cycle_length_days
    )
    days = PREGNANCY_DAYS - (due_on - current_date).days
    if current_date < last_menstrual_period_on:
        raise NotApplicable("The last menstrual period lies after the day that is asked about")
    if days > LONGEST_PREGNANCY_DAYS:
        raise NotApplicable(
            "More than 44 weeks: the last menstrual period is too long ago for this pregnancy"
        )
    return max(days, 0)


class Consistency(StrEnum):
    """How firm the cervix is; the order gives the points."""

    FIRM = "firm"
    MEDIUM = "medium"
    SOFT = "soft"


class Position(StrEnum):
    """Where the cervix points; the order gives the points."""

    POSTERIOR = "posterior"
    MID = "mid-position"
    ANTERIOR = "anterior"


DilationCm = Annotated[float, Asked(label="dilation of the cervix", unit="cm", low=0, high=10)]
EffacementPercent = Annotated[float, Asked(label="effacement of the cervix", unit="%", low=0, high=100)]
Station = Annotated[int, Asked(label="station of the head, -3 to +3", low=-3, high=3)]
CervixConsistency = Annotated[Consistency, Asked(label="consistency of the cervix")]
CervixPosition = Annotated[Position, Asked(label="position of the cervix")]


@calculator(
    "Bishop score",
    Source(text="Bishop, Obstet Gynecol 1964; 24: 266-268", pmid="14199536"),
    Source(
        text="ACOG Practice Bulletin 107, Obstet Gynecol 2009; 114: 386-397",
        doi="10.1097/AOG.0b013e3181b48ef5",
    ),
    out_of=13,
    # Source: ACOG Practice Bulletin 107.
    bands=(
        (0, "6 or less: unfavourable cervix"),
        (7, "7 or 8: between"),
        (9, "above 8: vaginal delivery about as likely as after labour that began by itself"),
    ),
    note="Effacement in percent, as in 1964. Bishop scored women who had given birth before.",
)
def bishop_score(
    *,
    dilation_cm: DilationCm,
    effacement_percent: EffacementPercent,
    station: Station,
    consistency: CervixConsistency,
    position: CervixPosition,
) -> int:
    """Return the points, 0 to 13."""
    return (
        points_from(dilation_cm, ((1, 1), (3, 2), (5, 3)))
        + points_from(effacement_percent, ((40, 1), (60, 2), (80, 3)))
        + points_from(station, ((-2, 1), (-1, 2), (1, 3)))
        + _place(consistency)
        + _place(position)
    )


class Respiration(StrEnum):
    """How the newborn breathes; the order gives the points."""

    ABSENT = "absent"
    WEAK = "slow or irregular"
    GOOD = "good, crying"


class MuscleTone(StrEnum):
    """How the newborn holds its limbs; the order gives the points."""

    LIMP = "limp"
    SOME = "some flexion"
    ACTIVE = "active motion"


class Reflexes(StrEnum):
    """What the newborn does when it is stimulated; the order gives the points."""

    NONE = "no response"
    GRIMACE = "grimace"
    CRY = "cry or cough"


class Colour(StrEnum):
    """The newborn's colour; the order gives the points."""

    BLUE = "blue or pale"
    LIMBS_BLUE = "body pink, limbs blue"
    PINK = "completely pink"


NewbornHeartRatePerMin = Annotated[float, Asked(label="heart rate", unit="/min", low=0, high=300)]
NewbornRespiration = Annotated[Respiration, Asked(label="respiratory effort")]
NewbornMuscleTone = Annotated[MuscleTone, Asked(label="muscle tone")]
NewbornReflexes = Annotated[Reflexes, Asked(label="reflex irritability")]
NewbornColour = Annotated[Colour, Asked(label="colour")]


@calculator(
    "Apgar score",
    Source(text="Apgar, Curr Res Anesth Analg 1953; 32: 260-267", pmid="13083014"),
    Source(
        text="AAP and ACOG, Committee Opinion 644, Obstet Gynecol 2015; 126: e52-e55",
        doi="10.1097/AOG.0000000000001108",
    ),
    out_of=10,
    # Source: ACOG Committee Opinion 644, at 5 minutes, term and late preterm.
    bands=((0, "low"), (4, "moderately abnormal"), (7, "reassuring")),
    note="At 1 and 5 minutes; below 7 every 5 minutes until 20. Do not wait for it before resuscitation, and do not "
    "predict with it: the words are for 5 minutes in a term or late preterm infant.",
)
def apgar(
    *,
    heart_rate_per_min: NewbornHeartRatePerMin,
    respiration: NewbornRespiration,
    muscle_tone: NewbornMuscleTone,
    reflexes: NewbornReflexes,
    colour: NewbornColour,
) -> int:
    """Return the points, 0 to 10."""
    seen = (respiration, muscle_tone, reflexes, colour)
    # Any beat, and 100 a minute.
    return points_from(heart_rate_per_min, ((1, 1), (100, 2))) + sum(_place(sign) for sign in seen)


def _place(sign: StrEnum) -> int:
    """Return the place of a choice in its order, from 0."""
    return list(type(sign)).index(sign)
