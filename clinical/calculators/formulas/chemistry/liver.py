"""How ill a liver is, and how scarred."""

import math
from enum import StrEnum
from typing import Annotated

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Asked, Sex, Source
from clinical.calculators.inputs import (
    DAY,
    AdultAgeYears,
    AlanineAminotransferaseUL,
    AlbuminGDl,
    AspartateAminotransferaseUL,
    BilirubinMgDl,
    BodyMassIndexKgM2,
    CreatinineMgDl,
    InternationalNormalizedRatio,
    PatientSex,
    PlateletsThousandPerUl,
    SodiumMmolL,
)
from clinical.calculators.steps import more_than, points_from


class Ascites(StrEnum):
    """Fluid in the belly, in the words of the score; refractory ascites counts as moderate."""

    ABSENT = "absent"
    SLIGHT = "slight"
    MODERATE = "moderate"


class Encephalopathy(StrEnum):
    """The grade of hepatic encephalopathy."""

    NONE = "none"
    GRADE_1_OR_2 = "grade 1 or 2"
    GRADE_3_OR_4 = "grade 3 or 4"


# What cannot be zero: a platelet count that another is divided by.
PositivePlatelets = Annotated[
    float,
    Asked(
        label="platelets",
        unit="10*3/uL",
        low=1,
        high=3_000,
        loinc=("777-3", "26515-7", "778-1"),
        valid_for=31 * DAY,
    ),
]
AscitesSeen = Annotated[Ascites, Asked(label="ascites")]
EncephalopathyGrade = Annotated[Encephalopathy, Asked(label="hepatic encephalopathy")]
HasPrimaryBiliaryCholangitis = Annotated[
    bool, Asked(label="primary biliary cholangitis", condition="primary-biliary-cholangitis")
]
IsOnDialysis = Annotated[
    bool,
    Asked(label="dialysis twice, or 24 hours of haemodialysis, in the last week", condition="dialysis"),
]
HasDiabetesOrImpairedGlucose = Annotated[
    bool, Asked(label="diabetes mellitus or impaired fasting glucose", condition="diabetes")
]
AstUpperLimitUL = Annotated[
    float, Asked(label="the laboratory's upper limit of normal for AST", unit="U/L", low=10, high=100)
]
ProthrombinSeconds = Annotated[
    float,
    Asked(label="prothrombin time", unit="s", low=5, high=200, loinc=("5902-2",), valid_for=7 * DAY),
]
ControlProthrombinSeconds = Annotated[
    float, Asked(label="the laboratory's control prothrombin time", unit="s", low=8, high=20)
]

CHILD_BILIRUBIN = ((2, 2), (more_than(3), 3))
CHILD_BILIRUBIN_CHOLESTATIC = ((4, 2), (more_than(10), 3))
CHILD_ALBUMIN = ((2.8, 2), (more_than(3.5), 1))
CHILD_INR = ((1.7, 2), (more_than(2.3), 3))


@calculator(
    "Child-Pugh score",
    Source(text="Pugh et al., Br J Surg 1973; 60: 646-649", doi="10.1002/bjs.1800600817"),
    # The INR in place of the seconds of the prothrombin time.
    Source(text="Lucey et al., Liver Transpl Surg 1997; 3: 628-637", doi="10.1002/lt.500030613"),
    out_of=15,
    bands=(
        (5, "class A: good operative risk"),
        (7, "class B: moderate operative risk"),
        (10, "class C: poor operative risk"),
    ),
    note="With the INR. In primary biliary cholangitis bilirubin counts from 4 and above 10 mg/dL.",
)
def child_pugh(
    *,
    bilirubin_mg_dl: BilirubinMgDl,
    albumin_g_dl: AlbuminGDl,
    inr: InternationalNormalizedRatio,
    ascites: AscitesSeen,
    encephalopathy: EncephalopathyGrade,
    has_primary_biliary_cholangitis: HasPrimaryBiliaryCholangitis | None = None,
) -> int:
    """Return the points, 5 to 15."""
    # Each choice of ascites and encephalopathy is a point more than the one before it.
    bilirubin_steps = CHILD_BILIRUBIN_CHOLESTATIC if has_primary_biliary_cholangitis else CHILD_BILIRUBIN
    return (
        points_from(bilirubin_mg_dl, bilirubin_steps, below=1)
        + points_from(albumin_g_dl, CHILD_ALBUMIN, below=3)
        + points_from(inr, CHILD_INR, below=1)
        + list(Ascites).index(ascites)
        + list(Encephalopathy).index(encephalopathy)
        + 2
    )


