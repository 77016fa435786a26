"""The likelihood of a clot against others' code; docs/calculators/clots.md says where they differ."""

from clinical.calculators.formulas.circulation.clot_prevention import (
    CancerSite,
    Mobility,
    Surgery,
    caprini_2005,
    khorana,
    padua,
)
from tests.clinical.calculators.drawing import drawn

CAPRINI = {
    "has_recent_heart_failure": "congestive_heart_failure",
    "has_recent_sepsis": "sepsis_within_1_month",
    "has_recent_serious_lung_disease": "serious_lung_disease",
    "has_copd": "abnormal_pulmonary_function",
    "has_acute_myocardial_infarction": "acute_mi",
    "has_inflammatory_bowel_disease": "inflammatory_bowel_disease",
    "has_varicose_veins": "varicose_veins",
    "has_swollen_legs": "swollen_legs",
    "has_cancer_history": "malignancy",
    "has_recent_plaster_cast": "immobilising_cast",
    "has_central_venous_access": "central_venous_access",
    "had_venous_thromboembolism": "history_dvt_pe",
    "has_family_history_of_thrombosis": "family_history_vte",
    "has_factor_v_leiden": "factor_v_leiden",
    "has_prothrombin_20210a": "prothrombin_20210a",
    "has_high_homocysteine": "elevated_homocysteine",
    "has_lupus_anticoagulant": "lupus_anticoagulant",
    "has_anticardiolipin_antibodies": "anticardiolipin_antibodies",
    "had_heparin_induced_thrombocytopenia": "heparin_induced_thrombocytopenia",
    "has_other_thrombophilia": "other_thrombophilia",
    "had_recent_stroke": "stroke_within_1_month",
    "had_recent_fracture": "hip_pelvis_leg_fracture",
    "had_recent_spinal_cord_injury": "acute_spinal_cord_injury",
    "takes_oestrogen": "oral_contraceptives_or_hrt",
    "is_pregnant_or_postpartum": "pregnancy_or_postpartum",
    "had_pregnancy_loss": "history_of_miscarriage",
}


def test_caprini_agrees(clincalc):
    for given in drawn(caprini_2005, within={"body_mass_index_kg_m2": (18, 40)}):
        # Theirs lacks these two.
        given = {**given, "had_recent_major_surgery": False, "had_recent_multiple_trauma": False}
        age, surgery, mobility = given["age_years"], given["surgery"], given["mobility"]
        asked = {
            **{theirs: given[ours] for ours, theirs in CAPRINI.items()},
            "age_41_60": 41 <= age <= 60,
            "age_61_74": 61 <= age <= 74,
            "age_75_plus": age >= 75,
            "bmi_over_25": given["body_mass_index_kg_m2"] > 25,
            "minor_surgery": surgery is Surgery.MINOR,
            "arthroscopic_surgery": surgery is Surgery.ARTHROSCOPIC,
            "laparoscopic_surgery_over_45_min": surgery is Surgery.LAPAROSCOPIC,
            "major_surgery_over_45_min": surgery is Surgery.MAJOR,
            "elective_arthroplasty": surgery is Surgery.ARTHROPLASTY,
            "medical_patient_at_bed_rest": mobility is Mobility.BED_REST,
            "confined_to_bed_over_72h": mobility is Mobility.CONFINED,
        }
        assert caprini_2005(**given) == clincalc("caprini", asked)["result"]


def test_padua_agrees(clincalc, open_medicine):
    for given in drawn(padua, within={"body_mass_index_kg_m2": (18, 40)}):
        same = {
            "active_cancer": given["has_active_cancer"],
            "previous_vte": given["had_venous_thromboembolism"],
            "reduced_mobility": given["has_reduced_mobility"],
            "recent_trauma_or_surgery": given["had_recent_trauma_or_surgery"],
            "heart_or_respiratory_failure": given["has_heart_or_respiratory_failure"],
            "obesity": given["body_mass_index_kg_m2"] >= 30,
            "ongoing_hormonal_treatment": given["takes_hormones"],
        }
        asked = {
            **same,
            "age": given["age_years"],
            "thrombophilia": given["has_thrombophilia"],
            "acute_mi_or_ischaemic_stroke": given["has_acute_infarction_or_stroke"],
            "acute_infection_or_rheumatological": given["has_acute_infection_or_rheumatic_disorder"],
        }
        theirs = open_medicine(
            "padua",
            **same,
            age_70_or_older=given["age_years"] >= 70,
            known_thrombophilia=given["has_thrombophilia"],
            acute_mi_or_stroke=given["has_acute_infarction_or_stroke"],
            acute_infection_or_rheumatic=given["has_acute_infection_or_rheumatic_disorder"],
        )
        assert padua(**given) == theirs == clincalc("padua", asked)["result"]


def test_khorana_agrees(clincalc):
    sites = {
        CancerSite.STOMACH_OR_PANCREAS: "pancreas",
        CancerSite.HIGH_RISK: "bladder",
        CancerSite.OTHER: "other",
    }
    within = {
        "platelets_thousand_per_ul": (200, 500),
        "hemoglobin_g_dl": (7, 14),
        "white_cells_thousand_per_ul": (4, 20),
        "body_mass_index_kg_m2": (20, 45),
    }
    for given in drawn(khorana, within=within):
        asked = {
            "assessment_context": "adult_ambulatory_before_new_chemotherapy_regimen",
            "cancer_site": sites[given["cancer_site"]],
            "platelet_count_10_9_l": given["platelets_thousand_per_ul"],
            "haemoglobin_g_dl": given["hemoglobin_g_dl"],
            "uses_erythropoiesis_stimulating_agent": given["takes_erythropoietin"],
            "leukocyte_count_10_9_l": given["white_cells_thousand_per_ul"],
            "bmi_kg_m2": given["body_mass_index_kg_m2"],
        }
        assert khorana(**given) == clincalc("khorana", asked)["result"]
