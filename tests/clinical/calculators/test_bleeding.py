"""Scores of bleeding, worked by hand from their publications."""

from typing import Any

import pytest

from clinical.calculators.charts.autofill import computed
from clinical.calculators.domain import Sex
from clinical.calculators.errors import InputOutOfRange
from clinical.calculators.formulas.circulation.bleeding import (
    BleedingComorbidity,
    BleedingDiagnosis,
    aims65,
    glasgow_blatchford,
    has_bled,
    orbit,
    rockall,
)
from tests.clinical.safety.charts import ON, chart

STEADY: dict[str, Any] = {
    "age_years": 65,
    "has_uncontrolled_hypertension": False,
    "has_abnormal_kidney_function": False,
    "has_abnormal_liver_function": False,
    "had_stroke": False,
    "has_bleeding_history": False,
    "has_labile_inr": False,
    "takes_antiplatelets_or_nsaids": False,
    "drinks_per_week": 7,
}


@pytest.mark.parametrize(
    "changes",
    [
        {"age_years": 66},
        {"drinks_per_week": 8},
        *({name: True} for name, value in STEADY.items() if value is False),
    ],
)
def test_each_of_has_bled_is_a_point(changes):
    assert has_bled(**STEADY) == 0
    assert has_bled(**{**STEADY, **changes}) == 1


@pytest.mark.parametrize(("points", "words"), [(0, "not high"), (2, "not high"), (3, "high"), (9, "high")])
def test_what_has_bled_means(points, words):
    assert has_bled.meaning(points).startswith(words)


def test_a_chart_with_atrial_fibrillation_is_told_what_has_bled_lacks():
    scores = computed(chart(has=["Atrial fibrillation"]), on=ON)
    (score,) = (each for each in scores if each.name == "has-bled")
    assert score.value is None
    assert any("labile INR" in each for each in score.missing)
    assert "has-bled" not in {each.name for each in computed(chart(has=["Asthma"]), on=ON)}


CALM: dict[str, Any] = {
    "age_years": 74,
    "sex": Sex.MALE,
    "hemoglobin_g_dl": 13,
    "has_anaemia_history": False,
    "has_bleeding_history": False,
    "egfr_ml_min_173m2": 60,
    "takes_antiplatelets": False,
}


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 0),
        ({"age_years": 75}, 1),
        ({"hemoglobin_g_dl": 12.9}, 2),
        ({"hemoglobin_g_dl": 12, "sex": Sex.FEMALE}, 0),
        ({"hemoglobin_g_dl": 11.9, "sex": Sex.FEMALE}, 2),
        ({"hematocrit_percent": 40}, 0),
        ({"hematocrit_percent": 39.9}, 2),
        ({"hematocrit_percent": 36, "sex": Sex.FEMALE}, 0),
        ({"hematocrit_percent": 35.9, "sex": Sex.FEMALE}, 2),
        ({"has_anaemia_history": True}, 2),
        ({"has_anaemia_history": True, "hemoglobin_g_dl": 9, "hematocrit_percent": 27}, 2),
        ({"has_bleeding_history": True}, 2),
        ({"egfr_ml_min_173m2": 59.9}, 1),
        ({"takes_antiplatelets": True}, 1),
    ],
)
def test_orbit_counts_as_its_table(changes, points):
    assert orbit(**{**CALM, **changes}) == points


@pytest.mark.parametrize(
    ("points", "words"), [(0, "low"), (2, "low"), (3, "medium"), (4, "high"), (7, "high")]
)
def test_what_orbit_means(points, words):
    assert orbit.meaning(points).startswith(words)


