"""What every calculator must have, whoever wrote it."""

import re
from datetime import date
from typing import get_args

import pytest

from clinical.calculators.charts.conditions import TABLE
from clinical.calculators.inputs import PatientSex
from clinical.calculators.registry import calculators
from ehr_integration.chart.units.ucum import parse

ALL = sorted(calculators().values(), key=lambda each: each.name)
DOI = re.compile(r"10\.\d{4,9}/\S+")
# Questionnaires and rules of thumb whose first publication has neither DOI nor PMID say where they can be read.
each_one = pytest.mark.parametrize("calculator", ALL, ids=lambda each: each.name)


@each_one
def test_a_primary_source_can_be_looked_up(calculator):
    assert calculator.sources
    for source in calculator.sources:
        assert source.text
        assert source.doi or source.pmid or source.url or source is not calculator.sources[0]
        assert not source.doi or DOI.fullmatch(source.doi)
        assert not source.pmid or source.pmid.isdigit()


@each_one
def test_numbers_have_a_range_and_a_unit_that_ucum_knows(calculator):
    for each in calculator.inputs.values():
        if each.kind in (int, float):
            assert each.asked.low is not None, each.name
            assert each.asked.high is not None, each.name
            assert each.asked.low < each.asked.high
        unit = each.asked.unit
        assert not unit or unit.startswith(("{", "[")) or parse(unit), (each.name, unit)


@each_one
def test_bands_rise_and_say_something(calculator):
    starts = [band.at_least for band in calculator.bands]
    assert starts == sorted(set(starts))
    assert all(band.meaning for band in calculator.bands)


@each_one
def test_conditions_are_those_of_the_table(calculator):
    named = {each.asked.condition for each in calculator.inputs.values()} - {""}
    table = TABLE.read_text("utf-8")
    for name in named | calculator.bears_on | calculator.not_with:
        assert f"[{name}]" in table


@each_one
def test_the_formula_says_what_it_returns(calculator):
    assert (calculator.formula.__doc__ or "").startswith("Return ")


@each_one
def test_every_input_says_how_it_is_asked_for(calculator):
    for each in calculator.inputs.values():
        assert each.asked.label
        assert each.kind in (bool, int, float, date) or each.choices


def test_the_sex_is_asked_for_in_one_way():
    for calculator in ALL:
        for name, each in calculator.inputs.items():
            if name == "sex":
                assert each.asked is get_args(PatientSex)[1]
