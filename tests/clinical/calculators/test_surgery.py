"""Scores before an operation, worked by hand from their publications."""

from typing import Any

import pytest

from clinical.calculators.domain import Sex
from clinical.calculators.errors import InputOutOfRange
from clinical.calculators.formulas.circulation.surgery import revised_cardiac_risk_index, stop_bang

WELL: dict[str, Any] = {
    "has_high_risk_surgery": False,
    "has_ischaemic_heart_disease": False,
    "has_heart_failure": False,
    "has_cerebrovascular_disease": False,
    "takes_insulin": False,
    "creatinine_mg_dl": 2.0,
}


@pytest.mark.parametrize(
    "changes", [{"creatinine_mg_dl": 2.1}, *({name: True} for name, value in WELL.items() if value is False)]
)
def test_each_of_the_cardiac_risk_index_is_a_point(changes):
    assert revised_cardiac_risk_index(**WELL) == 0
    assert revised_cardiac_risk_index(**{**WELL, **changes}) == 1


@pytest.mark.parametrize(
    ("points", "words"),
    [(0, "class I:"), (1, "class II:"), (2, "class III:"), (3, "class IV:"), (6, "class IV:")],
)
def test_what_the_cardiac_risk_index_means(points, words):
    assert revised_cardiac_risk_index.meaning(points).startswith(words)


SLEEPS_WELL: dict[str, Any] = {
    "snores_loudly": False,
    "is_often_tired": False,
    "has_observed_apnoea": False,
    "has_hypertension": False,
    "body_mass_index_kg_m2": 35,
    "age_years": 50,
    "neck_circumference_cm": 40,
    "sex": Sex.FEMALE,
}


@pytest.mark.parametrize(
    "changes",
    [
        {"body_mass_index_kg_m2": 35.1},
        {"age_years": 51},
        {"neck_circumference_cm": 40.5},
        {"sex": Sex.MALE},
        *({name: True} for name, value in SLEEPS_WELL.items() if value is False),
    ],
)
def test_each_of_stop_bang_is_a_point(changes):
    assert stop_bang(**SLEEPS_WELL) == 0
    assert stop_bang(**{**SLEEPS_WELL, **changes}) == 1


@pytest.mark.parametrize(
    ("points", "words"), [(2, "low"), (3, "intermediate"), (4, "intermediate"), (5, "high"), (8, "high")]
)
def test_what_stop_bang_means(points, words):
    assert stop_bang.meaning(points).startswith(words)


@pytest.mark.parametrize(
    ("score", "given", "changes"),
    [
        (revised_cardiac_risk_index, WELL, {"creatinine_mg_dl": 180}),
        (stop_bang, SLEEPS_WELL, {"neck_circumference_cm": 14}),
    ],
)
def test_a_creatinine_in_micromoles_and_a_neck_in_inches_are_refused(score, given, changes):
    with pytest.raises(InputOutOfRange):
        score(**{**given, **changes})
