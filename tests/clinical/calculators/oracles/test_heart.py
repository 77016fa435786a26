"""Acute coronary syndromes against others' code; docs/calculators/heart.md says where they differ."""

from clinical.calculators.formulas.circulation.heart import (
    Electrocardiogram,
    Killip,
    Suspicion,
    Troponin,
    grace_in_hospital,
    heart_score,
    timi_stemi,
    timi_ua_nstemi,
)
from tests.clinical.calculators.drawing import drawn


def test_heart_agrees(open_medicine):
    factors = [name for name, each in heart_score.inputs.items() if each.kind is bool]
    factors.remove("has_atherosclerotic_disease")
    for given in drawn(heart_score):
        theirs = open_medicine(
            "heart_score",
            history=list(Suspicion).index(given["suspicion"]),
            ecg=list(Electrocardiogram).index(given["electrocardiogram"]),
            age=given["age_years"],
            risk_factor_count=sum(given[name] for name in factors),
            history_of_atherosclerosis=given["has_atherosclerotic_disease"],
            troponin=list(Troponin).index(given["troponin"]),
        )
        assert heart_score(**given) == theirs


def test_timi_for_unstable_angina_agrees(clincalc, open_medicine):
    for given in drawn(timi_ua_nstemi):
        factors, stenosis, aspirin, angina, deviation, markers = list(given.values())[1:]
        asked = {
            "age": given["age_years"],
            "three_or_more_cad_risk_factors": factors,
            "known_cad": stenosis,
            "aspirin_use_past_7_days": aspirin,
            "severe_angina": angina,
            "st_deviation": deviation,
            "positive_biomarker": markers,
        }
        theirs = open_medicine(
            "timi_ua_nstemi",
            age_gte_65=given["age_years"] >= 65,
            three_or_more_cad_risk_factors=factors,
            known_cad_gte_50_stenosis=stenosis,
            aspirin_use_past_7_days=aspirin,
            two_or_more_anginal_events_24h=angina,
            st_deviation_gte_0_5mm=deviation,
            elevated_cardiac_markers=markers,
        )
        assert timi_ua_nstemi(**given) == theirs == clincalc("timi", asked)["result"]


def test_timi_for_stemi_agrees(open_medicine):
    within = {"systolic_mmhg": (70, 150), "heart_rate_per_min": (60, 140), "weight_kg": (45, 110)}
    for given in drawn(timi_stemi, within=within):
        theirs = open_medicine(
            "timi_stemi",
            age=given["age_years"],
            diabetes_or_hypertension_or_angina=given["has_diabetes_hypertension_or_angina"],
            systolic_bp_lt_100=given["systolic_mmhg"] < 100,
            heart_rate_gt_100=given["heart_rate_per_min"] > 100,
            killip_class_ii_iv=given["killip"] is not Killip.NO_FAILURE,
            weight_lt_67kg=given["weight_kg"] < 67,
            anterior_st_elevation_or_lbbb=given["has_anterior_elevation_or_left_bundle_block"],
            time_to_treatment_gt_4h=given["is_treated_after_4_hours"],
        )
        assert timi_stemi(**given) == theirs


def test_grace_agrees(clincalc, open_medicine):
    within = {"heart_rate_per_min": (30, 220), "systolic_mmhg": (60, 220), "creatinine_mg_dl": (0.2, 6)}
    for given in drawn(grace_in_hospital, within=within):
        given = {
            **given,
            "heart_rate_per_min": round(given["heart_rate_per_min"]),
            "systolic_mmhg": round(given["systolic_mmhg"]),
        }
        same = {
            "age": given["age_years"],
            "heart_rate": given["heart_rate_per_min"],
            "systolic_bp": given["systolic_mmhg"],
            "creatinine": given["creatinine_mg_dl"],
            "killip_class": list(Killip).index(given["killip"]) + 1,
            "cardiac_arrest_at_admission": given["had_cardiac_arrest"],
            "st_segment_deviation": given["has_st_deviation"],
            "elevated_cardiac_enzymes": given["has_raised_markers"],
        }
        theirs = clincalc("grace", {**same, "creatinine_unit": "mg/dL"})["result"]
        assert grace_in_hospital(**given) == open_medicine("grace_score", **same) == theirs