STABLE: dict[str, Any] = {
    "sex": Sex.MALE,
    "urea_nitrogen_mg_dl": 18.1,
    "hemoglobin_g_dl": 13,
    "systolic_mmhg": 110,
    "heart_rate_per_min": 99,
    "has_melaena": False,
    "had_syncope": False,
    "has_liver_disease": False,
    "has_heart_failure": False,
}


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 0),
        ({"urea_nitrogen_mg_dl": 18.2}, 2),
        ({"urea_nitrogen_mg_dl": 22.3}, 2),
        ({"urea_nitrogen_mg_dl": 22.4}, 3),
        ({"urea_nitrogen_mg_dl": 27.9}, 3),
        ({"urea_nitrogen_mg_dl": 28}, 4),
        ({"urea_nitrogen_mg_dl": 69}, 4),
        ({"urea_nitrogen_mg_dl": 70}, 6),
        ({"hemoglobin_g_dl": 12.9}, 1),
        ({"hemoglobin_g_dl": 12}, 1),
        ({"hemoglobin_g_dl": 11.9}, 3),
        ({"hemoglobin_g_dl": 10}, 3),
        ({"hemoglobin_g_dl": 9.9}, 6),
        ({"sex": Sex.FEMALE, "hemoglobin_g_dl": 12}, 0),
        ({"sex": Sex.FEMALE, "hemoglobin_g_dl": 11.9}, 1),
        ({"sex": Sex.FEMALE, "hemoglobin_g_dl": 10}, 1),
        ({"sex": Sex.FEMALE, "hemoglobin_g_dl": 9.9}, 6),
        ({"systolic_mmhg": 109}, 1),
        ({"systolic_mmhg": 100}, 1),
        ({"systolic_mmhg": 99}, 2),
        ({"systolic_mmhg": 90}, 2),
        ({"systolic_mmhg": 89}, 3),
        ({"heart_rate_per_min": 100}, 1),
        ({"has_melaena": True}, 1),
        ({"had_syncope": True}, 2),
        ({"has_liver_disease": True}, 2),
        ({"has_heart_failure": True}, 2),
    ],
)
def test_glasgow_blatchford_counts_as_its_table(changes, points):
    assert glasgow_blatchford(**{**STABLE, **changes}) == points


@pytest.mark.parametrize(("points", "words"), [(0, "very low"), (1, "very low"), (2, "not very low")])
def test_what_glasgow_blatchford_means(points, words):
    assert glasgow_blatchford.meaning(points).startswith(words)


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 0),
        ({"albumin_g_dl": 2.9}, 1),
        ({"inr": 1.51}, 1),
        ({"has_altered_mental_status": True}, 1),
        ({"systolic_mmhg": 90}, 1),
        ({"age_years": 65}, 1),
        ({"albumin_g_dl": 2, "inr": 2, "systolic_mmhg": 80}, 3),
    ],
)
def test_aims65_counts_as_its_table(changes, points):
    well = {
        "albumin_g_dl": 3,
        "inr": 1.5,
        "has_altered_mental_status": False,
        "systolic_mmhg": 91,
        "age_years": 64,
    }
    found = aims65(**{**well, **changes})
    assert found == points
    assert aims65.meaning(found).startswith("high" if points >= 2 else "low")


@pytest.mark.parametrize("changes", [{"hemoglobin_g_dl": 130}, {"urea_nitrogen_mg_dl": 0}])
def test_a_haemoglobin_in_grams_per_litre_and_no_urea_are_refused(changes):
    with pytest.raises(InputOutOfRange):
        glasgow_blatchford(**{**STABLE, **changes})


HARMLESS: dict[str, Any] = {
    "age_years": 59,
    "heart_rate_per_min": 99,
    "systolic_mmhg": 100,
    "comorbidity": BleedingComorbidity.NONE,
    "diagnosis": BleedingDiagnosis.NO_LESION,
    "has_signs_of_recent_bleeding": False,
}


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 0),
        ({"age_years": 60}, 1),
        ({"age_years": 79}, 1),
        ({"age_years": 80}, 2),
        ({"heart_rate_per_min": 100}, 1),
        ({"systolic_mmhg": 99}, 2),
        # Low pressure is shock whatever the pulse: not 3.
        ({"systolic_mmhg": 99, "heart_rate_per_min": 130}, 2),
        ({"comorbidity": BleedingComorbidity.MAJOR}, 2),
        ({"comorbidity": BleedingComorbidity.GRAVE}, 3),
        ({"diagnosis": BleedingDiagnosis.OTHER}, 1),
        ({"diagnosis": BleedingDiagnosis.CANCER}, 2),
        ({"has_signs_of_recent_bleeding": True}, 2),
        (
            {
                "age_years": 85,
                "systolic_mmhg": 80,
                "comorbidity": BleedingComorbidity.GRAVE,
                "diagnosis": BleedingDiagnosis.CANCER,
                "has_signs_of_recent_bleeding": True,
            },
            11,
        ),
    ],
)
def test_rockall_counts_as_its_table(changes, points):
    assert rockall(**{**HARMLESS, **changes}) == points


@pytest.mark.parametrize(
    ("points", "words"),
    [(0, "none"), (1, "none"), (2, "0.2%"), (4, "5.3%"), (7, "27.0%"), (8, "41.1%"), (11, "41.1%")],
)
def test_what_rockall_means(points, words):
    assert rockall.meaning(points).startswith(words)
