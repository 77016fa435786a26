"""Dates of a pregnancy by the calendar; Bishop and Apgar as their tables count."""

from datetime import date
from typing import Any

import pytest

from clinical.calculators.errors import InputOutOfRange, InputUnusable, NotApplicable
from clinical.calculators.formulas.body_and_mind.pregnancy import (
    Colour,
    Consistency,
    MuscleTone,
    Position,
    Reflexes,
    Respiration,
    apgar,
    bishop_score,
    date_of_conception,
    estimated_due_date,
    estimated_due_date_naegele,
    gestational_age,
)
from clinical.calculators.services import calculate

UNRIPE: dict[str, Any] = {
    "dilation_cm": 0,
    "effacement_percent": 0,
    "station": -3,
    "consistency": Consistency.FIRM,
    "position": Position.POSTERIOR,
}
LIFELESS = {
    "heart_rate_per_min": 0,
    "respiration": Respiration.ABSENT,
    "muscle_tone": MuscleTone.LIMP,
    "reflexes": Reflexes.NONE,
    "colour": Colour.BLUE,
}


@pytest.mark.parametrize(
    ("last_period", "cycle", "by_days", "by_calendar"),
    [
        (date(2025, 1, 1), 28, date(2025, 10, 8), date(2025, 10, 8)),
        (date(2020, 5, 20), 28, date(2021, 2, 24), date(2021, 2, 27)),
        (date(2025, 1, 1), 35, date(2025, 10, 15), date(2025, 10, 15)),
        (date(2013, 12, 11), 22, date(2014, 9, 11), date(2014, 9, 12)),
        # May has a 31st, February has not.
        (date(2022, 5, 31), 28, date(2023, 3, 7), date(2023, 3, 7)),
        (date(2023, 5, 31), 28, date(2024, 3, 6), date(2024, 3, 7)),
    ],
)
def test_due_dates_by_280_days_and_by_nine_months_and_a_week(last_period, cycle, by_days, by_calendar):
    given = {"last_menstrual_period_on": last_period, "cycle_length_days": cycle}
    assert estimated_due_date(**given) == by_days
    assert estimated_due_date_naegele(**given) == by_calendar


def test_without_a_cycle_length_it_is_28_days():
    result = calculate(estimated_due_date, {"last_menstrual_period_on": "2025-01-01"})
    assert result.text == "Estimated due date (280 days) 2025-10-08"


@pytest.mark.parametrize("calculator", [estimated_due_date, estimated_due_date_naegele, date_of_conception])
@pytest.mark.parametrize("cycle", [19, 46])
def test_a_cycle_that_says_nothing_of_ovulation_is_refused(calculator, cycle):
    with pytest.raises(InputOutOfRange, match="cycle_length_days"):
        calculator(last_menstrual_period_on=date(2025, 1, 1), cycle_length_days=cycle)


@pytest.mark.parametrize(
    ("cycle", "expected"), [(28, date(2025, 1, 15)), (24, date(2025, 1, 11)), (35, date(2025, 1, 22))]
)
def test_conception_is_14_days_before_the_next_period(cycle, expected):
    assert date_of_conception(last_menstrual_period_on=date(2025, 1, 1), cycle_length_days=cycle) == expected


@pytest.mark.parametrize(
    ("weeks", "days", "text", "meaning"),
    [
        (0, 0, "0 weeks 0 days", "first trimester"),
        (1, 1, "1 week 1 day", "first trimester"),
        (13, 6, "13 weeks 6 days", "first trimester"),
        (14, 0, "14 weeks 0 days", "second trimester"),
        (28, 0, "28 weeks 0 days", "third trimester, preterm"),
        (36, 6, "36 weeks 6 days", "third trimester, preterm"),
        (37, 0, "37 weeks 0 days", "early term"),
        (39, 0, "39 weeks 0 days", "full term"),
        (41, 0, "41 weeks 0 days", "late term"),
        (42, 0, "42 weeks 0 days", "post-term"),
    ],
)
def test_gestational_age_in_weeks_and_days(weeks, days, text, meaning):
    today = date.fromordinal(date(2025, 1, 1).toordinal() + 7 * weeks + days)
    given = {"last_menstrual_period_on": "2025-01-01", "current_date": today.isoformat()}
    result = calculate(gestational_age, given)
    assert (result.value, result.text, result.meaning) == (
        7 * weeks + days,
        f"Gestational age {text}",
        meaning,
    )