@calculator(
    "MELD-Na (OPTN 2016)",
    Source(
        text="OPTN policies, 9.1.D MELD score, as in force from January 2016 to July 2023",
        url="https://optn.transplant.hrsa.gov/policies-bylaws/policies/",
    ),
    Source(text="Kim et al., N Engl J Med 2008; 359: 1018-1026", doi="10.1056/NEJMoa0801209"),
    out_of=40,
    note="From age 12. Since July 2023 livers are allocated by MELD 3.0.",
)
def meld_na(
    *,
    creatinine_mg_dl: CreatinineMgDl,
    bilirubin_mg_dl: BilirubinMgDl,
    inr: InternationalNormalizedRatio,
    sodium_mmol_l: SodiumMmolL,
    is_on_dialysis: IsOnDialysis,
) -> int:
    """Return the points, 6 to 40."""
    creatinine = 4.0 if is_on_dialysis else _within(creatinine_mg_dl, 1.0, 4.0)
    initial = (
        0.957 * math.log(creatinine)
        + 0.378 * math.log(max(bilirubin_mg_dl, 1.0))
        + 1.120 * math.log(max(inr, 1.0))
        + 0.643
    )
    # The policy rounds to whole points before sodium counts.
    score: float = round(10 * initial)
    if score > 11:
        low_sodium = 137 - _within(sodium_mmol_l, 125, 137)
        score += 1.32 * low_sodium - 0.033 * score * low_sodium
    return round(_within(score, 6, 40))


@calculator(
    "MELD 3.0",
    Source(
        text="Kim et al., Gastroenterology 2021; 161: 1887-1895, equation of MELD 3.0",
        doi="10.1053/j.gastro.2021.08.050",
    ),
    # Its limits of 6 and 40, which the publication leaves open.
    Source(
        text="OPTN policies, 9.1.D MELD score, in force since July 2023",
        url="https://optn.transplant.hrsa.gov/policies-bylaws/policies/",
    ),
    out_of=40,
    bears_on=frozenset({"cirrhosis"}),
    note="For adults. It ranks the risk of death within 90 days without a transplant; it is not a probability.",
)
def meld_3(
    *,
    sex: PatientSex,
    creatinine_mg_dl: CreatinineMgDl,
    bilirubin_mg_dl: BilirubinMgDl,
    inr: InternationalNormalizedRatio,
    sodium_mmol_l: SodiumMmolL,
    albumin_g_dl: AlbuminGDl,
    is_on_dialysis: IsOnDialysis,
) -> int:
    """Return the points, 6 to 40."""
    bilirubin = math.log(max(bilirubin_mg_dl, 1.0))
    creatinine = math.log(3.0 if is_on_dialysis else _within(creatinine_mg_dl, 1.0, 3.0))
    low_sodium = 137 - _within(sodium_mmol_l, 125, 137)
    low_albumin = 3.5 - _within(albumin_g_dl, 1.5, 3.5)
    score = (
        (1.33 if sex is Sex.FEMALE else 0.0)
        + 4.56 * bilirubin
        + 0.82 * low_sodium
        - 0.24 * low_sodium * bilirubin
        + 9.09 * math.log(max(inr, 1.0))
        + 11.14 * creatinine
        + 1.85 * low_albumin
        - 1.83 * low_albumin * creatinine
        + 6
    )
    return round(_within(score, 6, 40))


