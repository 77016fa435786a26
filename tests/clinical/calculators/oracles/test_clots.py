"""Scores of clots against others' code; docs/calculators/clots.md says where they differ."""

from clinical.calculators.formulas.circulation.clots import (
    FallTiming,
    HitThrombosis,
    OtherCause,
    four_ts_hit,
    perc,
    wells_dvt,
    wells_pe,
)
from tests.clinical.calculators.drawing import drawn


def test_wells_of_an_embolism_agrees(clincalc, open_medicine):
    for given in drawn(wells_pe, within={"heart_rate_per_min": (60, 140)}):
        signs, likeliest, immobile, earlier, blood, cancer = (
            given[name] for name in wells_pe.inputs if name != "heart_rate_per_min"
        )
        is_fast = given["heart_rate_per_min"] > 100
        asked = {
            "clinical_signs_of_dvt": signs,
            "pe_most_likely_diagnosis": likeliest,
            "heart_rate_over_100": is_fast,
            "immobilisation_or_surgery": immobile,
            "previous_dvt_or_pe": earlier,
            "haemoptysis": blood,
            "malignancy": cancer,
        }
        theirs = open_medicine(
            "wells_pe",
            clinical_signs_dvt=signs,
            pe_most_likely_diagnosis=likeliest,
            heart_rate_gt_100=is_fast,
            immobilization_or_surgery=immobile,
            previous_dvt_pe=earlier,
            hemoptysis=blood,
            malignancy=cancer,
        )
        assert wells_pe(**given) == theirs == clincalc("wells_pe", asked)["result"]


def test_wells_of_a_thrombosis_agrees(clincalc):
    names = {
        "has_active_cancer": "active_cancer",
        "has_paralysis_or_plaster": "paralysis_paresis_immobilisation",
        "was_bedridden_or_had_major_surgery": "bedridden_or_major_surgery",
        "has_tenderness_along_deep_veins": "localised_tenderness",
        "has_entire_leg_swollen": "entire_leg_swollen",
        "has_calf_swelling": "calf_swelling_over_3cm",
        "has_pitting_oedema": "pitting_oedema",
        "has_collateral_veins": "collateral_superficial_veins",
        "had_deep_vein_thrombosis": "previously_documented_dvt",
        "is_other_diagnosis_as_likely": "alternative_diagnosis_as_likely",
    }
    for given in drawn(wells_dvt):
        asked = {names[name]: value for name, value in given.items()}
        assert wells_dvt(**given) == clincalc("wells_dvt", asked)["result"]


def test_perc_agrees(open_medicine):
    within = {"age_years": (20, 80), "heart_rate_per_min": (60, 140), "oxygen_saturation_percent": (88, 100)}
    for given in drawn(perc, within=within):
        theirs = open_medicine(
            "perc",
            age_gte_50=given["age_years"] >= 50,
            heart_rate_gte_100=given["heart_rate_per_min"] >= 100,
            spo2_lt_95=given["oxygen_saturation_percent"] < 95,
            unilateral_leg_swelling=given["has_unilateral_leg_swelling"],
            hemoptysis=given["has_hemoptysis"],
            recent_surgery_or_trauma=given["had_surgery_or_trauma"],
            prior_dvt_pe=given["had_venous_thromboembolism"],
            estrogen_use=given["takes_oestrogen"],
        )
        assert perc(**given) == theirs


def test_the_4ts_agree(open_medicine):
    for given in drawn(four_ts_hit, within={"platelet_nadir_thousand_per_ul": (20, 150)}):
        fall = given["platelet_fall_percent"]
        theirs = open_medicine(
            "four_ts_hit",
            thrombocytopenia=2 if fall > 50 else 1 if fall >= 30 else 0,
            timing=list(FallTiming).index(given["timing"]),
            thrombosis=list(HitThrombosis).index(given["thrombosis"]),
            other_causes=list(OtherCause).index(given["other_cause"]),
        )
        assert four_ts_hit(**given) == theirs
