from datetime import date, timedelta

import pytest

from clinical.calculators.charts.autofill import EGFR, STROKE_RISK, computed
from clinical.calculators.charts.conditions import condition
from clinical.calculators.inputs import YEAR
from tests.clinical.safety.charts import ON, chart


def scores(a_chart):
    return {score.name: score for score in computed(a_chart, on=ON)}


def test_a_score_says_what_it_was_computed_from():
    score = scores(chart(creatinine=1.68, born=date(1950, 3, 14)))[EGFR]
    assert score.text == "eGFR (CKD-EPI 2021) 31 mL/min/1.73 m²"
    assert score.facts == (f"Creatinine 1.68 mg/dL ({ON})", "76 years", "female")
    assert score.missing == ()


@pytest.mark.parametrize(
    ("a_chart", "missing"),
    [
        (chart(), "serum creatinine of the last year"),
        (
            chart(creatinine=1.0, on=ON - YEAR - timedelta(days=1)),
            "serum creatinine of the last year",
        ),
        (chart(creatinine=1.0, born=None), "the birth date"),
        (chart(creatinine=1.0, sex="unknown"), "the sex (female or male)"),
        (chart(creatinine=1.0, born=date(2015, 1, 1)), "age_years must be from 18 to 120"),
        (
            chart(creatinine=1.0, has=["Acute kidney injury"]),
            "not valid with: Acute kidney injury",
        ),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_guessed(a_chart, missing):
    score = scores(a_chart)[EGFR]
    assert score.value is None
    assert missing in score.missing


def test_stroke_risk_is_for_who_has_atrial_fibrillation():
    assert STROKE_RISK not in scores(chart(has=["Hypertension"]))
    with_fibrillation = chart(
        has=["Permanent atrial fibrillation", "Hypertension", "Type 2 diabetes mellitus"]
    )
    assert scores(with_fibrillation)[STROKE_RISK].value == 5


@pytest.mark.parametrize(
    ("words", "name", "is_there"),
    [
        ("Heart failure with reduced ejection fraction", "heart-failure", True),
        ("Family history of heart failure", "heart-failure", False),
        ("Pulmonary hypertension", "hypertension", False),
        ("Diabetes insipidus", "diabetes", False),
        ("Gestational diabetes mellitus", "diabetes", False),
        ("Old myocardial infarction", "vascular-disease", True),
        ("Myocardial infarction ruled out", "vascular-disease", False),
        ("Transient ischaemic attack", "stroke", True),
        ("Hemorrhagic stroke", "stroke", False),
    ],
)
def test_a_condition_is_told_by_its_words(words, name, is_there):
    assert (condition(chart(has=[words]), name) is not None) is is_there