def _within(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


@calculator(
    "FIB-4",
    Source(text="Sterling et al., Hepatology 2006; 43: 1317-1325", doi="10.1002/hep.21178"),
    decimals=2,
    bears_on=frozenset({"steatotic-liver-disease"}),
    # Source: Shah et al., Clin Gastroenterol Hepatol 2009; 7: 1104-1112, as in the AASLD guidance of 2023.
    bands=(
        (0, "advanced fibrosis unlikely"),
        (1.30, "indeterminate: a second test is needed (from age 65 only from 2.0)"),
        (more_than(2.67), "advanced fibrosis likely"),
    ),
    note="Bands are for steatotic liver disease; in hepatitis C with HIV the authors used 1.45 and 3.25. "
    "Less reliable below 35 years, and in acute hepatitis.",
)
def fib_4(
    *,
    age_years: AdultAgeYears,
    ast_u_l: AspartateAminotransferaseUL,
    alt_u_l: AlanineAminotransferaseUL,
    platelets_thousand_per_ul: PositivePlatelets,
) -> float:
    """Return the index."""
    return age_years * ast_u_l / (platelets_thousand_per_ul * math.sqrt(alt_u_l))


@calculator(
    "APRI",
    Source(text="Wai et al., Hepatology 2003; 38: 518-526", doi="10.1053/jhep.2003.50346"),
    decimals=2,
    bands=(
        (0, "significant fibrosis unlikely"),
        (more_than(0.5), "indeterminate"),
        (more_than(1.5), "significant fibrosis likely"),
        (more_than(2.0), "significant fibrosis likely, cirrhosis possible"),
    ),
    note="Made in chronic hepatitis C.",
)
def apri(
    *,
    ast_u_l: AspartateAminotransferaseUL,
    ast_upper_limit_u_l: AstUpperLimitUL,
    platelets_thousand_per_ul: PositivePlatelets,
) -> float:
    """Return the ratio of AST to platelets."""
    return 100 * ast_u_l / ast_upper_limit_u_l / platelets_thousand_per_ul


@calculator(
    "NAFLD fibrosis score",
    Source(text="Angulo et al., Hepatology 2007; 45: 846-854", doi="10.1002/hep.21496"),
    decimals=3,
    bands=(
        (-1_000, "advanced fibrosis unlikely"),
        (-1.455, "indeterminate"),
        (more_than(0.676), "advanced fibrosis likely"),
    ),
    note="Less reliable below 35 and above 65 years.",
)
def nafld_fibrosis(
    *,
    age_years: AdultAgeYears,
    body_mass_index_kg_m2: BodyMassIndexKgM2,
    has_diabetes_or_impaired_glucose: HasDiabetesOrImpairedGlucose,
    ast_u_l: AspartateAminotransferaseUL,
    alt_u_l: AlanineAminotransferaseUL,
    platelets_thousand_per_ul: PlateletsThousandPerUl,
    albumin_g_dl: AlbuminGDl,
) -> float:
    """Return the score."""
    return (
        -1.675
        + 0.037 * age_years
        + 0.094 * body_mass_index_kg_m2
        + 1.13 * has_diabetes_or_impaired_glucose
        + 0.99 * ast_u_l / alt_u_l
        - 0.013 * platelets_thousand_per_ul
        - 0.66 * albumin_g_dl
    )


@calculator(
    "Maddrey discriminant function (modified)",
    Source(text="Carithers et al., Ann Intern Med 1989; 110: 685-690", doi="10.7326/0003-4819-110-9-685"),
    Source(text="Maddrey et al., Gastroenterology 1978; 75: 193-199", pmid="352788"),
    decimals=1,
    bands=((-1_000, "not severe"), (32, "severe alcoholic hepatitis")),
    note="For alcoholic hepatitis. Prothrombin times in seconds differ between reagents.",
)
def maddrey(
    *,
    prothrombin_seconds: ProthrombinSeconds,
    control_prothrombin_seconds: ControlProthrombinSeconds,
    bilirubin_mg_dl: BilirubinMgDl,
) -> float:
    """Return the discriminant function."""
    return 4.6 * (prothrombin_seconds - control_prothrombin_seconds) + bilirubin_mg_dl
