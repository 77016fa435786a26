"""Scores of critical illness against others' code; docs/calculators/critical_care.md says where they differ."""

from clinical.calculators.formulas.acute.apache import Admission, apache_ii
from clinical.calculators.formulas.acute.critical_care import (
    Consciousness,
    Eyes,
    Motor,
    Verbal,
    glasgow_coma_scale,
    news2,
    qsofa,
    sofa,
)
from tests.clinical.calculators.drawing import drawn

APACHE = {
    "temperature_celsius": (28, 42),
    "mean_arterial_mmhg": (40, 170),
    "heart_rate_per_min": (30, 190),
    "respiratory_rate_per_min": (2, 60),
    "arterial_ph": (7.0, 7.8),
    "sodium_mmol_l": (105, 185),
    "potassium_mmol_l": (2, 8),
    "creatinine_mg_dl": (0.3, 5),
    "hematocrit_percent": (15, 65),
    "white_cells_thousand_per_ul": (0.2, 50),
    "pao2_mmhg": (40, 200),
    "paco2_mmhg": (20, 70),
    "gradient_mmhg": (0, 600),
}
SOFA = {
    "pao2_mmhg": (40, 150),
    "platelets_thousand_per_ul": (5, 200),
    "bilirubin_mg_dl": (0.2, 15),
    "mean_arterial_mmhg": (50, 100),
    "creatinine_mg_dl": (0.5, 7),
    "urine_output_ml_day": (50, 1_500),
    "dopamine_ug_kg_min": (0.1, 20),
    "adrenaline_ug_kg_min": (0.01, 0.3),
    "noradrenaline_ug_kg_min": (0.01, 0.3),
}
NEWS = {
    "respiratory_rate_per_min": (5, 30),
    "oxygen_saturation_percent": (80, 100),
    "systolic_mmhg": (80, 240),
    "heart_rate_per_min": (35, 140),
    "temperature_celsius": (34, 40),
}


def _whole(given, *names):
    return {**given, **{name: round(given[name]) for name in names}}


def _apache(given):
    return _whole(given, "heart_rate_per_min", "respiratory_rate_per_min")


def test_apache_ii_agrees(open_medicine):
    admissions = dict(zip(Admission, ("nonoperative", "emergency_surgery", "elective_surgery"), strict=True))
    for given in map(_apache, drawn(apache_ii, within=APACHE)):
        ours = apache_ii(**{**given, "gradient_mmhg": None})
        assert ours == open_medicine(
            "apache2",
            temperature=given["temperature_celsius"],
            mean_arterial_pressure=given["mean_arterial_mmhg"],
            heart_rate=given["heart_rate_per_min"],
            respiratory_rate=given["respiratory_rate_per_min"],
            fio2=given["fio2_percent"] / 100,
            pao2=given["pao2_mmhg"],
            paco2=given["paco2_mmhg"],
            arterial_ph=given["arterial_ph"],
            serum_sodium=given["sodium_mmol_l"],
            serum_potassium=given["potassium_mmol_l"],
            serum_creatinine=given["creatinine_mg_dl"],
            acute_renal_failure=given["has_acute_renal_failure"],
            hematocrit=given["hematocrit_percent"],
            white_blood_cell_count=given["white_cells_thousand_per_ul"],
            gcs=given["glasgow_coma_score"],
            age=given["age_years"],
            admission_type=admissions[given["admission"]],
            severe_organ_insufficiency_or_immunocompromised=given["has_severe_chronic_disease"],
        )


def test_apache_ii_agrees_with_a_second_by_the_gradient(clincalc):
    chronic = dict.fromkeys(Admission, "nonoperative_or_emergency_postoperative")
    chronic[Admission.ELECTIVE_SURGERY] = "elective_postoperative"
    for given in map(_apache, drawn(apache_ii, within=APACHE)):
        asked = {
            "temperature_c": given["temperature_celsius"],
            "mean_arterial_pressure_mm_hg": given["mean_arterial_mmhg"],
            "heart_rate": given["heart_rate_per_min"],
            "respiratory_rate": given["respiratory_rate_per_min"],
            "fio2": given["fio2_percent"] / 100,
            "pao2_mm_hg": given["pao2_mmhg"],
            "aa_gradient_mm_hg": given["gradient_mmhg"],
            "arterial_ph": given["arterial_ph"],
            "sodium_mmol_l": given["sodium_mmol_l"],
            "potassium_mmol_l": given["potassium_mmol_l"],
            "creatinine_mg_dl": given["creatinine_mg_dl"],
            "acute_renal_failure": given["has_acute_renal_failure"],
            "hematocrit_percent": given["hematocrit_percent"],
            "wbc_10_9_l": given["white_cells_thousand_per_ul"],
            "glasgow_coma_scale": given["glasgow_coma_score"],
            "age": given["age_years"],
            "chronic_health_status": chronic[given["admission"]]
            if given["has_severe_chronic_disease"]
            else "none",
        }
        assert apache_ii(**given) == clincalc("apache2", asked)["result"]


