"""Scores of emergencies against others' code; docs/calculators/emergency.md says where they differ."""

import pytest

from clinical.calculators.formulas.acute.emergency import alvarado, parkland, revised_trauma_score
from tests.clinical.calculators.drawing import drawn


def test_alvarado_agrees(clincalc):
    within = {
        "temperature_celsius": (36, 39),
        "white_cells_thousand_per_ul": (4, 20),
        "neutrophils_percent": (40, 95),
    }
    for given in drawn(alvarado, within=within):
        asked = {
            "migration_to_rlq": given["has_migration_of_pain"],
            "anorexia": given["has_anorexia"],
            "nausea_or_vomiting": given["has_nausea_or_vomiting"],
            "rlq_tenderness": given["has_right_lower_tenderness"],
            "rebound_tenderness": given["has_rebound_pain"],
            "fever": given["temperature_celsius"] >= 37.3,
            "leukocytosis": given["white_cells_thousand_per_ul"] > 10,
            "left_shift": given["neutrophils_percent"] > 75,
        }
        assert alvarado(**given) == clincalc("alvarado", asked)["result"]


def test_parkland_agrees(open_medicine):
    for given in drawn(parkland):
        theirs = open_medicine("parkland", weight_kg=given["weight_kg"], tbsa_percent=given["burned_percent"])
        assert parkland(**given) == pytest.approx(theirs)


def test_the_revised_trauma_score_agrees(open_medicine):
    within = {"systolic_mmhg": (0, 130), "respiratory_rate_per_min": (0, 40)}
    for given in drawn(revised_trauma_score, within=within):
        given = {
            **given,
            "systolic_mmhg": round(given["systolic_mmhg"]),
            "respiratory_rate_per_min": round(given["respiratory_rate_per_min"]),
        }
        theirs = open_medicine(
            "rts",
            gcs=given["glasgow_coma_score"],
            systolic_bp=given["systolic_mmhg"],
            respiratory_rate=given["respiratory_rate_per_min"],
        )
        assert revised_trauma_score(**given) == pytest.approx(theirs, abs=0.0001)
