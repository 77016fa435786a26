"""The pooled cohort equations against others' code; docs/calculators/heart.md says where they differ."""

import pytest

from clinical.calculators.domain import Sex
from clinical.calculators.formulas.circulation.heart_risk import Population, ascvd_pooled_cohort
from tests.clinical.calculators.drawing import drawn

WITHIN = {
    "total_cholesterol_mg_dl": (130, 320),
    "hdl_cholesterol_mg_dl": (20, 100),
    "systolic_mmhg": (90, 200),
}


def test_the_pooled_cohorts_agree(open_medicine):
    for given in drawn(ascvd_pooled_cohort, within=WITHIN):
        given = {**given, **{name: round(given[name]) for name in WITHIN}}
        theirs = open_medicine(
            "ascvd",
            is_male=given["sex"] is Sex.MALE,
            is_black=given["population"] is Population.AFRICAN_AMERICAN,
            smoker=given["is_smoker"],
            hypertensive=given["takes_antihypertensives"],
            diabetic=given["has_diabetes"],
            age=given["age_years"],
            systolic_blood_pressure=given["systolic_mmhg"],
            total_cholesterol=given["total_cholesterol_mg_dl"],
            hdl_cholesterol=given["hdl_cholesterol_mg_dl"],
        )
        # Theirs has more decimals in some coefficients than the publication.
        assert ascvd_pooled_cohort(**given) == pytest.approx(theirs, abs=0.5)


def test_the_pooled_cohorts_agree_with_a_second(clincalc):
    races = {Population.AFRICAN_AMERICAN: "black", Population.WHITE_OR_OTHER: "white"}
    for given in drawn(ascvd_pooled_cohort, within=WITHIN):
        asked = {
            "age": given["age_years"],
            "sex": given["sex"].value,
            "race": races[given["population"]],
            "total_cholesterol_mg_dl": given["total_cholesterol_mg_dl"],
            "hdl_cholesterol_mg_dl": given["hdl_cholesterol_mg_dl"],
            "systolic_bp_mm_hg": given["systolic_mmhg"],
            "treated_bp": given["takes_antihypertensives"],
            "current_smoker": given["is_smoker"],
            "diabetes": given["has_diabetes"],
        }
        theirs = clincalc("ascvd", asked)["result"]
        assert ascvd_pooled_cohort(**given) == pytest.approx(theirs, abs=0.06)
