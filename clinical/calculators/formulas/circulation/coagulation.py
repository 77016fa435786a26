"""Whether clotting is used up all over the body."""

from enum import StrEnum
from typing import Annotated

from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Asked, Source
from clinical.calculators.errors import NotApplicable
from clinical.calculators.inputs import DAY
from clinical.calculators.steps import points_from


class FibrinMarker(StrEnum):
    """D-dimer or another product of fibrin, against the limits of the laboratory."""

    NORMAL = "not increased"
    MODERATE = "moderately increased"
    STRONG = "strongly increased"


MARKER_POINTS = {FibrinMarker.NORMAL: 0, FibrinMarker.MODERATE: 2, FibrinMarker.STRONG: 3}


@calculator(
    "ISTH score for overt DIC (2001)",
    Source(text="Taylor et al. (ISTH), Thromb Haemost 2001; 86: 1327-1330", doi="10.1055/s-0037-1616068"),
    out_of=8,
    bands=(
        (0, "not suggestive of overt DIC: repeat within 1 to 2 days"),
        (5, "compatible with overt DIC: repeat daily"),
    ),
    note="Of tests of the same day. The score of 2001 leaves to the laboratory what is moderate and what is strong; "
    "the revision of 2025 (Iba et al., J Thromb Haemost 2025; 23: 2356-2362) takes a D-dimer above 3 and above 7 "
    "times the upper limit.",
)
def isth_dic(
    *,
    has_underlying_disorder: Annotated[
        bool,
        Asked(label="illness that leads to DIC (such as sepsis, cancer, trauma, obstetric complication)"),
    ],
    # What changes by the hour counts for a day.
    platelets_thousand_per_ul: Annotated[
        float,
        Asked(
            label="platelets",
            unit="10*3/uL",
            low=0,
            high=3_000,
            loinc=("777-3", "26515-7", "778-1"),
            valid_for=DAY,
        ),
    ],
    fibrin_marker: Annotated[FibrinMarker, Asked(label="D-dimer or fibrin degradation products")],
    prothrombin_time_prolonged_by_s: Annotated[
        float, Asked(label="prothrombin time, seconds above the upper limit", unit="s", low=0, high=200)
    ],
    fibrinogen_g_l: Annotated[
        float, Asked(label="fibrinogen", unit="g/L", low=0, high=20, loinc=("3255-7",), valid_for=DAY)
    ],
) -> int:
    """Return the points, 0 to 8. Raises: NotApplicable."""
    if not has_underlying_disorder:
        raise NotApplicable("The score is only for patients with an illness that leads to DIC")
    return (
        points_from(platelets_thousand_per_ul, ((50, 1), (100, 0)), below=2)
        + MARKER_POINTS[fibrin_marker]
        + points_from(prothrombin_time_prolonged_by_s, ((3, 1), (6, 2)))
        + (fibrinogen_g_l < 1)
    )
