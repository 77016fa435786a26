"""Gaps, ratios and the expected pressure against numbers worked by hand."""

import pytest

from clinical.calculators.errors import InputMissing, InputOutOfRange, NotApplicable
from clinical.calculators.formulas.chemistry.acid_base import (
    albumin_corrected_anion_gap,
    albumin_corrected_delta_gap,
    albumin_corrected_delta_ratio,
    anion_gap,
    delta_gap,
    delta_ratio,
    winters_expected_pco2,
)
from clinical.calculators.services import calculate

KETOACIDOSIS = {"sodium_mmol_l": 140, "chloride_mmol_l": 100, "bicarbonate_mmol_l": 12}


@pytest.mark.parametrize(
    ("calculator", "given", "expected"),
    [
        (anion_gap, KETOACIDOSIS, 28),
        (anion_gap, {**KETOACIDOSIS, "chloride_mmol_l": 116}, 12),
        (delta_gap, KETOACIDOSIS, 4),
        (delta_gap, {**KETOACIDOSIS, "chloride_mmol_l": 112}, -8),
        (delta_ratio, KETOACIDOSIS, 16 / 12),
        (delta_ratio, {**KETOACIDOSIS, "chloride_mmol_l": 110}, 0.5),
        (albumin_corrected_anion_gap, {**KETOACIDOSIS, "albumin_g_dl": 2.0}, 33),
        (albumin_corrected_anion_gap, {**KETOACIDOSIS, "albumin_g_dl": 4.0}, 28),
        (albumin_corrected_delta_gap, {**KETOACIDOSIS, "albumin_g_dl": 2.0}, 9),
        (albumin_corrected_delta_gap, {**KETOACIDOSIS, "albumin_g_dl": 5.0}, 1.5),
        (albumin_corrected_delta_ratio, {**KETOACIDOSIS, "albumin_g_dl": 2.0}, 21 / 12),
        (albumin_corrected_delta_ratio, {**KETOACIDOSIS, "albumin_g_dl": 5.0}, 13.5 / 12),
    ],
)
def test_gaps_and_ratios_by_hand(calculator, given, expected):
    assert calculator(**given) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("gap", "meaning"),
    [
        (-6.1, "normal-gap acidosis"),
        (-6, "no second"),
        (0, "no second"),
        (6, "no second"),
        (6.1, "metabolic alkalosis"),
    ],
)
def test_a_delta_gap_of_more_than_six_is_a_second_disorder(gap, meaning):
    assert meaning in delta_gap.meaning(gap)


@pytest.mark.parametrize(
    ("calculator", "others"), [(delta_ratio, {}), (albumin_corrected_delta_ratio, {"albumin_g_dl": 4.0})]
)
def test_without_a_fall_of_bicarbonate_there_is_no_ratio(calculator, others):
    with pytest.raises(NotApplicable, match="no fall"):
        calculator(**{**KETOACIDOSIS, "bicarbonate_mmol_l": 24}, **others)


def test_an_albumin_that_was_not_measured_is_not_guessed():
    with pytest.raises(InputMissing, match="albumin"):
        calculate(albumin_corrected_anion_gap, KETOACIDOSIS)


@pytest.mark.parametrize(("bicarbonate", "expected"), [(8, 20), (12, 26), (24, 44)])
def test_winters_formula_by_hand(bicarbonate, expected):
    assert winters_expected_pco2(bicarbonate_mmol_l=bicarbonate) == pytest.approx(expected)


def test_the_expected_pressure_is_told_as_a_range():
    text = calculate(winters_expected_pco2, {"bicarbonate_mmol_l": 12}).text
    assert text == "Expected PaCO₂ in metabolic acidosis (Winters) 26 mmHg (24 to 28)"


def test_winters_formula_is_for_a_metabolic_acidosis():
    with pytest.raises(InputOutOfRange, match="bicarbonate_mmol_l"):
        winters_expected_pco2(bicarbonate_mmol_l=24.1)
