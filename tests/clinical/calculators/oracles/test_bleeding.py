"""Scores of bleeding against others' code; docs/calculators/bleeding.md says where they differ."""

from clinical.calculators.formulas.circulation.bleeding import (
    BleedingComorbidity,
    BleedingDiagnosis,
    aims65,
    glasgow_blatchford,
    has_bled,
    orbit,
    rockall,
)
from tests.clinical.calculators.drawing import drawn


def test_has_bled_agrees(clincalc, open_medicine):
    for given in drawn(has_bled, within={"drinks_per_week": (0, 20)}):
        is_old, drinks = given["age_years"] > 65, given["drinks_per_week"] >= 8
        asked = {
            "hypertension_uncontrolled": given["has_uncontrolled_hypertension"],
            "abnormal_renal_function": given["has_abnormal_kidney_function"],
            "abnormal_liver_function": given["has_abnormal_liver_function"],
            "stroke": given["had_stroke"],
            "bleeding_history": given["has_bleeding_history"],
            "labile_inr": given["has_labile_inr"],
            "elderly_over_65": is_old,
            "drugs_antiplatelet_nsaid": given["takes_antiplatelets_or_nsaids"],
            "alcohol_excess": drinks,
        }
        theirs = open_medicine(
            "hasbled",
            hypertension=given["has_uncontrolled_hypertension"],
            abnormal_renal_function=given["has_abnormal_kidney_function"],
            abnormal_liver_function=given["has_abnormal_liver_function"],
            stroke=given["had_stroke"],
            bleeding=given["has_bleeding_history"],
            labile_inr=given["has_labile_inr"],
            elderly=is_old,
            drugs=given["takes_antiplatelets_or_nsaids"],
            alcohol=drinks,
        )
        assert has_bled(**given) == theirs == clincalc("hasbled", asked)["result"]


def test_orbit_agrees(clincalc):
    context = (
        "adult_with_electrocardiographically_confirmed_atrial_fibrillation_receiving_oral_anticoagulation"
    )
    within = {"hemoglobin_g_dl": (9, 16), "hematocrit_percent": (30, 50), "egfr_ml_min_173m2": (10, 120)}
    for given in drawn(orbit, within=within):
        asked = {
            "assessment_context": context,
            "age_years": given["age_years"],
            "sex": given["sex"].value,
            "haemoglobin_g_l": given["hemoglobin_g_dl"] * 10,
            "haematocrit_percent": given["hematocrit_percent"],
            "history_of_anaemia": given["has_anaemia_history"],
            "bleeding_history": given["has_bleeding_history"],
            "egfr_ml_min_1_73_m2": given["egfr_ml_min_173m2"],
            "antiplatelet_treatment": given["takes_antiplatelets"],
        }
        assert orbit(**given) == clincalc("orbit", asked)["result"]


def test_glasgow_blatchford_agrees(clincalc):
    # Urea in mmol/L, of which a BUN of 2.8014 mg/dL is one.
    within = {"hemoglobin_g_dl": (7, 16), "systolic_mmhg": (70, 140), "heart_rate_per_min": (60, 140)}
    for given in drawn(glasgow_blatchford, within={**within, "urea_nitrogen_mg_dl": (1, 30)}):
        urea_mmol_l = round(given["urea_nitrogen_mg_dl"], 1)
        asked = {
            "acute_upper_gi_bleeding_at_first_assessment": True,
            "age_16_or_over": True,
            "emergency_department_overt_ugib": True,
            "sex": given["sex"].value,
            "urea_mmol_l": urea_mmol_l,
            "haemoglobin_g_l": given["hemoglobin_g_dl"] * 10,
            "systolic_bp_mm_hg": given["systolic_mmhg"],
            "heart_rate_bpm": given["heart_rate_per_min"],
            "melaena": given["has_melaena"],
            "syncope": given["had_syncope"],
            "hepatic_disease": given["has_liver_disease"],
            "cardiac_failure": given["has_heart_failure"],
        }
        ours = glasgow_blatchford(**{**given, "urea_nitrogen_mg_dl": round(urea_mmol_l * 2.8014, 1)})
        assert ours == clincalc("glasgow_blatchford", asked)["result"]


def test_aims65_agrees(open_medicine):
    within = {"albumin_g_dl": (2, 5), "inr": (0.9, 3), "systolic_mmhg": (70, 130)}
    for given in drawn(aims65, within=within):
        theirs = open_medicine(
            "aims65",
            albumin_below_3=given["albumin_g_dl"] < 3,
            inr_above_1_5=given["inr"] > 1.5,
            altered_mental_status=given["has_altered_mental_status"],
            systolic_bp_90_or_less=given["systolic_mmhg"] <= 90,
            age_65_or_older=given["age_years"] >= 65,
        )
        assert aims65(**given) == theirs


def test_rockall_agrees(clincalc, open_medicine):
    illnesses = {
        BleedingComorbidity.NONE: ("nil_major", "none"),
        BleedingComorbidity.MAJOR: ("cardiac_failure_ischaemic_heart_disease_or_other_major", "major"),
        BleedingComorbidity.GRAVE: (
            "renal_failure_liver_failure_or_disseminated_malignancy",
            "renal_liver_malignancy",
        ),
    }
    diagnoses = {
        BleedingDiagnosis.NO_LESION: ("mallory_weiss_or_no_lesion_identified", "mallory_weiss"),
        BleedingDiagnosis.OTHER: ("all_other_diagnoses", "other"),
        BleedingDiagnosis.CANCER: ("upper_gi_malignancy", "malignancy"),
    }
    for given in drawn(rockall, within={"heart_rate_per_min": (60, 140), "systolic_mmhg": (70, 140)}):
        pulse, pressure = round(given["heart_rate_per_min"]), round(given["systolic_mmhg"])
        # No shock is a pulse below 100; theirs give no point for 100 itself.
        if pulse == 100:
            continue
        illness, diagnosis = illnesses[given["comorbidity"]], diagnoses[given["diagnosis"]]
        has_signs = given["has_signs_of_recent_bleeding"]
        asked = {
            "age": given["age_years"],
            "heart_rate_bpm": pulse,
            "systolic_bp_mm_hg": pressure,
            "comorbidity": illness[0],
            "diagnosis": diagnosis[0],
            "major_stigmata_of_recent_haemorrhage": has_signs,
        }
        ours = rockall(**{**given, "heart_rate_per_min": pulse, "systolic_mmhg": pressure})
        assert ours == clincalc("rockall", asked)["result"]
        assert ours == open_medicine(
            "rockall",
            age=given["age_years"],
            pulse=pulse,
            systolic_bp=pressure,
            comorbidity=illness[1],
            diagnosis=diagnosis[1],
            stigmata="present" if has_signs else "none",
        )
