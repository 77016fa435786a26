"""How likely a clot in a vein is, in surgery, on a ward and with cancer."""

from enum import StrEnum
from typing import Annotated

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Asked, Source
from clinical.calculators.inputs import (
    AdultAgeYears,
    BodyMassIndexKgM2,
    HemoglobinGDl,
    PlateletsThousandPerUl,
    WhiteCellsThousandPerUl,
)
from clinical.calculators.steps import points_from


class Surgery(StrEnum):
    """The operation that is planned."""

    NONE = "none"
    MINOR = "minor"
    ARTHROSCOPIC = "arthroscopic"
    LAPAROSCOPIC = "laparoscopic over 45 minutes"
    MAJOR = "major over 45 minutes"
    ARTHROPLASTY = "elective arthroplasty of hip or knee"


class Mobility(StrEnum):
    """How long the patient has been in bed."""

    NORMAL = "normal"
    BED_REST = "medical patient at bed rest"
    CONFINED = "confined to bed over 72 hours"


HadVenousThromboembolism = Annotated[
    bool,
    Asked(label="earlier deep vein thrombosis or pulmonary embolism", condition="venous-thromboembolism"),
]
HadHeparinThrombocytopenia = Annotated[
    bool,
    Asked(
        label="heparin-induced thrombocytopenia, now or earlier", condition="heparin-induced-thrombocytopenia"
    ),
]

SURGERY_POINTS = {
    Surgery.NONE: 0,
    Surgery.MINOR: 1,
    Surgery.ARTHROSCOPIC: 2,
    Surgery.LAPAROSCOPIC: 2,
    Surgery.MAJOR: 2,
    Surgery.ARTHROPLASTY: 5,
}


@calculator(
    "Caprini score (2005)",
    Source(text="Caprini, Dis Mon 2005; 51: 70-78", doi="10.1016/j.disamonth.2005.02.003"),
    unit="{score}",
    bands=((0, "low risk"), (2, "moderate risk"), (3, "high risk"), (5, "highest risk")),
    note="Within a month is meant where a label says recent. The three questions about pregnancy and hormones may be "
    "left out where they do not apply. An operation in more than one way counts once, as the highest.",
)
def caprini_2005(
    *,
    age_years: AdultAgeYears,
    body_mass_index_kg_m2: BodyMassIndexKgM2,
    surgery: Annotated[Surgery, Asked(label="planned operation")],
    mobility: Annotated[Mobility, Asked(label="mobility")],
    had_recent_major_surgery: Annotated[bool, Asked(label="recent major surgery (earlier than the planned)")],
    has_recent_heart_failure: Annotated[bool, Asked(label="recent heart failure")],
    has_recent_sepsis: Annotated[bool, Asked(label="recent sepsis")],
    has_recent_serious_lung_disease: Annotated[
        bool, Asked(label="recent serious lung disease, with pneumonia")
    ],
    has_copd: Annotated[bool, Asked(label="abnormal lung function (COPD)", condition="copd")],
    has_acute_myocardial_infarction: Annotated[bool, Asked(label="acute myocardial infarction")],
    has_inflammatory_bowel_disease: Annotated[bool, Asked(label="history of inflammatory bowel disease")],
    has_varicose_veins: Annotated[bool, Asked(label="varicose veins")],
    has_swollen_legs: Annotated[bool, Asked(label="swollen legs")],
    has_cancer_history: Annotated[
        bool, Asked(label="cancer, now or earlier (not of the skin, but melanoma)")
    ],
    has_recent_plaster_cast: Annotated[bool, Asked(label="recent plaster cast that immobilises")],
    has_central_venous_access: Annotated[bool, Asked(label="central venous access")],
    had_venous_thromboembolism: HadVenousThromboembolism,
    has_family_history_of_thrombosis: Annotated[bool, Asked(label="thrombosis in the family")],
    has_factor_v_leiden: Annotated[bool, Asked(label="factor V Leiden")],
    has_prothrombin_20210a: Annotated[bool, Asked(label="prothrombin 20210A")],
    has_high_homocysteine: Annotated[bool, Asked(label="high homocysteine")],
    has_lupus_anticoagulant: Annotated[bool, Asked(label="lupus anticoagulant")],
    has_anticardiolipin_antibodies: Annotated[bool, Asked(label="anticardiolipin antibodies")],
    had_heparin_induced_thrombocytopenia: HadHeparinThrombocytopenia,
    has_other_thrombophilia: Annotated[bool, Asked(label="another thrombophilia")],
    had_recent_stroke: Annotated[bool, Asked(label="recent stroke")],
    had_recent_fracture: Annotated[bool, Asked(label="recent fracture of hip, pelvis or leg")],
    had_recent_multiple_trauma: Annotated[bool, Asked(label="recent multiple trauma")],
    had_recent_spinal_cord_injury: Annotated[bool, Asked(label="recent spinal cord injury with paralysis")],
    takes_oestrogen: Annotated[bool, Asked(label="contraceptive pill or hormone replacement")] | None = None,
    is_pregnant_or_postpartum: Annotated[bool, Asked(label="pregnant, or birth within a month")]
    | None = None,
    had_pregnancy_loss: Annotated[
        bool,
        Asked(
            label="unexplained stillbirth, three or more miscarriages, or premature birth with toxaemia or growth "
            "restriction"
        ),
    ]
    | None = None,
) -> int:
    """Return the points."""
    one_point = (
        body_mass_index_kg_m2 > 25,
        had_recent_major_surgery,
        has_recent_heart_failure,
        has_recent_sepsis,
        has_recent_serious_lung_disease,
        has_copd,
        has_acute_myocardial_infarction,
        has_inflammatory_bowel_disease,
        has_varicose_veins,
        has_swollen_legs,
        bool(takes_oestrogen),
        bool(is_pregnant_or_postpartum),
        bool(had_pregnancy_loss),
    )
    two_points = (has_cancer_history, has_recent_plaster_cast, has_central_venous_access)
    three_points = (
        had_venous_thromboembolism,
        has_family_history_of_thrombosis,
        has_factor_v_leiden,
        has_prothrombin_20210a,
        has_high_homocysteine,
        has_lupus_anticoagulant,
        has_anticardiolipin_antibodies,
        had_heparin_induced_thrombocytopenia,
        has_other_thrombophilia,
    )
    five_points = (
        had_recent_stroke,
        had_recent_fracture,
        had_recent_multiple_trauma,
        had_recent_spinal_cord_injury,
    )
    circumstances = points_from(age_years, ((41, 1), (61, 2), (75, 3)))
    circumstances += SURGERY_POINTS[surgery] + list(Mobility).index(mobility)
    return circumstances + sum(one_point) + 2 * sum(two_points) + 3 * sum(three_points) + 5 * sum(five_points)


