"""Scores of pneumonia and oxygen against others' code; docs/calculators/lungs.md says where they differ."""

import pytest

from clinical.calculators.domain import Sex
from clinical.calculators.formulas.acute.lungs import alveolar_arterial_gradient, crb_65, curb_65, psi_port
from tests.clinical.calculators.drawing import drawn

BEDSIDE = {
    "respiratory_rate_per_min": (10, 45),
    "systolic_mmhg": (70, 140),
    "diastolic_mmhg": (40, 90),
}
THE_SAME_UREA = ((0.5, 19.6), (20.1, 60))


def _whole(given, *names):
    return {**given, **{name: round(given[name]) for name in names}}


def _bedside(given):
    return {
        "confusion": given["has_new_confusion"],
        "respiratory_rate": given["respiratory_rate_per_min"],
        "systolic_bp": given["systolic_mmhg"],
        "diastolic_bp": given["diastolic_mmhg"],
        "age": given["age_years"],
    }


@pytest.mark.parametrize("urea", THE_SAME_UREA)
def test_curb_65_agrees_but_from_19_6_to_20_mg_dl(open_medicine, urea):
    for given in drawn(curb_65, within={**BEDSIDE, "urea_nitrogen_mg_dl": urea}):
        given = _whole(given, *BEDSIDE)
        theirs = open_medicine("curb65", bun=given["urea_nitrogen_mg_dl"], **_bedside(given))
        assert curb_65(**given) == theirs


def test_curb_65_agrees_with_a_second_in_mmol(clincalc):
    for given in drawn(curb_65, within={**BEDSIDE, "urea_nitrogen_mg_dl": (5, 60)}):
        asked = {**_bedside(given), "urea_mmol_l": given["urea_nitrogen_mg_dl"] / 2.8014}
        assert curb_65(**given) == clincalc("curb65", asked)["result"]


def test_crb_65_agrees(open_medicine):
    for given in drawn(crb_65, within=BEDSIDE):
        given = _whole(given, *BEDSIDE)
        assert crb_65(**given) == open_medicine("crb65", **_bedside(given))


def test_psi_port_agrees_from_class_ii_on(open_medicine):
    within = {
        "respiratory_rate_per_min": (10, 45),
        "systolic_mmhg": (70, 140),
        "temperature_celsius": (33, 42),
        "heart_rate_per_min": (60, 160),
        "arterial_ph": (7.1, 7.6),
        "urea_nitrogen_mg_dl": (5, 60),
        "sodium_mmol_l": (120, 145),
        "glucose_mg_dl": (60, 400),
        "hematocrit_percent": (20, 50),
        "pao2_mmhg": (40, 100),
    }
    of_class_1 = 0
    for given in drawn(psi_port, within=within):
        given = _whole(given, "respiratory_rate_per_min", "systolic_mmhg", "heart_rate_per_min")
        theirs = open_medicine(
            "psi_port",
            age=given["age_years"],
            is_female=given["sex"] is Sex.FEMALE,
            nursing_home_resident=given["lives_in_nursing_home"],
            neoplastic_disease=given["has_active_cancer"],
            liver_disease=given["has_liver_disease"],
            congestive_heart_failure=given["has_heart_failure"],
            cerebrovascular_disease=given["has_cerebrovascular_disease"],
            renal_disease=given["has_kidney_disease"],
            altered_mental_status=given["has_altered_mental_status"],
            respiratory_rate=given["respiratory_rate_per_min"],
            systolic_bp=given["systolic_mmhg"],
            temperature_celsius=given["temperature_celsius"],
            pulse=given["heart_rate_per_min"],
            arterial_ph=given["arterial_ph"],
            bun=given["urea_nitrogen_mg_dl"],
            sodium=given["sodium_mmol_l"],
            glucose=given["glucose_mg_dl"],
            hematocrit=given["hematocrit_percent"],
            pao2=given["pao2_mmhg"],
            pleural_effusion=given["has_pleural_effusion"],
        )
        # Theirs gives class I no points.
        of_class_1 += theirs == 0
        assert theirs in (0, psi_port(**given))
    assert of_class_1 < 20


def test_the_gradient_agrees(open_medicine):
    for given in drawn(alveolar_arterial_gradient):
        theirs = open_medicine(
            "aa_gradient",
            fio2=given["fio2_percent"] / 100,
            pao2=given["pao2_mmhg"],
            paco2=given["paco2_mmhg"],
            atmospheric_pressure=given["barometric_mmhg"],
        )
        assert alveolar_arterial_gradient(**given) == pytest.approx(theirs, abs=0.051)
