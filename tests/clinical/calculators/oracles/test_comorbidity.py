"""The Charlson index against others' code; docs/calculators/comorbidity.md says where they differ."""

from clinical.calculators.formulas.acute.comorbidity import charlson
from tests.clinical.calculators.drawing import drawn

THEIRS = {
    "had_myocardial_infarction": ("myocardial_infarction", "myocardial_infarction"),
    "has_heart_failure": ("congestive_heart_failure", "congestive_heart_failure"),
    "has_peripheral_vascular_disease": ("peripheral_vascular_disease", "peripheral_vascular_disease"),
    "has_cerebrovascular_disease": ("cerebrovascular_disease", "cerebrovascular_disease"),
    "has_dementia": ("dementia", "dementia"),
    "has_chronic_pulmonary_disease": ("chronic_pulmonary_disease", "copd"),
    "has_connective_tissue_disease": ("connective_tissue_disease", "connective_tissue_disease"),
    "has_peptic_ulcer_disease": ("peptic_ulcer_disease", "peptic_ulcer_disease"),
    "has_mild_liver_disease": ("mild_liver_disease", "mild_liver_disease"),
    "has_diabetes": ("uncomplicated_diabetes", "diabetes_uncomplicated"),
    "has_diabetes_with_organ_damage": ("diabetes_with_end_organ_damage", "diabetes_complicated"),
    "has_hemiplegia": ("hemiplegia", "hemiplegia_paraplegia"),
    "has_kidney_disease": ("moderate_severe_renal_disease", "renal_disease_moderate_severe"),
    "has_solid_tumor": ("solid_tumor", "solid_tumour_non_metastatic"),
    "has_leukemia": ("leukemia", "leukaemia"),
    "has_lymphoma": ("lymphoma", "lymphoma"),
    "has_severe_liver_disease": ("moderate_severe_liver_disease", "liver_disease_moderate_severe"),
    "has_metastatic_tumor": ("metastatic_solid_tumor", "metastatic_solid_tumour"),
    "has_aids": ("aids", "aids"),
}
WORSE = {
    "has_mild_liver_disease": "has_severe_liver_disease",
    "has_diabetes": "has_diabetes_with_organ_damage",
    "has_solid_tumor": "has_metastatic_tumor",
}


def test_it_agrees_where_one_form_of_a_disease_is_told(open_medicine):
    for given in drawn(charlson):
        given = {**given, **{mild: given[mild] and not given[worse] for mild, worse in WORSE.items()}}
        asked = {theirs: given[ours] for ours, (theirs, _) in THEIRS.items()}
        assert charlson(**given) == open_medicine("charlson", age=given["age_years"], **asked)


def test_it_agrees_with_a_second_before_age_counts(clincalc):
    for given in drawn(charlson, within={"age_years": (18, 49)}):
        asked = {theirs: given[ours] for ours, (_, theirs) in THEIRS.items()}
        asked |= {"age": given["age_years"], "include_age_adjustment": False}
        assert charlson(**given) == clincalc("charlson", asked)["result"]
