"""Kidney formulas agree with those of others on random inputs."""

import pytest

from clinical.calculators.formulas.chemistry.kidney import (
    creatinine_clearance_adjusted_weight,
    fractional_excretion_of_sodium,
)
from tests.clinical.calculators.drawing import drawn


def test_fractional_excretion_of_sodium_agrees_with_clincalc(clincalc):
    for given in drawn(fractional_excretion_of_sodium):
        theirs = clincalc(
            "fena",
            {
                "urine_sodium": given["urine_sodium_mmol_l"],
                "plasma_sodium": given["sodium_mmol_l"],
                "urine_creatinine": given["urine_creatinine_mg_dl"],
                "plasma_creatinine": given["creatinine_mg_dl"],
            },
        )["result"]
        assert fractional_excretion_of_sodium(**given) == pytest.approx(float(theirs), abs=0.0051)


def test_the_clearance_agrees_with_clincalc_where_the_actual_weight_is_used(clincalc):
    compared = 0
    for given in drawn(
        creatinine_clearance_adjusted_weight, within={"height_cm": (160, 200), "weight_kg": (30, 60)}
    ):
        if given["weight_kg"] / (given["height_cm"] / 100) ** 2 >= 18.5:
            continue
        theirs = clincalc(
            "cockcroft_gault",
            {
                "age": given["age_years"],
                "sex": given["sex"].value,
                "weight_kg": given["weight_kg"],
                "creatinine": given["creatinine_mg_dl"],
                "creatinine_unit": "mg/dL",
            },
        )["result"]
        assert creatinine_clearance_adjusted_weight(**given) == pytest.approx(theirs, abs=0.051)
        compared += 1
    assert compared > 500
