"""Scores of the liver and the pancreas against others' code; docs/calculators/liver.md says where they differ."""

import pytest

from clinical.calculators.domain import Sex
from clinical.calculators.formulas.chemistry.liver import (
    Ascites,
    Encephalopathy,
    child_pugh,
    fib_4,
    meld_3,
    meld_na,
    nafld_fibrosis,
)
from clinical.calculators.formulas.chemistry.pancreas import bisap, ranson
from tests.clinical.calculators.drawing import drawn

ASCITES = {Ascites.ABSENT: "none", Ascites.SLIGHT: "mild", Ascites.MODERATE: "severe"}
ENCEPHALOPATHY = {
    Encephalopathy.NONE: "none",
    Encephalopathy.GRADE_1_OR_2: "grade_1_2",
    Encephalopathy.GRADE_3_OR_4: "grade_3_4",
}
LIVER = {"bilirubin_mg_dl": (0.1, 15), "albumin_g_dl": (1, 6), "inr": (0.8, 4)}
MELD = {**LIVER, "creatinine_mg_dl": (0.3, 6), "sodium_mmol_l": (115, 150)}


def test_child_pugh_agrees_in_any_cause(open_medicine):
    for given in drawn(child_pugh, within=LIVER):
        assert child_pugh(**given) == open_medicine(
            "child_pugh",
            bilirubin=given["bilirubin_mg_dl"],
            albumin=given["albumin_g_dl"],
            inr=given["inr"],
            ascites=ASCITES[given["ascites"]],
            encephalopathy=ENCEPHALOPATHY[given["encephalopathy"]],
            is_primary_biliary_cholangitis=given["has_primary_biliary_cholangitis"],
        )


def test_child_pugh_agrees_with_a_second(clincalc):
    theirs: dict[str, str] = {
        **dict(zip(Ascites, ("none", "mild", "moderate-severe"), strict=True)),
        **dict(zip(Encephalopathy, ("none", "grade1-to2", "grade3-to4"), strict=True)),
    }
    for given in drawn(child_pugh, within=LIVER):
        asked = {
            "bilirubin": given["bilirubin_mg_dl"],
            "bilirubin_unit": "mg/dL",
            "albumin": given["albumin_g_dl"],
            "albumin_unit": "g/dL",
            "inr": given["inr"],
            "ascites": theirs[given["ascites"]],
            "encephalopathy": theirs[given["encephalopathy"]],
        }
        ours = child_pugh(**{**given, "has_primary_biliary_cholangitis": None})
        assert ours == clincalc("child_pugh", asked)["result"]


def test_meld_3_agrees(clincalc):
    for given in drawn(meld_3, within=MELD):
        asked = {
            "bilirubin": given["bilirubin_mg_dl"],
            "bilirubin_unit": "mg/dL",
            "creatinine": given["creatinine_mg_dl"],
            "creatinine_unit": "mg/dL",
            "albumin": given["albumin_g_dl"],
            "albumin_unit": "g/dL",
            "inr": given["inr"],
            "sodium_mmol_l": given["sodium_mmol_l"],
            "female_for_adult_meld": given["sex"] is Sex.FEMALE,
            "qualifying_dialysis_in_prior_7_days": given["is_on_dialysis"],
            "registration_age_years": 50,
        }
        assert meld_3(**given) == clincalc("meld_3", asked)["result"]


def test_meld_na_agrees_where_sodium_counts(open_medicine):
    compared = 0
    for given in drawn(meld_na, within=MELD):
        normal = meld_na(**{**given, "sodium_mmol_l": 137})
        if normal <= 11:
            continue
        compared += 1
        theirs = open_medicine(
            "meld_na",
            creatinine=given["creatinine_mg_dl"],
            bilirubin=given["bilirubin_mg_dl"],
            inr=given["inr"],
            sodium=given["sodium_mmol_l"],
            on_dialysis=given["is_on_dialysis"],
        )
        # Theirs is the equation of 2008, which was rewritten for 137 in 2016 and rounded.
        assert abs(meld_na(**given) - theirs) <= 2
    assert compared > 700


