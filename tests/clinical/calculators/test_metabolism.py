"""Lipids and glucose against numbers worked by hand from the publications."""

import pytest

from clinical.calculators.errors import InputOutOfRange, NotApplicable
from clinical.calculators.formulas.chemistry.metabolism import (
    estimated_average_glucose,
    homa_ir,
    ldl_friedewald,
    ldl_sampson_nih,
    non_hdl_cholesterol,
    quicki,
)
from clinical.calculators.services import calculate


def lipids(total, hdl, triglycerides):
    return {
        "total_cholesterol_mg_dl": total,
        "hdl_cholesterol_mg_dl": hdl,
        "triglycerides_mg_dl": triglycerides,
    }


@pytest.mark.parametrize(
    ("given", "expected"),
    [(lipids(200, 50, 150), 120), (lipids(250, 40, 400), 130), (lipids(182, 39, 196), 103.8)],
)
def test_friedewald_by_hand(given, expected):
    assert ldl_friedewald(**given) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("given", "expected"),
    # 210.97 - 51.49 - (17.52 + 10.51 - 1.40) - 9.44, and 263.71 - 41.19 - (70.09 + 58.88 - 22.36) - 9.44.
    [(lipids(200, 50, 150), 123.4), (lipids(250, 40, 600), 106.5)],
)
def test_sampson_by_hand(given, expected):
    assert ldl_sampson_nih(**given) == pytest.approx(expected, abs=0.06)


@pytest.mark.parametrize(("calculator", "highest"), [(ldl_friedewald, 400), (ldl_sampson_nih, 800)])
def test_with_more_triglycerides_ldl_is_to_be_measured(calculator, highest):
    assert calculator(**lipids(400, 40, highest)) > 0
    with pytest.raises(InputOutOfRange, match="triglycerides_mg_dl"):
        calculator(**lipids(400, 40, highest + 1))


def test_an_ldl_of_next_to_nothing_is_given():
    assert ldl_friedewald(**lipids(100, 40, 299)) == pytest.approx(0.2)


@pytest.mark.parametrize("calculator", [ldl_friedewald, ldl_sampson_nih])
def test_no_ldl_below_zero_is_given(calculator):
    with pytest.raises(NotApplicable, match="measured"):
        calculator(**lipids(80, 40, 390))


def test_hdl_is_part_of_the_total():
    assert non_hdl_cholesterol(total_cholesterol_mg_dl=200, hdl_cholesterol_mg_dl=50) == pytest.approx(150)
    assert non_hdl_cholesterol(total_cholesterol_mg_dl=90, hdl_cholesterol_mg_dl=90) == pytest.approx(0)
    with pytest.raises(NotApplicable, match="HDL"):
        non_hdl_cholesterol(total_cholesterol_mg_dl=50, hdl_cholesterol_mg_dl=51)


@pytest.mark.parametrize(("glucose", "insulin", "expected"), [(81, 5, 1.0), (90, 9, 2.0), (165, 4.8, 1.956)])
def test_homa_ir_by_hand(glucose, insulin, expected):
    assert homa_ir(glucose_mg_dl=glucose, insulin_microunits_ml=insulin) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(
    ("glucose", "insulin", "expected"), [(100, 10, 1 / 3), (100, 1, 0.5), (80, 5, 0.3843)]
)
def test_quicki_by_hand(glucose, insulin, expected):
    assert quicki(glucose_mg_dl=glucose, insulin_microunits_ml=insulin) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    ("a1c", "expected", "text"),
    # Source: Nathan 2008, table 2.
    [
        (5, 97, "97 mg/dL (5.4 mmol/L)"),
        (6, 126, "126 mg/dL (7.0 mmol/L)"),
        (7, 154, "154 mg/dL (8.6 mmol/L)"),
        (9, 212, "212 mg/dL (11.7 mmol/L)"),
        (12, 298, "298 mg/dL (16.5 mmol/L)"),
    ],
)
def test_average_glucose_as_its_table_has_it_in_both_units(a1c, expected, text):
    result = calculate(estimated_average_glucose, {"hemoglobin_a1c_percent": a1c})
    assert result.value == pytest.approx(expected, abs=0.5)
    assert result.text.endswith(text)


def test_average_glucose_takes_an_a1c_in_ifcc_units():
    given = {"hemoglobin_a1c_percent": {"value": 53, "unit": "mmol/mol"}}
    assert calculate(estimated_average_glucose, given).value == pytest.approx(154.2, abs=0.1)
