"""How active rheumatoid arthritis is, from 28 joints, blood and the patient's own view."""

import math
from typing import Annotated

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Asked, Source
from clinical.calculators.inputs import MONTH
from clinical.calculators.steps import more_than

TenderJoints = Annotated[int, Asked(label="tender joints of 28", low=0, high=28)]
SwollenJoints = Annotated[int, Asked(label="swollen joints of 28", low=0, high=28)]
GlobalHealthMm = Annotated[
    float, Asked(label="global health by the patient (0 best to 100 worst)", unit="mm", low=0, high=100)
]
CReactiveProteinMgL = Annotated[
    float,
    Asked(
        label="C-reactive protein",
        unit="mg/L",
        low=0,
        high=1_000,
        loinc=("1988-5", "30522-7"),
        valid_for=MONTH,
    ),
]
# From 1 mm/h: the logarithm of less would take points away.
SedimentationMmHour = Annotated[
    float,
    Asked(
        label="erythrocyte sedimentation rate",
        unit="mm/h",
        low=1,
        high=300,
        loinc=("4537-7", "30341-2"),
        valid_for=MONTH,
    ),
]

# Source: Prevoo et al., Arthritis Rheum 1995; van Gestel et al., Arthritis Rheum 1998; 41: 1845-1850; remission:
# Fransen et al., Rheumatology 2004; 43: 1252-1255.
ACTIVITY = (
    (0, "remission"),
    (2.6, "low disease activity"),
    (more_than(3.2), "moderate disease activity"),
    (more_than(5.1), "high disease activity"),
)


@calculator(
    "DAS28-ESR",
    Source(text="Prevoo et al., Arthritis Rheum 1995; 38: 44-48", doi="10.1002/art.1780380107"),
    decimals=2,
    bands=ACTIVITY,
    note="Feet and ankles are not among the 28 joints.",
)
def das28_esr(
    *,
    tender_joints: TenderJoints,
    swollen_joints: SwollenJoints,
    sedimentation_mm_hour: SedimentationMmHour,
    global_health_mm: GlobalHealthMm,
) -> float:
    """Return the disease activity score."""
    return (
        _joints(tender_joints, swollen_joints)
        + 0.70 * math.log(sedimentation_mm_hour)
        + 0.014 * global_health_mm
    )


@calculator(
    "DAS28-CRP",
    Source(text="Wells et al., Ann Rheum Dis 2009; 68: 954-960", doi="10.1136/ard.2007.084459"),
    decimals=2,
    bands=ACTIVITY,
    note="It is often lower than DAS28-ESR in the same patient: follow one of them. Feet and ankles are not among the "
    "28 joints.",
)
def das28_crp(
    *,
    tender_joints: TenderJoints,
    swollen_joints: SwollenJoints,
    c_reactive_protein_mg_l: CReactiveProteinMgL,
    global_health_mm: GlobalHealthMm,
) -> float:
    """Return the disease activity score."""
    inflammation = 0.36 * math.log(c_reactive_protein_mg_l + 1)
    return _joints(tender_joints, swollen_joints) + inflammation + 0.014 * global_health_mm + 0.96


def _joints(tender: int, swollen: int) -> float:
    return 0.56 * math.sqrt(tender) + 0.28 * math.sqrt(swollen)
