"""The risk of stroke against another's code; docs/calculators/stroke.md says where they differ."""

from clinical.calculators.formulas.circulation.stroke import Attack, abcd2, cha2ds2_vasc
from tests.clinical.calculators.drawing import drawn

ATTACKS = {
    Attack.OTHER: "other",
    Attack.SPEECH: "speech-disturbance",
    Attack.WEAKNESS: "unilateral-weakness",
}


def test_abcd2_agrees(clincalc):
    within = {"systolic_mmhg": (100, 200), "diastolic_mmhg": (60, 120), "duration_minutes": (0, 120)}
    for given in drawn(abcd2, within=within):
        systolic, diastolic = round(given["systolic_mmhg"]), round(given["diastolic_mmhg"])
        minutes = given["duration_minutes"]
        asked = {
            "age": given["age_years"],
            "systolic_bp": systolic,
            "diastolic_bp": diastolic,
            "clinical_features": ATTACKS[given["attack"]],
            "duration": "60min-or-more" if minutes >= 60 else "10-59min" if minutes >= 10 else "under-10min",
            "diabetes": given["has_diabetes"],
        }
        ours = abcd2(**{**given, "systolic_mmhg": systolic, "diastolic_mmhg": diastolic})
        assert ours == clincalc("abcd2", asked)["result"]


def test_cha2ds2_vasc_agrees(clincalc):
    for given in drawn(cha2ds2_vasc):
        asked = {
            "age": given["age_years"],
            "sex": given["sex"].value,
            "congestive_heart_failure": given["has_heart_failure"],
            "hypertension": given["has_hypertension"],
            "diabetes": given["has_diabetes"],
            "stroke_tia_thromboembolism": given["had_stroke"],
            "vascular_disease": given["has_vascular_disease"],
        }
        assert cha2ds2_vasc(**given) == clincalc("cha2ds2vasc", asked)["result"]
