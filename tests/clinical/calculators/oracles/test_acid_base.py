"""Gaps and the expected pressure agree with those of others on random inputs."""

import pytest

from clinical.calculators.formulas.chemistry.acid_base import (
    albumin_corrected_anion_gap,
    anion_gap,
    winters_expected_pco2,
)
from tests.clinical.calculators.drawing import drawn

IN_THEIR_RANGE = {"chloride_mmol_l": (50, 160), "albumin_g_dl": (0.5, 7)}


def test_anion_gap_agrees_with_both(open_medicine, clincalc):
    for given in drawn(anion_gap, within=IN_THEIR_RANGE):
        ours = anion_gap(**given)
        in_short = {name.removesuffix("_mmol_l"): value for name, value in given.items()}
        assert ours == pytest.approx(open_medicine("anion_gap", **in_short), abs=0.051)
        assert ours == pytest.approx(clincalc("anion_gap", given)["result"], abs=0.051)


def test_albumin_corrected_anion_gap_agrees_with_both(open_medicine, clincalc):
    for given in drawn(albumin_corrected_anion_gap, within=IN_THEIR_RANGE):
        ours = albumin_corrected_anion_gap(**given)
        albumin = given.pop("albumin_g_dl")
        in_short = {name.removesuffix("_mmol_l"): value for name, value in given.items()}
        assert ours == pytest.approx(open_medicine("anion_gap", **in_short, albumin=albumin), abs=0.051)
        theirs = clincalc("anion_gap", {**given, "albumin_g_l": 10 * albumin})["result"]
        assert ours == pytest.approx(theirs, abs=0.051)


def test_winters_formula_agrees_with_open_medicine(open_medicine):
    for given in drawn(winters_expected_pco2):
        theirs = open_medicine("winters_formula", bicarbonate=given["bicarbonate_mmol_l"])
        assert winters_expected_pco2(**given) == pytest.approx(theirs, abs=0.051)
