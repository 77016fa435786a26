"""Steroids and opioids, worked by hand from the tables of their sources."""

import pytest

from clinical.calculators.errors import InputOutOfRange, NotApplicable
from clinical.calculators.formulas.body_and_mind.medicines import (
    EQUIVALENT_MG,
    Steroid,
    morphine_milligram_equivalents,
    steroid_conversion,
)


@pytest.mark.parametrize(
    ("steroid", "dose_mg", "target", "expected"),
    [
        (Steroid.PREDNISONE_PO, 40, Steroid.HYDROCORTISONE_IV, 160),
        (Steroid.DEXAMETHASONE_PO, 6, Steroid.PREDNISOLONE_PO, 40),
        (Steroid.HYDROCORTISONE_PO, 20, Steroid.CORTISONE_PO, 25),
        (Steroid.METHYLPREDNISOLONE_IV, 1_000, Steroid.PREDNISONE_PO, 1_250),
        (Steroid.TRIAMCINOLONE_IV, 4, Steroid.BETAMETHASONE_IV, 0.75),
        (Steroid.DEXAMETHASONE_IV, 4.88, Steroid.DEXAMETHASONE_PO, 4.88),
    ],
)
def test_a_steroid_is_converted_by_the_table(steroid, dose_mg, target, expected):
    found = steroid_conversion(steroid=steroid, dose_mg=dose_mg, target_steroid=target)
    assert found == pytest.approx(expected)


@pytest.mark.parametrize("steroid", list(Steroid))
def test_there_and_back_is_the_same_dose(steroid):
    other = steroid_conversion(steroid=steroid, dose_mg=10, target_steroid=Steroid.PREDNISONE_PO)
    back = steroid_conversion(steroid=Steroid.PREDNISONE_PO, dose_mg=other, target_steroid=steroid)
    assert back == pytest.approx(10)
    assert EQUIVALENT_MG[steroid] > 0


@pytest.mark.parametrize(
    ("doses", "expected"),
    [
        # The guideline's own two examples.
        ({"hydrocodone_mg_day": 20}, 20),
        ({"oxycodone_mg_day": 20}, 30),
        ({"codeine_mg_day": 100}, 15),
        ({"hydromorphone_mg_day": 10}, 50),
        ({"methadone_mg_day": 10}, 47),
        ({"morphine_mg_day": 10}, 10),
        ({"oxymorphone_mg_day": 10}, 30),
        ({"tapentadol_mg_day": 100}, 40),
        ({"tramadol_mg_day": 100}, 20),
        ({"fentanyl_patch_ug_hour": 25}, 60),
        ({"fentanyl_buccal_ug_day": 100}, 13),
        ({"morphine_mg_day": 30, "tramadol_mg_day": 50, "codeine_mg_day": 20}, 43),
        ({"morphine_mg_day": 0}, 0),
    ],
)
def test_opioids_add_up_by_the_factors_of_2022(doses, expected):
    assert morphine_milligram_equivalents(**doses) == pytest.approx(expected)


def test_without_an_opioid_there_is_no_total():
    with pytest.raises(NotApplicable, match="morphine_mg_day"):
        morphine_milligram_equivalents()


def test_from_50_a_day_the_meaning_changes():
    assert morphine_milligram_equivalents.meaning(49.9) != morphine_milligram_equivalents.meaning(50)


@pytest.mark.parametrize("dose", [-1, 10_001])
def test_an_impossible_dose_is_refused(dose):
    with pytest.raises(InputOutOfRange):
        morphine_milligram_equivalents(morphine_mg_day=dose)
