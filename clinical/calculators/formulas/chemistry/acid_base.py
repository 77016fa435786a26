"""Acids and bases in the blood: what the measured ions leave unexplained, and whether one disorder explains it."""

from typing import Annotated

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Asked, Source
from clinical.calculators.errors import NotApplicable
from clinical.calculators.inputs import WEEK, AlbuminGDl, BicarbonateMmolL, ChlorideMmolL, SodiumMmolL

# What a plasma is compared with. Source: Wrenn 1990 and Rastegar 2007 for gap and bicarbonate; 4 g/dL by convention.
NORMAL_GAP, NORMAL_BICARBONATE, NORMAL_ALBUMIN_G_DL = 12.0, 24.0, 4.0

LowBicarbonateMmolL = Annotated[
    float,
    Asked(
        label="bicarbonate, in a metabolic acidosis",
        unit="mmol/L",
        low=1,
        high=24,
        loinc=("1963-8", "2028-9", "1959-6"),
        valid_for=WEEK,
    ),
]

WRENN = Source(text="Wrenn, Ann Emerg Med 1990; 19: 1310-1313", doi="10.1016/S0196-0644(05)82292-9")
RASTEGAR = Source(text="Rastegar, J Am Soc Nephrol 2007; 18: 2429-2431", doi="10.1681/ASN.2006121408")
FIGGE = Source(text="Figge et al., Crit Care Med 1998; 26: 1807-1810", doi="10.1097/00003246-199811000-00019")

# Source: Wrenn 1990.
DELTA_GAP_BANDS = (
    (-100.0, "below -6: with a raised gap, a normal-gap acidosis as well"),
    (-6.0, "-6 to 6: with a raised gap, no second metabolic disorder"),
    (6.05, "above 6: with a raised gap, a metabolic alkalosis as well"),
)
# Source of the notes: Rastegar 2007.
GAP_NOTE = "Normal depends on the laboratory: from 3-11 to 8-16 mmol/L."
DELTA_RATIO_MEANS = (
    "There, 1 to 2 speaks for that acidosis alone, less for a normal-gap one, more for an alkalosis as well."
)
DELTA_NOTE = (
    "Means something only in a metabolic acidosis with a raised anion gap. Reckoned from a normal gap of 12 and a normal "
    "bicarbonate of 24 mmol/L; the patient's own earlier values are better."
)


@calculator(
    "Anion gap",
    Source(text="Emmett and Narins, Medicine (Baltimore) 1977; 56: 38-54", pmid="401925"),
    unit="mmol/L",
    decimals=1,
    note=f"Without potassium. {GAP_NOTE} A low albumin hides a raised gap.",
)
def anion_gap(
    *, sodium_mmol_l: SodiumMmolL, chloride_mmol_l: ChlorideMmolL, bicarbonate_mmol_l: BicarbonateMmolL
) -> float:
    """Return the anion gap, mmol/L."""
    return _gap(sodium_mmol_l, chloride_mmol_l, bicarbonate_mmol_l)


@calculator(
    "Anion gap, corrected for albumin",
    FIGGE,
    unit="mmol/L",
    decimals=1,
    note=f"Without potassium, for a normal albumin of 4 g/dL. {GAP_NOTE}",
)
def albumin_corrected_anion_gap(
    *,
    sodium_mmol_l: SodiumMmolL,
    chloride_mmol_l: ChlorideMmolL,
    bicarbonate_mmol_l: BicarbonateMmolL,
    albumin_g_dl: AlbuminGDl,
) -> float:
    """Return the anion gap that there would be with a normal albumin, mmol/L."""
    return _gap(sodium_mmol_l, chloride_mmol_l, bicarbonate_mmol_l, albumin_g_dl)


