"""Analytes convert between mass, amount and charge, and know what cannot be.

What is expected comes from elsewhere than the table: molar masses from formulas and the atomic weights of IUPAC,
factors as the AMA Manual of Style (11th edition, table 17.5-1) and clinical laboratories print them, limits from the
ranges of MIMIC-Extract as published.
"""

import re

import pytest

from ehr_integration.chart.units.analytes import ANALYTES, BY_CODE

# IUPAC standard atomic weights, abridged (2021).
WEIGHTS = {
    "H": 1.008,
    "C": 12.011,
    "N": 14.007,
    "O": 15.999,
    "P": 30.974,
    "Co": 58.933,
    "I": 126.90,
    "Ca": 40.078,
    "Mg": 24.305,
    "Na": 22.990,
    "K": 39.098,
    "Cl": 35.45,
    "Fe": 55.845,
    "Li": 6.94,
}
FORMULAS = {
    "Creatinine": "C4H7N3O",
    "Glucose": "C6H12O6",
    "Cholesterol": "C27H46O",
    "Triglycerides": "C57H104O6",
    "Bilirubin": "C33H36N4O6",
    "Urea nitrogen": "N2",
    "Urea": "CH4N2O",
    "Calcium": "Ca",
    "Calcium, ionised": "Ca",
    "Magnesium": "Mg",
    "Phosphate": "P",
    "Sodium": "Na",
    "Potassium": "K",
    "Chloride": "Cl",
    "Bicarbonate": "CHO3",
    "Urate": "C5H4N4O3",
    "Iron": "Fe",
    "Vitamin D, 25-hydroxy": "C27H44O2",
    "Vitamin B12": "C63H88CoN14O14P",
    "Folate": "C19H19N7O6",
    "Thyroxine, free": "C15H11I4NO4",
    "Cortisol": "C21H30O5",
    "Testosterone": "C19H28O2",
    "Lactate": "C3H6O3",
    "Digoxin": "C41H64O14",
    "Lithium": "Li",
    "Phenytoin": "C15H12N2O2",
    "Paracetamol": "C8H9NO2",
}
# The highest valid value, and where outliers begin, of each variable of MIMIC-Extract that we take over.
MIMIC_VALID = {
    "Creatinine": 60,
    "Glucose": 2000,
    "Bilirubin": 60,
    "Urea nitrogen": 250,
    "Magnesium": 20,
    "Phosphate": 20,
    "Sodium": 225,
    "Potassium": 12,
    "Chloride": 175,
    "Bicarbonate": 60,
    "Albumin": 6,
    "Haemoglobin": 25,
    "Leukocytes": 1000,
    "Platelets": 2000,
    "Lactate": 30,
    "Heart rate": 350,
}
MIMIC_OUTLIER = {
    "Diastolic blood pressure": 375,
    "Mean blood pressure": 375,
    "Respiratory rate": 330,
    "Body temperature": 47,
}


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
        ("2498-4", 100, "ug/dL", "umol/L", 17.9),
        ("1989-3", 30, "ng/mL", "nmol/L", 74.88),
        ("2132-9", 400, "pg/mL", "pmol/L", 295.1),
        ("2284-8", 10, "ng/mL", "nmol/L", 22.66),
        ("3024-7", 1.0, "ng/dL", "pmol/L", 12.87),
        ("2143-6", 10, "ug/dL", "nmol/L", 275.9),
        ("2986-8", 500, "ng/dL", "nmol/L", 17.35),
        ("2518-9", 2.0, "mmol/L", "mg/dL", 18.0),
        ("3968-5", 10, "ug/mL", "umol/L", 39.64),
        ("3298-7", 150, "ug/mL", "umol/L", 993),
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


@pytest.mark.parametrize(
    "analyte", [each for each in ANALYTES if each.molar_mass], ids=lambda each: each.name
)
def test_a_molar_mass_is_that_of_the_formula(analyte):
    if analyte.name == "Haemoglobin":
        assert analyte.molar_mass == 16114.5, "of the monomer, as the ICSH gives it"
        return
    parts = re.findall("([A-Z][a-z]?)([0-9]*)", FORMULAS[analyte.name.removesuffix(", urine")])
    mass = sum(WEIGHTS[element] * int(count or 1) for element, count in parts)
    assert analyte.molar_mass == pytest.approx(mass, rel=2e-4)


def test_limits_are_those_of_their_source():
    limits = {each.name: each.limits[1] for each in ANALYTES if each.limits}
    for name, valid in MIMIC_VALID.items():
        assert limits[name] == 2 * valid, name
    for name, outlier in MIMIC_OUTLIER.items():
        assert limits[name] == outlier, name
    assert {each.name for each in ANALYTES if "MIMIC x2" in each.source} == set(MIMIC_VALID)


def test_every_number_of_an_analyte_has_a_source():
    assert all(analyte.source for analyte in ANALYTES if analyte.molar_mass or analyte.limits)


def test_every_code_names_one_analyte_in_its_own_unit():
    codes = [code for analyte in ANALYTES for code in analyte.codes.split()]
    assert len(codes) == len(set(codes)) == len(BY_CODE)
    assert all(analyte.in_unit(5.0, analyte.unit, analyte.unit) == 5.0 for analyte in ANALYTES)
