"""DAS28, worked by hand from its two formulas."""

import pytest

from clinical.calculators.errors import InputOutOfRange
from clinical.calculators.formulas.body_and_mind.joints import das28_crp, das28_esr

JOINTS = {"tender_joints": 4, "swollen_joints": 9, "global_health_mm": 50}


@pytest.mark.parametrize(
    ("changes", "expected"),
    # 0.56 x 2 + 0.28 x 3 + 0.70 ln(20) + 0.7; ln(20) = 2.9957
    [({}, 4.757), ({"tender_joints": 0, "swollen_joints": 0, "global_health_mm": 0}, 2.097)],
)
def test_das28_with_the_sedimentation_rate(changes, expected):
    found = das28_esr(**{**JOINTS, "sedimentation_mm_hour": 20, **changes})
    assert found == pytest.approx(expected, abs=0.001)


@pytest.mark.parametrize(
    ("protein", "expected"),
    # 0.56 x 2 + 0.28 x 3 + 0.36 ln(11) + 0.7 + 0.96; ln(11) = 2.3979
    [(10, 4.4832), (0, 3.62)],
)
def test_das28_with_c_reactive_protein(protein, expected):
    assert das28_crp(**JOINTS, c_reactive_protein_mg_l=protein) == pytest.approx(expected, abs=0.001)


@pytest.mark.parametrize(
    ("value", "word"),
    [(2.59, "remission"), (2.6, "low"), (3.2, "low"), (3.21, "moderate"), (5.1, "moderate"), (5.11, "high")],
)
def test_the_bands_begin_where_the_publications_have_them(value, word):
    assert word in das28_esr.meaning(value)


def test_a_rate_of_nothing_is_refused():
    with pytest.raises(InputOutOfRange):
        das28_esr(**JOINTS, sedimentation_mm_hour=0)
