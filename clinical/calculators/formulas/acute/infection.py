"""How likely a sore throat is streptococcal, soft tissue necrotizing, and fever in neutropenia harmless."""

from enum import StrEnum
from typing import Annotated

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Asked, Known, Source
from clinical.calculators.inputs import (
    DAY,
    AdultAgeYears,
    CreatinineMgDl,
    GlucoseMgDl,
    HemoglobinGDl,
    SodiumMmolL,
    WhiteCellsThousandPerUl,
)
from clinical.calculators.steps import more_than, points_from

AgeFrom3Years = Annotated[int, Asked(label="age", unit="a", low=3, high=120, known=Known.AGE)]
CReactiveProteinMgL = Annotated[
    float,
    Asked(
        label="C-reactive protein (CRP)",
        unit="mg/L",
        low=0,
        high=1_000,
        loinc=("1988-5", "30522-7"),
        valid_for=2 * DAY,
    ),
]


@calculator(
    "Centor score, modified by McIsaac",
    Source(text="McIsaac et al., CMAJ 1998; 158: 75-83", pmid="9475915"),
    out_of=5,
    # Source: the publication's table of management, with a test before treatment as guidelines have it now.
    bands=(
        (-1, "streptococci unlikely: neither test nor antibiotic"),
        (2, "test for streptococci, and treat where found"),
        (4, "streptococci likely: test, or treat where no test is at hand"),
    ),
)
def centor_mcisaac(
    *,
    age_years: AgeFrom3Years,
    has_fever: Annotated[bool, Asked(label="temperature above 38 °C, measured or told")],
    has_no_cough: Annotated[bool, Asked(label="no cough")],
    has_tender_cervical_nodes: Annotated[bool, Asked(label="tender anterior cervical nodes")],
    has_tonsillar_exudate: Annotated[bool, Asked(label="tonsillar swelling or exudate")],
) -> int:
    """Return the points, -1 to 5."""
    signs = sum((has_fever, has_no_cough, has_tender_cervical_nodes, has_tonsillar_exudate))
    return signs + points_from(age_years, ((15, 0), (45, -1)), below=1)


@calculator(
    "FeverPAIN",
    Source(text="Little et al., BMJ Open 2013; 3: e003943", doi="10.1136/bmjopen-2013-003943"),
    Source(text="Little et al. (PRISM), BMJ 2013; 347: f5806", doi="10.1136/bmj.f5806"),
    out_of=5,
    # Source: NICE guideline NG84, Sore throat (acute), terms used.
    bands=(
        (0, "streptococci in 13 to 18%: no antibiotic"),
        (2, "streptococci in 34 to 40%: no antibiotic, or one to keep in reserve"),
        (4, "streptococci in 62 to 65%: an antibiotic now, or one to keep in reserve"),
    ),
    note="From 3 years of age.",
)
def feverpain(
    *,
    had_fever_within_24_hours: Annotated[bool, Asked(label="fever in the last 24 hours")],
    has_purulence: Annotated[bool, Asked(label="pus on the tonsils")],
    came_within_3_days: Annotated[bool, Asked(label="came within 3 days of the onset")],
    has_severely_inflamed_tonsils: Annotated[bool, Asked(label="severely inflamed tonsils")],
    has_no_cough_or_coryza: Annotated[bool, Asked(label="neither cough nor coryza")],
) -> int:
    """Return the points, 0 to 5."""
    return sum(
        (
            had_fever_within_24_hours,
            has_purulence,
            came_within_3_days,
            has_severely_inflamed_tonsils,
            has_no_cough_or_coryza,
        )
    )


LRINEC_WHITE_CELLS = ((15, 1), (more_than(25), 2))
LRINEC_HEMOGLOBIN = ((11, 1), (more_than(13.5), 0))
# The publication's limits of 141 umol/L and 10 mmol/L, with 113.12 and 180.16 g/mol.
LRINEC_CREATININE_MG_DL = 141 * 113.12 / 10_000
LRINEC_GLUCOSE_MG_DL = 10 * 180.16 / 10


@calculator(
    "LRINEC",
    Source(text="Wong et al., Crit Care Med 2004; 32: 1535-1541", doi="10.1097/01.CCM.0000129486.35458.7D"),
    out_of=13,
    bands=(
        (0, "low risk: below 50% in the publication"),
        (6, "intermediate risk: 50 to 75% in the publication"),
        (8, "high risk: above 75% in the publication"),
    ),
    note="A low score does not exclude necrotizing fasciitis: surgery is decided at the bedside.",
)
def lrinec(
    *,
    c_reactive_protein_mg_l: CReactiveProteinMgL,
    white_cells_thousand_per_ul: WhiteCellsThousandPerUl,
    hemoglobin_g_dl: HemoglobinGDl,
    sodium_mmol_l: SodiumMmolL,
    creatinine_mg_dl: CreatinineMgDl,
    glucose_mg_dl: GlucoseMgDl,
) -> int:
    """Return the points, 0 to 13."""
    return (
        4 * (c_reactive_protein_mg_l >= 150)
        + points_from(white_cells_thousand_per_ul, LRINEC_WHITE_CELLS)
        + points_from(hemoglobin_g_dl, LRINEC_HEMOGLOBIN, below=2)
        + 2 * (sodium_mmol_l < 135)
        + 2 * (creatinine_mg_dl > LRINEC_CREATININE_MG_DL)
        + (glucose_mg_dl > LRINEC_GLUCOSE_MG_DL)
    )


class Burden(StrEnum):
    """How ill the patient is from the fever."""

    NONE_OR_MILD = "none or mild"
    MODERATE = "moderate"
    SEVERE = "severe"


BURDEN_POINTS = {Burden.NONE_OR_MILD: 5, Burden.MODERATE: 3, Burden.SEVERE: 0}


@calculator(
    "MASCC risk index",
    Source(text="Klastersky et al., J Clin Oncol 2000; 18: 3038-3051", doi="10.1200/JCO.2000.18.16.3038"),
    out_of=26,
    bands=((0, "not low risk of complications"), (21, "low risk of complications")),
    note="For fever in neutropenia from chemotherapy, in adults.",
)
def mascc(
    *,
    burden: Annotated[Burden, Asked(label="symptoms")],
    has_hypotension: Annotated[bool, Asked(label="systolic blood pressure of 90 mmHg or less")],
    has_copd: Annotated[bool, Asked(label="chronic obstructive pulmonary disease", condition="copd")],
    has_solid_tumor_or_no_fungal_infection: Annotated[
        bool, Asked(label="solid tumour, or no earlier fungal infection")
    ],
    is_dehydrated: Annotated[bool, Asked(label="dehydration that needs intravenous fluids")],
    is_outpatient: Annotated[bool, Asked(label="outpatient when the fever began")],
    age_years: AdultAgeYears,
) -> int:
    """Return the points, 0 to 26."""
    return (
        BURDEN_POINTS[burden]
        + 5 * (not has_hypotension)
        + 4 * (not has_copd)
        + 4 * has_solid_tumor_or_no_fungal_infection
        + 3 * (not is_dehydrated)
        + 3 * is_outpatient
        + 2 * (age_years < 60)
    )
