"""How much a patient's other diseases weigh."""

from typing import Annotated

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Asked, Source
from clinical.calculators.inputs import AdultAgeYears, HasHeartFailure
from clinical.calculators.steps import points_from

AGE = ((50, 1), (60, 2), (70, 3), (80, 4))


@calculator(
    "Charlson comorbidity index, with age",
    Source(text="Charlson et al., J Chronic Dis 1987; 40: 373-383", doi="10.1016/0021-9681(87)90171-8"),
    # The points for age.
    Source(text="Charlson et al., J Clin Epidemiol 1994; 47: 1245-1251", doi="10.1016/0895-4356(94)90129-5"),
    out_of=37,
    note="A point for each decade of age from 50, four from 80 on. Of diabetes, liver disease and solid tumours only "
    "the worse form counts. The weights are of 1987: AIDS weighs less since.",
)
def charlson(
    *,
    age_years: AdultAgeYears,
    had_myocardial_infarction: Annotated[
        bool, Asked(label="myocardial infarction", condition="charlson-myocardial-infarction")
    ],
    has_heart_failure: HasHeartFailure,
    has_peripheral_vascular_disease: Annotated[
        bool,
        Asked(
            label="peripheral vascular disease or aortic aneurysm",
            condition="charlson-peripheral-vascular-disease",
        ),
    ],
    has_cerebrovascular_disease: Annotated[
        bool, Asked(label="stroke or transient ischaemic attack", condition="cerebrovascular-disease")
    ],
    has_dementia: Annotated[bool, Asked(label="dementia", condition="charlson-dementia")],
    has_chronic_pulmonary_disease: Annotated[
        bool, Asked(label="chronic pulmonary disease", condition="charlson-chronic-pulmonary-disease")
    ],
    has_connective_tissue_disease: Annotated[
        bool, Asked(label="connective tissue disease", condition="charlson-connective-tissue-disease")
    ],
    has_peptic_ulcer_disease: Annotated[
        bool, Asked(label="peptic ulcer disease", condition="charlson-peptic-ulcer-disease")
    ],
    has_mild_liver_disease: Annotated[
        bool,
        Asked(
            label="chronic hepatitis, or cirrhosis without portal hypertension",
            condition="charlson-mild-liver-disease",
        ),
    ],
    has_diabetes: Annotated[bool, Asked(label="diabetes treated with medicines", condition="diabetes")],
    has_diabetes_with_organ_damage: Annotated[
        bool, Asked(label="diabetes with organ damage", condition="charlson-diabetes-with-organ-damage")
    ],
    has_hemiplegia: Annotated[bool, Asked(label="hemiplegia or paraplegia", condition="charlson-hemiplegia")],
    has_kidney_disease: Annotated[
        bool,
        Asked(
            label="kidney disease: creatinine above 3 mg/dL, dialysis, transplant or uraemia",
            condition="charlson-kidney-disease",
        ),
    ],
    has_solid_tumor: Annotated[
        bool,
        Asked(label="solid tumour, treated within 5 years, not metastatic", condition="charlson-solid-tumor"),
    ],
    has_leukemia: Annotated[bool, Asked(label="leukaemia", condition="charlson-leukemia")],
    has_lymphoma: Annotated[bool, Asked(label="lymphoma or myeloma", condition="charlson-lymphoma")],
    has_severe_liver_disease: Annotated[
        bool,
        Asked(
            label="cirrhosis with portal hypertension, or encephalopathy",
            condition="charlson-severe-liver-disease",
        ),
    ],
    has_metastatic_tumor: Annotated[
        bool, Asked(label="metastatic solid tumour", condition="charlson-metastatic-tumor")
    ],
    has_aids: Annotated[bool, Asked(label="AIDS, not HIV alone", condition="charlson-aids")],
) -> int:
    """Return the points, 0 to 37."""
    weigh_1 = (
        had_myocardial_infarction,
        has_heart_failure,
        has_peripheral_vascular_disease,
        has_cerebrovascular_disease,
        has_dementia,
        has_chronic_pulmonary_disease,
        has_connective_tissue_disease,
        has_peptic_ulcer_disease,
        has_mild_liver_disease and not has_severe_liver_disease,
        has_diabetes and not has_diabetes_with_organ_damage,
    )
    weigh_2 = (
        has_diabetes_with_organ_damage,
        has_hemiplegia,
        has_kidney_disease,
        has_solid_tumor and not has_metastatic_tumor,
        has_leukemia,
        has_lymphoma,
    )
    weigh_6 = (has_metastatic_tumor, has_aids)
    return (
        points_from(age_years, AGE)
        + sum(weigh_1)
        + 2 * sum(weigh_2)
        + 3 * has_severe_liver_disease
        + 6 * sum(weigh_6)
    )