@calculator("Delta gap", WRENN, unit="mmol/L", decimals=1, bands=DELTA_GAP_BANDS, note=DELTA_NOTE)
def delta_gap(
    *, sodium_mmol_l: SodiumMmolL, chloride_mmol_l: ChlorideMmolL, bicarbonate_mmol_l: BicarbonateMmolL
) -> float:
    """Return by how much the rise of the anion gap exceeds the fall of the bicarbonate, mmol/L."""
    rise = _gap(sodium_mmol_l, chloride_mmol_l, bicarbonate_mmol_l) - NORMAL_GAP
    return rise - (NORMAL_BICARBONATE - bicarbonate_mmol_l)


@calculator(
    "Delta gap, corrected for albumin",
    WRENN,
    FIGGE,
    unit="mmol/L",
    decimals=1,
    bands=DELTA_GAP_BANDS,
    note=DELTA_NOTE,
)
def albumin_corrected_delta_gap(
    *,
    sodium_mmol_l: SodiumMmolL,
    chloride_mmol_l: ChlorideMmolL,
    bicarbonate_mmol_l: BicarbonateMmolL,
    albumin_g_dl: AlbuminGDl,
) -> float:
    """Return the delta gap that there would be with a normal albumin, mmol/L."""
    rise = _gap(sodium_mmol_l, chloride_mmol_l, bicarbonate_mmol_l, albumin_g_dl) - NORMAL_GAP
    return rise - (NORMAL_BICARBONATE - bicarbonate_mmol_l)


@calculator("Delta ratio", RASTEGAR, decimals=2, note=f"{DELTA_NOTE} {DELTA_RATIO_MEANS}")
def delta_ratio(
    *, sodium_mmol_l: SodiumMmolL, chloride_mmol_l: ChlorideMmolL, bicarbonate_mmol_l: BicarbonateMmolL
) -> float:
    """Return the rise of the anion gap for each mmol/L that the bicarbonate fell."""
    return _ratio(_gap(sodium_mmol_l, chloride_mmol_l, bicarbonate_mmol_l), bicarbonate_mmol_l)


@calculator(
    "Delta ratio, corrected for albumin",
    RASTEGAR,
    FIGGE,
    decimals=2,
    note=f"{DELTA_NOTE} {DELTA_RATIO_MEANS}",
)
def albumin_corrected_delta_ratio(
    *,
    sodium_mmol_l: SodiumMmolL,
    chloride_mmol_l: ChlorideMmolL,
    bicarbonate_mmol_l: BicarbonateMmolL,
    albumin_g_dl: AlbuminGDl,
) -> float:
    """Return the delta ratio that there would be with a normal albumin."""
    return _ratio(_gap(sodium_mmol_l, chloride_mmol_l, bicarbonate_mmol_l, albumin_g_dl), bicarbonate_mmol_l)


def _gap(sodium: float, chloride: float, bicarbonate: float, albumin: float = NORMAL_ALBUMIN_G_DL) -> float:
    return sodium - chloride - bicarbonate + 2.5 * (NORMAL_ALBUMIN_G_DL - albumin)


def _ratio(gap: float, bicarbonate: float) -> float:
    if bicarbonate == NORMAL_BICARBONATE:
        raise NotApplicable("With a bicarbonate of 24 mmol/L there is no fall to compare the anion gap with")
    return (gap - NORMAL_GAP) / (NORMAL_BICARBONATE - bicarbonate)


@calculator(
    "Expected PaCO₂ in metabolic acidosis (Winters)",
    Source(text="Albert et al., Ann Intern Med 1967; 66: 312-322", doi="10.7326/0003-4819-66-2-312"),
    unit="mm[Hg]",
    shown=lambda pressure: f"{pressure:.0f} mmHg ({pressure - 2:.0f} to {pressure + 2:.0f})",
    note="A measured PaCO₂ above the range speaks for a respiratory acidosis as well, below it for a respiratory alkalosis.",
)
def winters_expected_pco2(*, bicarbonate_mmol_l: LowBicarbonateMmolL) -> float:
    """Return the PaCO2 of a metabolic acidosis that breathing makes up for, mmHg, give or take 2."""
    return 1.5 * bicarbonate_mmol_l + 8