def test_sofa_agrees_on_a_ventilator_without_dobutamine(open_medicine):
    for given in drawn(sofa, within=SOFA):
        given = {**given, "is_on_respiratory_support": True, "dobutamine_ug_kg_min": None}
        assert sofa(**given) == open_medicine(
            "sofa",
            pao2_fio2=100 * given["pao2_mmhg"] / given["fio2_percent"],
            platelets=given["platelets_thousand_per_ul"],
            bilirubin=given["bilirubin_mg_dl"],
            map_pressure=given["mean_arterial_mmhg"],
            dopamine=given["dopamine_ug_kg_min"],
            epinephrine=given["adrenaline_ug_kg_min"],
            norepinephrine=given["noradrenaline_ug_kg_min"],
            gcs=given["glasgow_coma_score"],
            creatinine=given["creatinine_mg_dl"],
            urine_output=given["urine_output_ml_day"],
        )


def test_sofa_agrees_with_a_second_with_and_without_a_ventilator(clincalc):
    medicines = (
        "dopamine_ug_kg_min",
        "dobutamine_ug_kg_min",
        "adrenaline_ug_kg_min",
        "noradrenaline_ug_kg_min",
    )
    for given in drawn(sofa, within=SOFA):
        given = {**given, **dict.fromkeys((*medicines, "urine_output_ml_day"))}
        asked = {
            "pao2_fio2": 100 * given["pao2_mmhg"] / given["fio2_percent"],
            "respiratory_support": given["is_on_respiratory_support"],
            "platelets": given["platelets_thousand_per_ul"],
            "bilirubin": given["bilirubin_mg_dl"],
            "bilirubin_unit": "mg/dL",
            "cardiovascular": "map-below70" if given["mean_arterial_mmhg"] < 70 else "map-at-least70",
            "gcs": given["glasgow_coma_score"],
            "creatinine": given["creatinine_mg_dl"],
            "creatinine_unit": "mg/dL",
        }
        if asked["pao2_fio2"] <= 700:
            assert sofa(**given) == clincalc("sofa", asked)["result"]


def test_qsofa_agrees(open_medicine):
    for given in drawn(qsofa, within={"respiratory_rate_per_min": (10, 35), "systolic_mmhg": (70, 140)}):
        given = _whole(given, "respiratory_rate_per_min", "systolic_mmhg")
        assert qsofa(**given) == open_medicine(
            "qsofa",
            respiratory_rate=given["respiratory_rate_per_min"],
            systolic_blood_pressure=given["systolic_mmhg"],
            altered_mentation=given["glasgow_coma_score"] < 15,
        )


def _news(given):
    whole = _whole(given, *(name for name in NEWS if name != "temperature_celsius"))
    return {**whole, "temperature_celsius": round(given["temperature_celsius"], 1)}


def test_news2_agrees(open_medicine):
    words = dict(zip(Consciousness, ("alert", "confusion", "voice", "pain", "unresponsive"), strict=True))
    for given in map(_news, drawn(news2, within=NEWS)):
        assert news2(**given) == open_medicine(
            "news2",
            respiration_rate=given["respiratory_rate_per_min"],
            spo2=given["oxygen_saturation_percent"],
            spo2_scale="scale_2" if given["is_on_saturation_scale_2"] else "scale_1",
            on_supplemental_o2=given["is_on_oxygen"],
            systolic_bp=given["systolic_mmhg"],
            pulse=given["heart_rate_per_min"],
            consciousness=words[given["consciousness"]],
            temperature=given["temperature_celsius"],
        )


def test_news2_agrees_with_a_second(clincalc):
    for given in map(_news, drawn(news2, within=NEWS)):
        asked = {
            "respiratory_rate": given["respiratory_rate_per_min"],
            "spo2": given["oxygen_saturation_percent"],
            "spo2_scale": "2" if given["is_on_saturation_scale_2"] else "1",
            "on_oxygen": given["is_on_oxygen"],
            "systolic_bp": given["systolic_mmhg"],
            "pulse": given["heart_rate_per_min"],
            "consciousness": "alert" if given["consciousness"] is Consciousness.ALERT else "confusion-or-vpu",
            "temperature": given["temperature_celsius"],
        }
        assert news2(**given) == clincalc("news2", asked)["result"]


def test_the_coma_scale_agrees(open_medicine):
    testable = [each for each in drawn(glasgow_coma_scale) if "not testable" not in each.values()]
    assert len(testable) > 400
    for given in testable:
        assert glasgow_coma_scale(**given) == open_medicine(
            "gcs",
            eye_response=list(Eyes).index(given["eyes"]) + 1,
            verbal_response=list(Verbal).index(given["verbal"]) + 1,
            motor_response=list(Motor).index(given["motor"]) + 1,
        )