@pytest.mark.parametrize("cycle", [24, 28, 35])
def test_on_the_due_date_it_is_40_weeks(cycle):
    given = {"last_menstrual_period_on": date(2025, 1, 1), "cycle_length_days": cycle}
    assert gestational_age(**given, current_date=estimated_due_date(**given)) == 280


@pytest.mark.parametrize(
    ("today", "reason"), [(date(2024, 12, 31), "lies after"), (date(2025, 11, 12), "too long ago")]
)
def test_a_period_that_cannot_be_of_this_pregnancy_is_refused(today, reason):
    with pytest.raises(NotApplicable, match=reason):
        gestational_age(last_menstrual_period_on=date(2025, 1, 1), current_date=today)


@pytest.mark.parametrize(
    ("changes", "points"),
    # Source: Bishop 1964, the table; between its rows the lower one counts.
    [
        ({}, 0),
        ({"dilation_cm": 0.5}, 0),
        ({"dilation_cm": 1}, 1),
        ({"dilation_cm": 2}, 1),
        ({"dilation_cm": 3}, 2),
        ({"dilation_cm": 5}, 3),
        ({"effacement_percent": 30}, 0),
        ({"effacement_percent": 40}, 1),
        ({"effacement_percent": 60}, 2),
        ({"effacement_percent": 80}, 3),
        ({"station": -2}, 1),
        ({"station": -1}, 2),
        ({"station": 0}, 2),
        ({"station": 1}, 3),
        ({"station": 2}, 3),
        ({"consistency": Consistency.MEDIUM}, 1),
        ({"consistency": Consistency.SOFT}, 2),
        ({"position": Position.MID}, 1),
        ({"position": Position.ANTERIOR}, 2),
    ],
)
def test_bishop_counts_as_its_table(changes, points):
    assert bishop_score(**{**UNRIPE, **changes}) == points


@pytest.mark.parametrize(("points", "meaning"), [(6, "unfavourable"), (7, "between"), (9, "about as likely")])
def test_bishop_s_bands(points, meaning):
    assert meaning in bishop_score.meaning(points)


def test_a_station_beyond_the_pelvis_is_refused():
    with pytest.raises(InputOutOfRange, match="station"):
        bishop_score(**{**UNRIPE, "station": 4})


@pytest.mark.parametrize(
    ("changes", "points"),
    # Source: Apgar 1953.
    [
        ({}, 0),
        ({"heart_rate_per_min": 1}, 1),
        ({"heart_rate_per_min": 99}, 1),
        ({"heart_rate_per_min": 100}, 2),
        ({"respiration": Respiration.WEAK}, 1),
        ({"respiration": Respiration.GOOD}, 2),
        ({"muscle_tone": MuscleTone.SOME}, 1),
        ({"muscle_tone": MuscleTone.ACTIVE}, 2),
        ({"reflexes": Reflexes.GRIMACE}, 1),
        ({"reflexes": Reflexes.CRY}, 2),
        ({"colour": Colour.LIMBS_BLUE}, 1),
        ({"colour": Colour.PINK}, 2),
    ],
)
def test_apgar_counts_as_its_table(changes, points):
    assert apgar(**{**LIFELESS, **changes}) == points


@pytest.mark.parametrize(
    ("points", "meaning"),
    [(0, "low"), (3, "low"), (4, "moderately abnormal"), (6, "moderately abnormal"), (7, "reassuring")],
)
def test_apgar_s_bands(points, meaning):
    assert apgar.meaning(points) == meaning


def test_a_sign_in_other_words_is_not_guessed():
    with pytest.raises(InputUnusable, match="colour"):
        calculate(apgar, {**LIFELESS, "colour": "rosy"})
