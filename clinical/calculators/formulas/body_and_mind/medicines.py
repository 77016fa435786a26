"""How much of one medicine does what another does: steroids, and opioids in milligrams of morphine."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Asked, Source
from clinical.calculators.errors import NotApplicable


class Steroid(StrEnum):
    """A glucocorticoid with its route."""

    BETAMETHASONE_IV = "betamethasone iv"
    CORTISONE_PO = "cortisone po"
    DEXAMETHASONE_IV = "dexamethasone iv"
    DEXAMETHASONE_PO = "dexamethasone po"
    HYDROCORTISONE_IV = "hydrocortisone iv"
    HYDROCORTISONE_PO = "hydrocortisone po"
    METHYLPREDNISOLONE_IV = "methylprednisolone iv"
    METHYLPREDNISOLONE_PO = "methylprednisolone po"
    PREDNISOLONE_PO = "prednisolone po"
    PREDNISONE_PO = "prednisone po"
    TRIAMCINOLONE_IV = "triamcinolone iv"


# Milligrams that do as much against inflammation as 5 mg of prednisolone.
EQUIVALENT_MG: Mapping[Steroid, float] = MappingProxyType(
    {
        Steroid.BETAMETHASONE_IV: 0.75,
        Steroid.CORTISONE_PO: 25,
        Steroid.DEXAMETHASONE_IV: 0.75,
        Steroid.DEXAMETHASONE_PO: 0.75,
        Steroid.HYDROCORTISONE_IV: 20,
        Steroid.HYDROCORTISONE_PO: 20,
        Steroid.METHYLPREDNISOLONE_IV: 4,
        Steroid.METHYLPREDNISOLONE_PO: 4,
        Steroid.PREDNISOLONE_PO: 5,
        Steroid.PREDNISONE_PO: 5,
        Steroid.TRIAMCINOLONE_IV: 4,
    }
)

DoseMg = Annotated[float, Asked(label="dose", unit="mg", low=0, high=5_000)]


@calculator(
    "Equivalent dose of another steroid",
    Source(
        text="British National Formulary, treatment summary: glucocorticoid therapy",
        url="https://bnf.nice.org.uk/treatment-summaries/glucocorticoid-therapy/",
    ),
    # Cortisone.
    Source(text="Liu et al., Allergy Asthma Clin Immunol 2013; 9: 30", doi="10.1186/1710-1492-9-30"),
    unit="mg",
    decimals=2,
    note="Approximate, by effect against inflammation, by mouth or vein: effects on salt and on the pituitary, and "
    "duration, differ. Betamethasone has 0.6 mg in some tables. Not for injected into joints, inhaled or topical "
    "steroids.",
)
def steroid_conversion(
    *,
    steroid: Annotated[Steroid, Asked(label="steroid given")],
    dose_mg: DoseMg,
    target_steroid: Annotated[Steroid, Asked(label="steroid wanted")],
) -> float:
    """Return the dose of the other steroid, mg."""
    return dose_mg / EQUIVALENT_MG[steroid] * EQUIVALENT_MG[target_steroid]


CodeineMgDay = Annotated[float, Asked(label="codeine", unit="mg/d", low=0, high=10_000)]
HydrocodoneMgDay = Annotated[float, Asked(label="hydrocodone", unit="mg/d", low=0, high=10_000)]
HydromorphoneMgDay = Annotated[float, Asked(label="hydromorphone", unit="mg/d", low=0, high=10_000)]
MethadoneMgDay = Annotated[float, Asked(label="methadone", unit="mg/d", low=0, high=10_000)]
MorphineMgDay = Annotated[float, Asked(label="morphine", unit="mg/d", low=0, high=10_000)]
OxycodoneMgDay = Annotated[float, Asked(label="oxycodone", unit="mg/d", low=0, high=10_000)]
OxymorphoneMgDay = Annotated[float, Asked(label="oxymorphone", unit="mg/d", low=0, high=10_000)]
TapentadolMgDay = Annotated[float, Asked(label="tapentadol", unit="mg/d", low=0, high=10_000)]
TramadolMgDay = Annotated[float, Asked(label="tramadol", unit="mg/d", low=0, high=10_000)]
FentanylPatchUgHour = Annotated[float, Asked(label="fentanyl patch", unit="ug/h", low=0, high=1_000)]
FentanylBuccalUgDay = Annotated[float, Asked(label="buccal fentanyl", unit="ug/d", low=0, high=20_000)]


@calculator(
    "Morphine milligram equivalents (CDC 2022)",
    Source(text="Dowell et al., MMWR Recomm Rep 2022; 71(3): 1-95", doi="10.15585/mmwr.rr7103a1"),
    # Buccal fentanyl, which the guideline of 2022 leaves out.
    Source(text="CDC, data files of opioid conversion factors, 2018 version"),
    unit="mg/d",
    decimals=1,
    bands=(
        (0, "below 50 a day"),
        (50, "from 50 a day: more risk, and seldom more effect; weigh both again before any higher dose"),
    ),
    note="By CDC 2022, to judge the risk; not to change from one opioid to another. CDC 2016 had hydromorphone 4, tramadol "
    "0.1, and methadone 4 to 12 by dose. A patch is given in µg/h. Buprenorphine has no factor.",
)
def morphine_milligram_equivalents(
    *,
    codeine_mg_day: CodeineMgDay | None = None,
    hydrocodone_mg_day: HydrocodoneMgDay | None = None,
    hydromorphone_mg_day: HydromorphoneMgDay | None = None,
    methadone_mg_day: MethadoneMgDay | None = None,
    morphine_mg_day: MorphineMgDay | None = None,
    oxycodone_mg_day: OxycodoneMgDay | None = None,
    oxymorphone_mg_day: OxymorphoneMgDay | None = None,
    tapentadol_mg_day: TapentadolMgDay | None = None,
    tramadol_mg_day: TramadolMgDay | None = None,
    fentanyl_patch_ug_hour: FentanylPatchUgHour | None = None,
    fentanyl_buccal_ug_day: FentanylBuccalUgDay | None = None,
) -> float:
    """Return the milligrams of morphine a day. Raises: NotApplicable where no dose is given."""
    doses = (
        (codeine_mg_day, 0.15),
        (hydrocodone_mg_day, 1),
        (hydromorphone_mg_day, 5),
        (methadone_mg_day, 4.7),
        (morphine_mg_day, 1),
        (oxycodone_mg_day, 1.5),
        (oxymorphone_mg_day, 3),
        (tapentadol_mg_day, 0.4),
        (tramadol_mg_day, 0.2),
        (fentanyl_patch_ug_hour, 2.4),
        (fentanyl_buccal_ug_day, 0.13),
    )
    given = [dose * factor for dose, factor in doses if dose is not None]
    if not given:
        raise NotApplicable("No opioid is given: name at least one with its dose a day, as morphine_mg_day")
    return sum(given)