def test_meld_na_is_the_score_without_sodium_where_sodium_is_normal(clincalc):
    for given in drawn(meld_na, within=MELD):
        asked = {
            "bilirubin": given["bilirubin_mg_dl"],
            "bilirubin_unit": "mg/dL",
            "creatinine": given["creatinine_mg_dl"],
            "creatinine_unit": "mg/dL",
            "inr": given["inr"],
            "dialysis_twice_past_week": given["is_on_dialysis"],
        }
        assert meld_na(**{**given, "sodium_mmol_l": 140}) == clincalc("meld", asked)["result"]


def test_fib_4_agrees(open_medicine):
    within = {"platelets_thousand_per_ul": (10, 600), "ast_u_l": (5, 2_000), "alt_u_l": (5, 2_000)}
    for given in drawn(fib_4, within=within):
        theirs = open_medicine(
            "fib4",
            age=given["age_years"],
            ast=given["ast_u_l"],
            alt=given["alt_u_l"],
            platelets=given["platelets_thousand_per_ul"],
        )
        assert fib_4(**given) == pytest.approx(theirs, abs=0.0051)


def test_nafld_fibrosis_agrees(open_medicine):
    for given in drawn(nafld_fibrosis, within={"ast_u_l": (5, 2_000), "alt_u_l": (5, 2_000)}):
        theirs = open_medicine(
            "nafld_fibrosis",
            age=given["age_years"],
            bmi=given["body_mass_index_kg_m2"],
            impaired_fasting_glucose_or_diabetes=given["has_diabetes_or_impaired_glucose"],
            ast=given["ast_u_l"],
            alt=given["alt_u_l"],
            platelets=given["platelets_thousand_per_ul"],
            albumin=given["albumin_g_dl"],
        )
        assert nafld_fibrosis(**given) == pytest.approx(theirs, abs=0.00051)


def test_ranson_agrees(open_medicine):
    within = {
        "white_cells_thousand_per_ul": (2, 30),
        "glucose_mg_dl": (60, 400),
        "lactate_dehydrogenase_u_l": (100, 700),
        "ast_u_l": (10, 500),
        "hematocrit_fall_percent": (-5, 25),
        "urea_nitrogen_rise_mg_dl": (-5, 20),
        "calcium_mg_dl": (6, 10),
        "pao2_mmhg": (40, 90),
        "base_deficit_mmol_l": (-4, 12),
        "fluid_sequestration_l": (0, 12),
    }
    for given in drawn(ranson, within=within):
        assert ranson(**given) == open_medicine(
            "ransons",
            age=given["age_years"],
            wbc=given["white_cells_thousand_per_ul"] * 1_000,
            blood_glucose=given["glucose_mg_dl"],
            ldh=given["lactate_dehydrogenase_u_l"],
            ast=given["ast_u_l"],
            hematocrit_decrease=given["hematocrit_fall_percent"],
            bun_increase=given["urea_nitrogen_rise_mg_dl"],
            calcium=given["calcium_mg_dl"],
            pao2=given["pao2_mmhg"],
            base_deficit=given["base_deficit_mmol_l"],
            fluid_sequestration=given["fluid_sequestration_l"],
        )


def test_bisap_agrees(open_medicine):
    within = {
        "urea_nitrogen_mg_dl": (5, 50),
        "temperature_celsius": (34, 40),
        "heart_rate_per_min": (50, 140),
        "respiratory_rate_per_min": (8, 32),
        "white_cells_thousand_per_ul": (1, 20),
        "paco2_mmhg": (25, 50),
    }
    for given in drawn(bisap, within=within):
        # Theirs takes whole beats and breaths.
        given = {
            **given,
            "heart_rate_per_min": round(given["heart_rate_per_min"]),
            "respiratory_rate_per_min": round(given["respiratory_rate_per_min"]),
        }
        assert bisap(**given) == open_medicine(
            "bisap",
            bun=given["urea_nitrogen_mg_dl"],
            gcs=given["glasgow_coma_score"],
            age=given["age_years"],
            pleural_effusion=given["has_pleural_effusion"],
            temperature=given["temperature_celsius"],
            heart_rate=given["heart_rate_per_min"],
            respiratory_rate=given["respiratory_rate_per_min"],
            wbc=given["white_cells_thousand_per_ul"] * 1_000,
            pco2=given["paco2_mmhg"],
        )
