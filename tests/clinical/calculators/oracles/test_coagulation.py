"""The score of overt DIC against others' code; docs/calculators/clots.md says where they differ."""

from clinical.calculators.formulas.circulation.coagulation import FibrinMarker, isth_dic
from tests.clinical.calculators.drawing import drawn

WITHIN = {
    "platelets_thousand_per_ul": (10, 150),
    "prothrombin_time_prolonged_by_s": (0, 10),
    "fibrinogen_g_l": (0.3, 3),
}


def _given():
    for given in drawn(isth_dic, within=WITHIN):
        yield {
            **given,
            "has_underlying_disorder": True,
            "platelets_thousand_per_ul": round(given["platelets_thousand_per_ul"]),
        }


def test_the_score_of_2001_agrees(open_medicine):
    for given in _given():
        theirs = open_medicine(
            "isth_dic",
            platelet_count=given["platelets_thousand_per_ul"],
            fibrin_marker_increase=list(FibrinMarker).index(given["fibrin_marker"]),
            pt_prolongation_seconds=given["prothrombin_time_prolonged_by_s"],
            fibrinogen_level=given["fibrinogen_g_l"],
        )
        assert isth_dic(**given) == theirs


def test_the_revision_of_2025_agrees_with_its_limits_of_d_dimer(clincalc):
    d_dimer = {FibrinMarker.NORMAL: 3, FibrinMarker.MODERATE: 7, FibrinMarker.STRONG: 7.1}
    for given in _given():
        asked = {
            "underlying_etiology": "sepsis_or_severe_infection",
            "platelet_count_10_9_l": given["platelets_thousand_per_ul"],
            "d_dimer_multiple_of_uln": d_dimer[given["fibrin_marker"]],
            "pt_prolongation_seconds": given["prothrombin_time_prolonged_by_s"],
            "fibrinogen_g_l": given["fibrinogen_g_l"],
        }
        assert isth_dic(**given) == clincalc("isth_overt_dic", asked)["result"]
