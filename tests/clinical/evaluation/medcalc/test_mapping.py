"""The table of names: what it names must exist, whatever rows come."""

import pytest

from clinical.calculators.registry import calculator_named, calculators
from clinical.evaluation.medcalc.mapping import Mapped, derived, key, mapped, names, units
from ehr_integration.chart.units.printed import candidates

NAMES = """
Adjusted Body Weight|Albumin Corrected Anion Gap|Albumin Corrected Delta Gap|Albumin Corrected Delta Ratio|Anion Gap
APACHE II Score|Body Mass Index (BMI)|Body Surface Area Calculator|Calcium Correction for Hypoalbuminemia
CHA2DS2-VASc Score for Atrial Fibrillation Stroke Risk|CKD-EPI Equations for Glomerular Filtration Rate
Caprini Score for Venous Thromboembolism (2005)|Centor Score (Modified/McIsaac) for Strep Pharyngitis
Charlson Comorbidity Index (CCI)|Child-Pugh Score for Cirrhosis Mortality|CURB-65 Score for Pneumonia Severity
Creatinine Clearance (Cockcroft-Gault Equation)|Delta Gap|Delta Ratio|Estimated Due Date|Estimated Gestational Age
Estimated of Conception|FeverPAIN Score for Strep Pharyngitis|Fibrosis-4 (FIB-4) Index for Liver Fibrosis
Fractional Excretion of Sodium (FENa)|Framingham Risk Score for Hard Coronary Heart Disease|Free Water Deficit
Glasgow Coma Score (GCS)|Glasgow-Blatchford Bleeding Score (GBS)|HAS-BLED Score for Major Bleeding Risk
HEART Score for Major Cardiac Events|HOMA-IR (Homeostatic Model Assessment for Insulin Resistance)|Ideal Body Weight
LDL Calculated|MDRD GFR Equation|MELD Na (UNOS/OPTN)|Maintenance Fluids Calculations|Mean Arterial Pressure (MAP)
Morphine Milligram Equivalents (MME) Calculator|PERC Rule for Pulmonary Embolism
PSI Score: Pneumonia Severity Index for CAP|QTc Bazett Calculator|QTc Framingham Calculator
QTc Fridericia Calculator|QTc Hodges Calculator|QTc Rautaharju Calculator
Revised Cardiac Risk Index for Pre-Operative Risk|SIRS Criteria|Sequential Organ Failure Assessment (SOFA) Score
Serum Osmolality|Sodium Correction for Hyperglycemia|Steroid Conversion Calculator|Target weight
Wells' Criteria for DVT|Wells' Criteria for Pulmonary Embolism
"""
CALCULATORS = [name for line in NAMES.split("\n") for name in line.split("|") if name]


def known(name: str) -> Mapped:
    found = mapped(name)
    assert found is not None, name
    return found


def test_all_fifty_five_have_a_calculator_of_ours() -> None:
    assert len(CALCULATORS) == 55
    assert {known(name).name for name in CALCULATORS} <= set(calculators())


@pytest.mark.parametrize("name", CALCULATORS)
def test_every_required_input_can_be_told(name: str) -> None:
    found = known(name)
    calculator = calculator_named(found.name)
    told = {each.input for each in found.entities.values()} | {each.named for each in found.entities.values()}
    told |= {each for entity in found.entities.values() for sets in entity.sets.values() for each in sets}
    told |= set(derived()) | set(found.defaults)
    required = {each.name for each in calculator.inputs.values() if each.is_required}
    assert required <= told


@pytest.mark.parametrize("name", CALCULATORS)
def test_choices_and_defaults_are_words_of_ours(name: str) -> None:
    found = known(name)
    inputs = calculator_named(found.name).inputs
    words = [(each.input, word) for each in found.entities.values() for word in each.choices.values()]
    words += [(each, word) for each, word in found.defaults.items() if isinstance(word, str)]
    for each, word in words:
        assert word in {choice.lower() for choice in inputs[each].choices}
    for entity in found.entities.values():
        assert {each for sets in entity.sets.values() for each in sets} <= set(inputs)
    assert set(found.mentioned) <= set(inputs)


def test_names_are_read_without_capitals_and_typographical_signs() -> None:
    assert mapped("wells’ criteria for  DVT") is mapped("Wells' Criteria for DVT")
    assert key("FiO₂") == key("fio2")
    assert mapped("Phase of the Moon") is None


def test_every_unit_of_the_table_is_known() -> None:
    assert all(candidates(unit) for unit in units().values())


def test_names_in_notes_are_patterns() -> None:
    assert names()["sodium_mmol_l"].search("Na 139")
    assert not names()["sodium_mmol_l"].search("nausea")
