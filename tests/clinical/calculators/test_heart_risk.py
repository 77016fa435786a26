"""The risk in ten years, worked by hand from the publications."""

import pytest

from clinical.calculators.charts.autofill import score_of
from clinical.calculators.domain import Sex
from clinical.calculators.errors import InputOutOfRange
from clinical.calculators.formulas.circulation.heart_risk import (
    Population,
    ascvd_pooled_cohort,
    framingham_hard_chd,
)
from tests.clinical.safety.charts import ON, chart


def _framingham(sex, age, cholesterol, hdl, systolic, *, is_treated=False, is_smoker=False):
    return framingham_hard_chd(
        age_years=age,
        sex=sex,
        total_cholesterol_mg_dl=cholesterol,
        hdl_cholesterol_mg_dl=hdl,
        systolic_mmhg=systolic,
        takes_antihypertensives=is_treated,
        is_smoker=is_smoker,
    )


# Worked from the logarithms: 100 (1 - 0.9402 ^ exp(52.00961 ln 55 + 20.014077 ln 213 - ... - 172.300168)) is the first.
@pytest.mark.parametrize(
    ("sex", "values", "is_treated", "is_smoker", "expected"),
    [
        (Sex.MALE, (55, 213, 50, 120), False, False, 6.5085),
        (Sex.MALE, (62, 220, 38, 150), True, False, 20.5430),
        (Sex.MALE, (45, 240, 45, 135), False, True, 15.7413),
        # Smoking counts as at 70.
        (Sex.MALE, (75, 200, 45, 140), True, True, 24.8357),
        (Sex.FEMALE, (55, 213, 50, 120), False, False, 1.2097),
        (Sex.FEMALE, (67, 220, 45, 150), True, True, 14.3197),
        (Sex.FEMALE, (45, 240, 45, 135), True, False, 1.6274),
        # Smoking counts as at 78.
        (Sex.FEMALE, (79, 200, 45, 140), False, True, 10.3233),
    ],
)
def test_framingham_by_hand(sex, values, is_treated, is_smoker, expected):
    found = _framingham(sex, *values, is_treated=is_treated, is_smoker=is_smoker)
    assert found == pytest.approx(expected, abs=0.001)


@pytest.mark.parametrize(
    ("sex", "values", "is_treated", "is_smoker", "percent"),
    # The points of ATP III, for values in the middle of their rows: 8 + 3 + 0 + 0 are 11, which is 8%.
    [
        (Sex.MALE, (57, 220, 55, 125), False, False, 8),
        # 10 + 1 + 2 + 2 are 15.
        (Sex.MALE, (62, 220, 38, 150), True, False, 20),
        # 0 + 5 + 5 + 1 + 1 are 12.
        (Sex.MALE, (42, 220, 45, 135), False, True, 10),
        # 8 + 4 + 0 + 1 are 13.
        (Sex.FEMALE, (57, 220, 55, 125), False, False, 2),
        # 12 + 2 + 2 + 1 + 3 are 20.
        (Sex.FEMALE, (67, 220, 45, 150), False, True, 11),
    ],
)
def test_framingham_is_near_the_points_of_atp_iii(sex, values, is_treated, is_smoker, percent):
    found = _framingham(sex, *values, is_treated=is_treated, is_smoker=is_smoker)
    assert found == pytest.approx(percent, abs=1.5)


@pytest.mark.parametrize(
    ("value", "words"), [(9.9, "low"), (10, "moderate"), (20, "moderate"), (20.1, "high")]
)
def test_what_framingham_means(value, words):
    assert framingham_hard_chd.meaning(value).startswith(words)


@pytest.mark.parametrize("age", [29, 80])
def test_framingham_is_for_30_to_79_years(age):
    with pytest.raises(InputOutOfRange):
        _framingham(Sex.MALE, age, 200, 50, 120)


def _ascvd(sex, population, **changes):
    # The example of the publication's table A.
    given = {
        "age_years": 55,
        "total_cholesterol_mg_dl": 213,
        "hdl_cholesterol_mg_dl": 50,
        "systolic_mmhg": 120,
        "takes_antihypertensives": False,
        "is_smoker": False,
        "has_diabetes": False,
    }
    return ascvd_pooled_cohort(sex=sex, population=population, **{**given, **changes})


@pytest.mark.parametrize(
    ("sex", "population", "percent"),
    [
        (Sex.FEMALE, Population.WHITE_OR_OTHER, 2.1),
        (Sex.FEMALE, Population.AFRICAN_AMERICAN, 3.0),
        (Sex.MALE, Population.WHITE_OR_OTHER, 5.3),
        (Sex.MALE, Population.AFRICAN_AMERICAN, 6.1),
    ],
)
def test_the_pooled_cohorts_give_the_example_of_their_publication(sex, population, percent):
    # Its own arithmetic has fewer decimals.
    assert _ascvd(sex, population) == pytest.approx(percent, abs=0.1)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (4.9, "low"),
        (5, "borderline"),
        (7.4, "borderline"),
        (7.5, "intermediate"),
        (19.9, "intermediate"),
        (20, "high"),
    ],
)
def test_what_the_pooled_cohorts_mean(value, words):
    assert ascvd_pooled_cohort.meaning(value).startswith(words)


@pytest.mark.parametrize("age", [39, 80])
def test_the_pooled_cohorts_are_for_40_to_79_years(age):
    with pytest.raises(InputOutOfRange):
        _ascvd(Sex.MALE, Population.WHITE_OR_OTHER, age_years=age)


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("total_cholesterol_mg_dl", 130, 320),
        ("hdl_cholesterol_mg_dl", 20, 100),
        ("systolic_mmhg", 90, 200),
    ],
)
def test_the_pooled_cohorts_refuse_what_their_authors_calculator_refuses(name, low, high):
    for value in (low, high):
        _ascvd(Sex.MALE, Population.WHITE_OR_OTHER, **{name: value})
    for value in (low - 1, high + 1):
        with pytest.raises(InputOutOfRange):
            _ascvd(Sex.MALE, Population.WHITE_OR_OTHER, **{name: value})


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (framingham_hard_chd, "Coronary artery disease"),
        (framingham_hard_chd, "Type 2 diabetes mellitus"),
        (ascvd_pooled_cohort, "Ischaemic stroke"),
        (ascvd_pooled_cohort, "Myocardial infarction"),
    ],
)
def test_who_has_the_disease_already_has_no_risk_of_a_first_one(score, words):
    found = score_of(score, chart(has=[words]), on=ON)
    assert found.value is None
    assert found.missing[0].startswith("not valid with")
