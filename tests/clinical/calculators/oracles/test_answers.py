"""Questionnaires, strokes, children's coma and joints against others' code; docs/calculators/mind.md says where they differ."""

import pytest

from clinical.calculators.formulas.body_and_mind.joints import das28_crp, das28_esr
from clinical.calculators.formulas.body_and_mind.mind import audit_c, cage, ciwa_ar, gad_7, phq_9
from clinical.calculators.formulas.body_and_mind.nerves import (
    ChildEyes,
    ChildMovement,
    ChildVoice,
    nihss,
    pediatric_glasgow_coma_scale,
)
from clinical.calculators.registry import AnyCalculator
from tests.clinical.calculators.drawing import drawn

# Our inputs' order is the forms'; these are the other's names in the same order.
THEIRS = {
    "phq9": "interest_pleasure feeling_down sleep energy appetite self_esteem concentration psychomotor suicidal_ideation",
    "gad7": "feeling_nervous cannot_stop_worrying worrying_too_much trouble_relaxing being_restless easily_annoyed "
    "feeling_afraid",
    "cage": "cut_down annoyed guilty eye_opener",
    "ciwa_ar": "nausea_vomiting tremor paroxysmal_sweats anxiety agitation tactile_disturbances auditory_disturbances "
    "visual_disturbances headache orientation",
    "nihss": "loc loc_questions loc_commands best_gaze visual_fields facial_palsy left_arm_motor right_arm_motor "
    "left_leg_motor right_leg_motor limb_ataxia sensory best_language dysarthria extinction_inattention",
}
OURS: dict[str, AnyCalculator] = {
    "phq9": phq_9,
    "gad7": gad_7,
    "cage": cage,
    "ciwa_ar": ciwa_ar,
    "nihss": nihss,
}


@pytest.mark.parametrize("name", THEIRS)
def test_sums_agree(open_medicine, name):
    names = THEIRS[name].split()
    for given in drawn(OURS[name]):
        theirs = open_medicine(name, **dict(zip(names, given.values(), strict=True)))
        assert OURS[name](**given) == theirs


@pytest.mark.parametrize(("calculator", "name"), [(phq_9, "phq9"), (gad_7, "gad7")])
def test_questionnaires_agree_with_a_second(clincalc, calculator, name):
    for given in drawn(calculator):
        assert calculator(**given) == clincalc(name, {"responses": list(given.values())})["result"]


def test_audit_c_agrees(open_medicine):
    for given in drawn(audit_c):
        names = ("frequency", "typical_quantity", "binge_frequency")
        theirs = open_medicine("audit_c", **dict(zip(names, given.values(), strict=True)), is_male=True)
        assert audit_c(**given) == theirs


def test_a_child_s_coma_scale_agrees(open_medicine):
    for given in drawn(pediatric_glasgow_coma_scale):
        if "not testable" in given.values():
            continue
        theirs = open_medicine(
            "pediatric_gcs",
            eye_response=list(ChildEyes).index(given["eyes"]) + 1,
            verbal_response=list(ChildVoice).index(given["voice"]) + 1,
            motor_response=list(ChildMovement).index(given["movement"]) + 1,
        )
        assert pediatric_glasgow_coma_scale(**given) == theirs


@pytest.mark.parametrize(
    ("calculator", "variant", "marker"),
    [(das28_esr, "esr", "sedimentation_mm_hour"), (das28_crp, "crp", "c_reactive_protein_mg_l")],
)
def test_das28_agrees(open_medicine, clincalc, calculator, variant, marker):
    for given in drawn(calculator, within={marker: (1, 150)}):
        theirs = open_medicine(
            "das28",
            tender_joint_count=given["tender_joints"],
            swollen_joint_count=given["swollen_joints"],
            global_health=given["global_health_mm"],
            variant=variant,
            **{variant: given[marker]},
        )
        assert calculator(**given) == pytest.approx(theirs, abs=0.006)
        second = {
            "tender_joint_count": given["tender_joints"],
            "swollen_joint_count": given["swollen_joints"],
            "global_health": given["global_health_mm"],
            "marker": variant,
            "marker_value": given[marker],
        }
        assert calculator(**given) == pytest.approx(clincalc("das28", second)["result"], abs=0.006)
