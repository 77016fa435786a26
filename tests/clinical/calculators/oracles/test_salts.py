"""Osmolality, corrections and the water deficit agree with those of others on random inputs."""

import pytest

from clinical.calculators.domain import Sex
from clinical.calculators.formulas.chemistry.salts import (
    corrected_calcium,
    corrected_sodium,
    corrected_sodium_hillier,
    free_water_deficit,
    osmolal_gap,
    serum_osmolality,
)
from tests.clinical.calculators.drawing import drawn


def _osmoles(given):
    return {
        "sodium": given["sodium_mmol_l"],
        "glucose": given["glucose_mg_dl"],
        "bun": given["urea_nitrogen_mg_dl"],
    }


def test_serum_osmolality_agrees_with_open_medicine(open_medicine):
    for given in drawn(serum_osmolality):
        theirs = open_medicine("serum_osmolality", **_osmoles(given))
        assert serum_osmolality(**given) == pytest.approx(theirs, abs=0.051)


def test_osmolal_gap_without_ethanol_agrees_with_open_medicine(open_medicine):
    for given in drawn(osmolal_gap):
        measured = given["measured_osmolality_mosm_kg"]
        theirs = open_medicine("osmolar_gap", measured_osmolality=measured, **_osmoles(given))
        assert osmolal_gap(**{**given, "ethanol_mg_dl": None}) == pytest.approx(theirs, abs=0.051)


def test_corrected_calcium_agrees_with_both(open_medicine, clincalc):
    for given in drawn(corrected_calcium, within={"albumin_g_dl": (1, 7)}):
        ours = corrected_calcium(**given)
        calcium, albumin = given["calcium_mg_dl"], given["albumin_g_dl"]
        assert ours == pytest.approx(
            open_medicine("corrected_calcium", calcium=calcium, albumin=albumin), abs=0.051
        )
        units = {"calcium_unit": "mg/dL", "albumin_unit": "g/dL"}
        theirs = clincalc("corrected_calcium", {"calcium": calcium, "albumin": albumin, **units})["result"]
        assert ours == pytest.approx(theirs, abs=0.0051)


@pytest.mark.parametrize(
    ("calculator", "method"), [(corrected_sodium, "katz"), (corrected_sodium_hillier, "hillier")]
)
def test_corrected_sodium_agrees_with_clincalc_in_hyperglycaemia(clincalc, calculator, method):
    for given in drawn(calculator, within={"sodium_mmol_l": (80, 200), "glucose_mg_dl": (100, 2500)}):
        sodium, glucose = given["sodium_mmol_l"], given["glucose_mg_dl"]
        theirs = clincalc(
            "corrected_sodium",
            {"sodium": sodium, "glucose": glucose, "glucose_unit": "mg/dL", "method": method},
        )["result"]
        assert calculator(**given) == pytest.approx(theirs, abs=0.051)


@pytest.mark.parametrize(
    ("sex", "ages", "fraction"),
    [
        (Sex.MALE, (18, 64), 0.6),
        (Sex.FEMALE, (18, 64), 0.5),
        (Sex.MALE, (65, 120), 0.5),
        (Sex.FEMALE, (65, 120), 0.45),
    ],
)
def test_free_water_deficit_agrees_with_clincalc_which_asks_for_the_fraction(clincalc, sex, ages, fraction):
    within = {"sodium_mmol_l": (145.01, 200), "weight_kg": (30, 200), "age_years": ages}
    for given in drawn(free_water_deficit, within=within, times=250):
        theirs = clincalc(
            "free_water_deficit",
            {
                "assessment_context": "adult_with_hypernatraemia",
                "weight_kg": given["weight_kg"],
                "current_sodium_mmol_l": given["sodium_mmol_l"],
                "target_sodium_mmol_l": 140,
                "total_body_water_fraction": fraction,
            },
        )["result"]
        assert free_water_deficit(**{**given, "sex": sex}) == pytest.approx(theirs, abs=0.051)
