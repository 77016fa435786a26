"""Analytes convert between mass, amount and charge, and know what cannot be."""

import pytest

from ehr_integration.chart.units.analytes import ANALYTES, BY_CODE


@pytest.mark.parametrize(
    ("code", "value", "source", "target", "expected"),
    [
        ("2160-0", 1.0, "mg/dL", "umol/L", 88.4),
        ("2345-7", 100, "mg/dL", "mmol/L", 5.55),
        ("2093-3", 200, "mg/dL", "mmol/L", 5.17),
        ("2571-8", 150, "mg/dL", "mmol/L", 1.69),
        ("1975-2", 1.0, "mg/dL", "umol/L", 17.1),
        ("3094-0", 10, "mg/dL", "mmol/L", 3.57),
        ("3091-6", 60, "mg/dL", "mmol/L", 9.99),
        ("17861-6", 10, "mg/dL", "mmol/L", 2.495),
        ("17861-6", 5, "meq/L", "mg/dL", 10.02),
        ("19123-9", 2.0, "mg/dL", "mmol/L", 0.823),
        ("2777-1", 3.1, "mg/dL", "mmol/L", 1.0),
        ("2951-2", 140, "meq/L", "mmol/L", 140),
        ("718-7", 14, "g/dL", "mmol/L", 8.69),
        ("3084-1", 6, "mg/dL", "umol/L", 357),
        ("4548-4", 7.0, "%", "mmol/mol", 53.0),
        ("4548-4", 48, "mmol/mol", "%", 6.54),
        ("1742-6", 40, "[IU]/L", "U/L", 40),
        ("3016-3", 2.0, "uU/mL", "m[IU]/L", 2.0),
        ("10535-3", 1.0, "nmol/L", "ng/mL", 0.781),
        ("14334-7", 1.0, "meq/L", "mmol/L", 1.0),
    ],
)
def test_a_value_is_converted_with_what_is_known_of_the_analyte(code, value, source, target, expected):
    assert BY_CODE[code].in_unit(value, source, target) == pytest.approx(expected, rel=3e-3)


def test_a_charge_of_what_has_no_valence_is_not_converted():
    assert BY_CODE["2160-0"].in_unit(1, "meq/L", "mg/dL") is None


def test_a_share_of_haemoglobin_is_never_rescaled_as_a_plain_ratio():
    assert BY_CODE["4548-4"].in_unit(53, "mmol/mol", "1") is None


@pytest.mark.parametrize(
    ("code", "value", "unit", "is_possible"),
    [
        ("2823-3", 4.5, "mmol/L", True),
        ("2823-3", 9.8, "mmol/L", True),
        ("2823-3", 45, "mmol/L", False),
        ("2823-3", 0, "mmol/L", False),
        ("2160-0", 106, "umol/L", True),
        ("2160-0", 1060, "mg/dL", False),
        ("8310-5", 98.6, "[degF]", True),
        ("8310-5", 98.6, "Cel", False),
        ("718-7", 140, "g/dL", False),
        ("718-7", 140, "g/L", True),
        ("59408-5", 101, "%", False),
        ("8302-2", 1.8, "cm", False),
        ("29463-7", 212, "g", True),
        ("9269-2", 2, "{score}", False),
        ("39156-5", 900, "kg/m2", True),
    ],
)
def test_what_no_living_patient_can_have_is_not_possible(code, value, unit, is_possible):
    assert BY_CODE[code].is_possible(value, unit) is is_possible


def test_every_number_of_an_analyte_has_a_source():
    assert all(analyte.source for analyte in ANALYTES if analyte.molar_mass or analyte.limits)


def test_every_code_names_one_analyte_in_its_own_unit():
    codes = [code for analyte in ANALYTES for code in analyte.codes.split()]
    assert len(codes) == len(set(codes)) == len(BY_CODE)
    assert all(analyte.in_unit(5.0, analyte.unit, analyte.unit) == 5.0 for analyte in ANALYTES)
