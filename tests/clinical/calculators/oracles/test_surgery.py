"""Scores before an operation against others' code; docs/calculators/surgery.md says where they differ."""

from clinical.calculators.domain import Sex
from clinical.calculators.formulas.circulation.surgery import revised_cardiac_risk_index, stop_bang
from tests.clinical.calculators.drawing import drawn


def test_the_cardiac_risk_index_agrees(open_medicine):
    for given in drawn(revised_cardiac_risk_index, within={"creatinine_mg_dl": (0.5, 4)}):
        theirs = open_medicine(
            "rcri",
            high_risk_surgery=given["has_high_risk_surgery"],
            history_of_ischemic_heart_disease=given["has_ischaemic_heart_disease"],
            history_of_congestive_heart_failure=given["has_heart_failure"],
            history_of_cerebrovascular_disease=given["has_cerebrovascular_disease"],
            preoperative_insulin_treatment=given["takes_insulin"],
            preoperative_creatinine_above_2=given["creatinine_mg_dl"] > 2,
        )
        assert revised_cardiac_risk_index(**given) == theirs


def test_the_cardiac_risk_index_agrees_with_a_second(clincalc):
    for given in drawn(revised_cardiac_risk_index, within={"creatinine_mg_dl": (0.5, 4)}):
        asked = {
            "adult_noncardiac_surgery_candidate": True,
            "original_validation_population_matches": True,
            "high_risk_surgery": given["has_high_risk_surgery"],
            "ischemic_heart_disease": given["has_ischaemic_heart_disease"],
            "congestive_heart_failure": given["has_heart_failure"],
            "cerebrovascular_disease": given["has_cerebrovascular_disease"],
            "preoperative_insulin_treatment": given["takes_insulin"],
            "creatinine_umol_l": given["creatinine_mg_dl"] * 88.4,
        }
        assert revised_cardiac_risk_index(**given) == clincalc("rcri", asked)["result"]


def test_stop_bang_agrees(open_medicine):
    for given in drawn(
        stop_bang, within={"body_mass_index_kg_m2": (20, 50), "neck_circumference_cm": (30, 50)}
    ):
        theirs = open_medicine(
            "stop_bang",
            snoring=given["snores_loudly"],
            tired=given["is_often_tired"],
            observed_apnea=given["has_observed_apnoea"],
            high_blood_pressure=given["has_hypertension"],
            bmi_over_35=given["body_mass_index_kg_m2"] > 35,
            age_over_50=given["age_years"] > 50,
            neck_circumference_over_40=given["neck_circumference_cm"] > 40,
            male_gender=given["sex"] is Sex.MALE,
        )
        assert stop_bang(**given) == theirs
