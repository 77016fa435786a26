"""The score of overt DIC, worked by hand from its publication."""

from typing import Any

import pytest

from clinical.calculators.charts.filling import filling_of
from clinical.calculators.errors import InputOutOfRange, NotApplicable
from clinical.calculators.formulas.circulation.coagulation import FibrinMarker, isth_dic
from clinical.calculators.services import calculate
from tests.clinical.safety.charts import ON, chart

NORMAL: dict[str, Any] = {
    "has_underlying_disorder": True,
    "platelets_thousand_per_ul": 100,
    "fibrin_marker": FibrinMarker.NORMAL,
    "prothrombin_time_prolonged_by_s": 2.9,
    "fibrinogen_g_l": 1.0,
}
WORST = {
    "platelets_thousand_per_ul": 20,
    "fibrin_marker": FibrinMarker.STRONG,
    "prothrombin_time_prolonged_by_s": 8,
    "fibrinogen_g_l": 0.6,
}


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 0),
        ({"platelets_thousand_per_ul": 99}, 1),
        ({"platelets_thousand_per_ul": 50}, 1),
        ({"platelets_thousand_per_ul": 49}, 2),
        ({"fibrin_marker": FibrinMarker.MODERATE}, 2),
        ({"fibrin_marker": FibrinMarker.STRONG}, 3),
        ({"prothrombin_time_prolonged_by_s": 3}, 1),
        ({"prothrombin_time_prolonged_by_s": 5.9}, 1),
        ({"prothrombin_time_prolonged_by_s": 6}, 2),
        ({"fibrinogen_g_l": 0.99}, 1),
        # 1 + 3 + 1 + 0.
        (
            {
                "platelets_thousand_per_ul": 80,
                "fibrin_marker": FibrinMarker.STRONG,
                "prothrombin_time_prolonged_by_s": 4,
            },
            5,
        ),
        (WORST, 8),
    ],
)
def test_overt_dic_counts_as_its_table(changes, points):
    found = isth_dic(**{**NORMAL, **changes})
    assert found == points
    assert isth_dic.meaning(found).startswith("compatible" if points >= 5 else "not suggestive")


def test_without_an_illness_that_leads_to_dic_it_is_refused():
    with pytest.raises(NotApplicable):
        isth_dic(**{**NORMAL, **WORST, "has_underlying_disorder": False})


@pytest.mark.parametrize("changes", [{"fibrinogen_g_l": 250}, {"prothrombin_time_prolonged_by_s": -1}])
def test_a_fibrinogen_in_mg_dl_and_a_shortened_time_are_refused(changes):
    with pytest.raises(InputOutOfRange):
        isth_dic(**{**NORMAL, **changes})


def test_a_fibrinogen_may_come_in_mg_dl_with_its_unit():
    given = {**NORMAL, "fibrinogen_g_l": {"value": 90, "unit": "mg/dL"}}
    assert calculate(isth_dic, given).value == 1


def test_what_a_chart_without_tests_of_today_lacks_is_named():
    missing = filling_of(isth_dic, chart(), on=ON).missing
    assert {"platelets of the last day", "fibrinogen of the last day"} <= set(missing)
