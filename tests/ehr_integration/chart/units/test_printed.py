"""Printed units become UCUM where there is one meaning, and stay unknown where there is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehr_integration.chart.units import printed as printed_units
from ehr_integration.chart.units import ucum
from ehr_integration.chart.units.printed import PARTS, WHOLE, candidates
from ehr_integration.chart.units.ucum import parse


@pytest.mark.parametrize(
    ("printed", "unit"),
    [
        ("mg/dl", "mg/dl"),
        ("MG/DL", "mg/dL"),
        ("mmol/l", "mmol/l"),
        ("MMOL/L", "mmol/L"),
        ("10^9/L", "10^9/L"),
        ("x10E3/uL", "10*3/uL"),
        ("X10(3)/MCL", "10*3/uL"),
        ("K/uL", "10*3/uL"),
        ("M/uL", "10*6/uL"),
        ("thou/mm3", "10*3/uL"),
        ("bpm", "/min"),
        ("degF", "[degF]"),
        ("°C", "Cel"),
        ("mEq/L", "meq/L"),
        ("mcg/mL", "ug/mL"),
        ("µmol/L", "umol/L"),
        ("μmol/L", "umol/L"),
        ("mL/min/1.73 m2", "mL/min/{1.73_m2}"),
        ("mL/min per 1.73m²", "mL/min/{1.73_m2}"),
        ("uIU/mL", "u[IU]/mL"),
        ("mmHg", "mm[Hg]"),
        ("lbs", "[lb_av]"),
        ("ft", "[ft_i]"),
        ("/HPF", "/[HPF]"),
        ("ML/MIN", "mL/min"),
        ("(score)", "{score}"),
    ],
)
def test_printed_units_have_one_meaning(printed, unit):
    assert candidates(printed) == (unit,)


@pytest.mark.parametrize("printed", ["foo", "/100 WBC", "", "per", "/", "mg/foo", "MU/L", "see note"])
def test_what_is_not_listed_is_unknown(printed):
    assert candidates(printed) == ()


def test_capitals_that_hide_gram_or_giga_mean_either():
    assert candidates("G/L") == ("g/L", "10*9/L")


@pytest.mark.parametrize("unit", [*PARTS, *WHOLE])
def test_everything_listed_is_ucum(unit):
    assert parse(unit) is not None


@given(st.text(max_size=20))
def test_any_text_gives_only_units_that_are_understood(text):
    assert all(parse(unit) is not None for unit in candidates(text))


def test_what_is_no_unit_is_not_kept() -> None:
    candidates("mg/dL")
    before = printed_units._candidates.cache_info().currsize, ucum._parsed.cache_info().currsize
    assert candidates("Zebedee Quarrington") == ()
    assert (printed_units._candidates.cache_info().currsize, ucum._parsed.cache_info().currsize) == before
