"""Inputs as they come in JSON."""

import pytest

from clinical.calculators.errors import CalculatorNotFound, InputMissing, InputOutOfRange, InputUnusable
from clinical.calculators.reading import read_inputs
from clinical.calculators.registry import calculator_named, calculators
from clinical.calculators.services import calculate

EGFR = calculators()["egfr-ckd-epi-2021"]
GIVEN = {"creatinine_mg_dl": 1.0, "age_years": 50, "sex": "female"}


@pytest.mark.parametrize(
    ("given", "mg_dl"),
    [
        ({"value": 88.4, "unit": "umol/L"}, 1.0),
        ({"value": 88.4, "unit": "µmol/l"}, 1.0),
        ({"value": 10, "unit": "mg/L"}, 1.0),
        ({"value": 1, "unit": "mg/dl"}, 1.0),
    ],
)
def test_a_number_with_its_unit_is_converted(given, mg_dl):
    values = read_inputs(EGFR, {**GIVEN, "creatinine_mg_dl": given})
    assert values["creatinine_mg_dl"] == pytest.approx(mg_dl, rel=1e-3)


@pytest.mark.parametrize(
    "changes",
    [
        {"creatinine_mg_dl": "1.0"},
        {"creatinine_mg_dl": True},
        {"creatinine_mg_dl": {"value": 1.0, "unit": "mmHg"}},
        {"creatinine_mg_dl": {"value": "1", "unit": "mg/dL"}},
        {"creatinine_mg_dl": {"unit": "mg/dL"}},
        {"age_years": 50.5},
        {"sex": "F"},
        {"sex": 1},
        {"weight_kg": 70},
    ],
)
def test_what_cannot_be_used_is_refused_and_not_said_again(changes):
    with pytest.raises(InputUnusable) as refused:
        read_inputs(EGFR, {**GIVEN, **changes})
    assert "weight_kg" not in str(refused.value)


def test_what_is_missing_is_asked_for_by_name_and_in_words():
    with pytest.raises(InputMissing) as refused:
        calculate(EGFR, {"age_years": 50, "creatinine_mg_dl": None})
    assert refused.value.names == ("creatinine_mg_dl", "sex")
    assert "serum creatinine, mg/dL" in str(refused.value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1, 31])
def test_a_number_beyond_the_range_is_refused(value):
    with pytest.raises(InputOutOfRange):
        calculate(EGFR, {**GIVEN, "creatinine_mg_dl": value})


def test_a_name_that_is_nearly_right_is_told():
    with pytest.raises(CalculatorNotFound, match="cha2ds2-vasc"):
        calculator_named("chads2vasc")
    assert calculator_named("CHA2DS2_VASc").name == "cha2ds2-vasc"
