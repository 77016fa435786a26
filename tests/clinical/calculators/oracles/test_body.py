"""Weights and sizes agree with those of others on random inputs."""

import pytest

from clinical.calculators.formulas.body_and_mind.body import (
    body_mass_index,
    body_surface_area,
    ideal_body_weight,
    maintenance_fluids,
)
from tests.clinical.calculators.drawing import drawn

BODY = {"weight_kg": (20, 300), "height_cm": (60, 250)}


def test_body_mass_index_agrees_with_both(open_medicine, clincalc):
    for given in drawn(body_mass_index, within=BODY):
        ours = body_mass_index(**given)
        assert ours == pytest.approx(open_medicine("bmi", **given), abs=0.051)
        assert ours == pytest.approx(clincalc("bmi", given)["result"], abs=0.051)


def test_body_surface_area_agrees_with_both(open_medicine, clincalc):
    for given in drawn(body_surface_area, within=BODY):
        ours = body_surface_area(**given)
        assert ours == pytest.approx(open_medicine("bsa_mosteller", **given), abs=0.0051)
        assert ours == pytest.approx(clincalc("body_surface_area", given)["result"], abs=0.0051)


def test_ideal_body_weight_is_nearly_ardsnet_s_predicted_weight(clincalc):
    context = "adult_lung_protective_ventilation_protocol_using_ardsnet_predicted_body_weight"
    for given in drawn(ideal_body_weight, within={"height_cm": (137, 213)}):
        theirs = clincalc(
            "ardsnet_predicted_body_weight",
            {
                "assessment_context": context,
                "formula_branch": given["sex"].value,
                "height_cm": given["height_cm"],
            },
        )["result"]
        # 0.91 kg for each centimetre is 2.3114 kg for each inch.
        assert ideal_body_weight(**given) == pytest.approx(theirs, abs=0.33)


def test_maintenance_fluids_agree_with_open_medicine(open_medicine):
    for given in drawn(maintenance_fluids):
        theirs = open_medicine("maintenance_iv_fluids", **given)
        assert maintenance_fluids(**given) == pytest.approx(theirs, abs=0.051)