@calculator(
    "Padua prediction score",
    Source(text="Barbar et al., J Thromb Haemost 2010; 8: 2450-2457", doi="10.1111/j.1538-7836.2010.04044.x"),
    out_of=20,
    bands=(
        (0, "low risk: 0.3% had a thromboembolism within 90 days"),
        (4, "high risk: 11% had a thromboembolism within 90 days without prophylaxis"),
    ),
    note="For medical patients in hospital.",
)
def padua(
    *,
    has_active_cancer: Annotated[
        bool, Asked(label="cancer with metastases, or chemotherapy or radiotherapy within 6 months")
    ],
    had_venous_thromboembolism: HadVenousThromboembolism,
    has_reduced_mobility: Annotated[
        bool, Asked(label="bed rest, with the way to the bathroom, for 3 days or more")
    ],
    has_thrombophilia: Annotated[
        bool,
        Asked(
            label="known thrombophilia (antithrombin, protein C or S, factor V Leiden, prothrombin 20210A, "
            "antiphospholipid syndrome)"
        ),
    ],
    had_recent_trauma_or_surgery: Annotated[bool, Asked(label="trauma or surgery within a month")],
    age_years: AdultAgeYears,
    has_heart_or_respiratory_failure: Annotated[bool, Asked(label="heart or respiratory failure")],
    has_acute_infarction_or_stroke: Annotated[
        bool, Asked(label="acute myocardial infarction or ischaemic stroke")
    ],
    has_acute_infection_or_rheumatic_disorder: Annotated[
        bool, Asked(label="acute infection or rheumatological disorder")
    ],
    body_mass_index_kg_m2: BodyMassIndexKgM2,
    takes_hormones: Annotated[bool, Asked(label="hormonal treatment")],
) -> int:
    """Return the points, 0 to 20."""
    three_points = (has_active_cancer, had_venous_thromboembolism, has_reduced_mobility, has_thrombophilia)
    one_point = (
        age_years >= 70,
        has_heart_or_respiratory_failure,
        has_acute_infarction_or_stroke,
        has_acute_infection_or_rheumatic_disorder,
        body_mass_index_kg_m2 >= 30,
        takes_hormones,
    )
    return 3 * sum(three_points) + 2 * had_recent_trauma_or_surgery + sum(one_point)


class CancerSite(StrEnum):
    """Where the cancer began, as the score groups it."""

    STOMACH_OR_PANCREAS = "stomach or pancreas"
    HIGH_RISK = "lung, lymphoma, gynaecological, bladder or testicular"
    OTHER = "other"


CANCER_POINTS = {CancerSite.STOMACH_OR_PANCREAS: 2, CancerSite.HIGH_RISK: 1, CancerSite.OTHER: 0}


@calculator(
    "Khorana score",
    Source(text="Khorana et al., Blood 2008; 111: 4902-4907", doi="10.1182/blood-2007-10-116327"),
    out_of=6,
    bands=((0, "low risk"), (1, "intermediate risk"), (3, "high risk")),
    note="For outpatients before chemotherapy. Guidelines consider prophylaxis from 2 points (ASCO 2020).",
)
def khorana(
    *,
    cancer_site: Annotated[CancerSite, Asked(label="site of the cancer")],
    platelets_thousand_per_ul: PlateletsThousandPerUl,
    hemoglobin_g_dl: HemoglobinGDl,
    takes_erythropoietin: Annotated[bool, Asked(label="treated with an erythropoiesis-stimulating agent")],
    white_cells_thousand_per_ul: WhiteCellsThousandPerUl,
    body_mass_index_kg_m2: BodyMassIndexKgM2,
) -> int:
    """Return the points, 0 to 6."""
    return CANCER_POINTS[cancer_site] + sum(
        (
            platelets_thousand_per_ul >= 350,
            hemoglobin_g_dl < 10 or takes_erythropoietin,
            white_cells_thousand_per_ul > 11,
            body_mass_index_kg_m2 >= 35,
        )
    )
