"""The Charlson index, worked by hand from its publications."""

from typing import Any

import pytest

from clinical.calculators.charts.filling import filling_of
from clinical.calculators.formulas.acute.comorbidity import charlson
from tests.clinical.safety.charts import ON, chart

WELL: dict[str, Any] = {**dict.fromkeys(charlson.inputs, False), "age_years": 49}
WEIGHTS = {
    "had_myocardial_infarction": 1,
    "has_heart_failure": 1,
    "has_peripheral_vascular_disease": 1,
    "has_cerebrovascular_disease": 1,
    "has_dementia": 1,
    "has_chronic_pulmonary_disease": 1,
    "has_connective_tissue_disease": 1,
    "has_peptic_ulcer_disease": 1,
    "has_mild_liver_disease": 1,
    "has_diabetes": 1,
    "has_diabetes_with_organ_damage": 2,
    "has_hemiplegia": 2,
    "has_kidney_disease": 2,
    "has_solid_tumor": 2,
    "has_leukemia": 2,
    "has_lymphoma": 2,
    "has_severe_liver_disease": 3,
    "has_metastatic_tumor": 6,
    "has_aids": 6,
}


def test_every_disease_has_its_weight():
    assert {name: charlson(**{**WELL, name: True}) for name in WEIGHTS} == WEIGHTS
    assert set(WEIGHTS) | {"age_years"} == set(charlson.inputs)


@pytest.mark.parametrize(
    ("age", "points"), [(49, 0), (50, 1), (59, 1), (60, 2), (69, 2), (70, 3), (79, 3), (80, 4), (95, 4)]
)
def test_age_counts_from_fifty(age, points):
    assert charlson(**{**WELL, "age_years": age}) == points


@pytest.mark.parametrize(
    ("mild", "worse"),
    [
        ("has_mild_liver_disease", "has_severe_liver_disease"),
        ("has_diabetes", "has_diabetes_with_organ_damage"),
        ("has_solid_tumor", "has_metastatic_tumor"),
    ],
)
def test_of_two_forms_only_the_worse_counts(mild, worse):
    assert charlson(**{**WELL, mild: True, worse: True}) == WEIGHTS[worse]


def test_it_is_37_at_most():
    worst: dict[str, Any] = {**dict.fromkeys(charlson.inputs, True), "age_years": 90}
    assert charlson(**worst) == charlson.out_of == 37


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Old myocardial infarction", "had_myocardial_infarction"),
        ("Intermittent claudication", "has_peripheral_vascular_disease"),
        ("Transient ischaemic attack", "has_cerebrovascular_disease"),
        ("Dementia in Alzheimer's disease", "has_dementia"),
        ("Chronic obstructive pulmonary disease", "has_chronic_pulmonary_disease"),
        ("Rheumatoid arthritis", "has_connective_tissue_disease"),
        ("Gastric ulcer with bleeding", "has_peptic_ulcer_disease"),
        ("Chronic hepatitis C", "has_mild_liver_disease"),
        ("Diabetic nephropathy", "has_diabetes_with_organ_damage"),
        ("Hemiplegia of the left side", "has_hemiplegia"),
        ("Chronic kidney disease stage 4", "has_kidney_disease"),
        ("Adenocarcinoma of colon", "has_solid_tumor"),
        ("Acute myeloid leukaemia", "has_leukemia"),
        ("Non-Hodgkin lymphoma", "has_lymphoma"),
        ("Oesophageal varices", "has_severe_liver_disease"),
        ("Metastatic carcinoma of liver", "has_metastatic_tumor"),
        ("Acquired immunodeficiency syndrome", "has_aids"),
    ],
)
def test_a_problem_list_tells_each_disease(words, name):
    assert filling_of(charlson, chart(has=[words]), on=ON).values[name] is True


@pytest.mark.parametrize(
    "words", ["Family history of dementia", "Basal cell carcinoma of skin", "Chronic kidney disease stage 2"]
)
def test_what_does_not_count_is_not_told(words):
    values = filling_of(charlson, chart(has=[words]), on=ON).values
    assert not any(values[name] for name in WEIGHTS)
