"""UCUM units are understood or unknown, and convert only within one dimension."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehr_integration.chart.units.ucum import converted, parse


@pytest.mark.parametrize(
    "unit",
    [
        "mg/dL",
        "10*3/uL",
        "10^9/L",
        "{cells}/uL",
        "mL/min/{1.73_m2}",
        "{score}",
        "/min",
        "m[IU]/L",
        "mm[Hg]",
        "kg/m2",
        "mg/(24.h)",
        "1",
        "%",
        "mg/g{creat}",
        "/[HPF]",
        "ug/kg/min",
        "Cel",
    ],
)
def test_units_of_results_are_understood(unit):
    assert parse(unit) is not None


@pytest.mark.parametrize(
    "unit",
    [
        "",
        "MG/DL",
        "mg//L",
        "mg/",
        ".mg",
        "()",
        "(mg",
        "mg)",
        "da",
        "ft",
        "foo",
        "K/uL",
        "mg dL",
        "{a",
        "ML",
        "µg",
        "m" * 61,
        "10*99.10*99.10*99.10*99",
        "0",
    ],
)
def test_what_is_no_unit_that_we_know_is_unknown(unit):
    assert parse(unit) is None


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        (98.6, "[degF]", "Cel", 37.0),
        (37, "Cel", "[degF]", 98.6),
        (0, "K", "Cel", -273.15),
        (180, "[lb_av]", "kg", 81.6466266),
        (3500, "g", "kg", 3.5),
        (70, "[in_i]", "cm", 177.8),
        (16, "kPa", "mm[Hg]", 120.010200867),
        (7.5, "10*9/L", "10*3/uL", 7.5),
        (7500, "{cells}/uL", "10*3/uL", 7.5),
        (0.42, "1", "%", 42.0),
        (60, "U/L", "ukat/L", 1.0),
        (2.5, "u[IU]/mL", "m[IU]/L", 2.5),
        (1440, "mL/d", "mL/min", 1.0),
    ],
)
def test_values_are_converted(value, source, target, expected):
    assert converted(value, source, target) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("mg/dL", "mmol/L"),
        ("mg/dL", "mg"),
        ("[IU]/L", "U/L"),
        ("mL/min", "mL/min/{1.73_m2}"),
        ("10*3/uL", "mmol/L"),
        ("foo", "mg"),
        ("kg", "foo"),
        ("Cel", "kg"),
    ],
)
def test_what_is_not_comparable_is_not_converted(source, target):
    assert converted(1, source, target) is None


@given(st.text(max_size=70))
def test_any_text_is_a_unit_or_unknown(text):
    found = parse(text)
    assert found is None or math.isfinite(found.factor)


@given(st.text(alphabet="mgLdul10*^/.()[]{}23% ", max_size=20))
def test_text_that_looks_like_a_unit_is_survived(text):
    found = parse(text)
    assert found is None or math.isfinite(found.factor)


@given(st.floats(-1e6, 1e6), st.sampled_from([("mg/dL", "g/L"), ("[degF]", "Cel"), ("[lb_av]", "kg")]))
def test_a_conversion_there_and_back_changes_nothing(value, units):
    there = converted(value, *units)
    assert there is not None
    assert converted(there, *reversed(units)) == pytest.approx(value, rel=1e-9, abs=1e-6)
