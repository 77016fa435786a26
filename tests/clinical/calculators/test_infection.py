"""Scores of infection, worked by hand from their publications."""

import pytest

from clinical.calculators.errors import InputOutOfRange
from clinical.calculators.formulas.acute.infection import Burden, centor_mcisaac, feverpain, lrinec, mascc

SIGNS = ("has_fever", "has_no_cough", "has_tender_cervical_nodes", "has_tonsillar_exudate")


@pytest.mark.parametrize(("age", "points"), [(3, 1), (14, 1), (15, 0), (44, 0), (45, -1), (80, -1)])
def test_centor_mcisaac_counts_age(age, points):
    assert centor_mcisaac(age_years=age, **dict.fromkeys(SIGNS, False)) == points
    assert centor_mcisaac(age_years=age, **dict.fromkeys(SIGNS, True)) == points + 4


@pytest.mark.parametrize("sign", SIGNS)
def test_each_sign_of_centor_mcisaac_counts_one(sign):
    assert centor_mcisaac(age_years=30, **{**dict.fromkeys(SIGNS, False), sign: True}) == 1


@pytest.mark.parametrize(
    ("points", "words"), [(-1, "neither test"), (1, "neither test"), (2, "test"), (4, "likely")]
)
def test_what_centor_mcisaac_leads_to(points, words):
    assert words in centor_mcisaac.meaning(points)


def test_centor_mcisaac_is_not_for_infants():
    with pytest.raises(InputOutOfRange):
        centor_mcisaac(age_years=2, **dict.fromkeys(SIGNS, True))


@pytest.mark.parametrize("sign", feverpain.inputs)
def test_each_sign_of_feverpain_counts_one(sign):
    assert feverpain(**{**dict.fromkeys(feverpain.inputs, False), sign: True}) == 1


@pytest.mark.parametrize(
    ("points", "percent"), [(0, "13"), (1, "13"), (2, "34"), (3, "34"), (4, "62"), (5, "62")]
)
def test_how_often_feverpain_finds_streptococci(points, percent):
    assert f"in {percent} to" in feverpain.meaning(points)


WELL = {
    "c_reactive_protein_mg_l": 149,
    "white_cells_thousand_per_ul": 14.9,
    "hemoglobin_g_dl": 13.6,
    "sodium_mmol_l": 135,
    "creatinine_mg_dl": 1.59,
    "glucose_mg_dl": 180,
}


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 0),
        ({"c_reactive_protein_mg_l": 150}, 4),
        ({"white_cells_thousand_per_ul": 15}, 1),
        ({"white_cells_thousand_per_ul": 25}, 1),
        ({"white_cells_thousand_per_ul": 25.1}, 2),
        ({"hemoglobin_g_dl": 13.5}, 1),
        ({"hemoglobin_g_dl": 11}, 1),
        ({"hemoglobin_g_dl": 10.9}, 2),
        ({"sodium_mmol_l": 134}, 2),
        # 141 umol/L is 1.595 mg/dL; 10 mmol/L is 180.2 mg/dL.
        ({"creatinine_mg_dl": 1.6}, 2),
        ({"glucose_mg_dl": 181}, 1),
        (
            {
                "c_reactive_protein_mg_l": 300,
                "white_cells_thousand_per_ul": 30,
                "hemoglobin_g_dl": 9,
                "sodium_mmol_l": 128,
                "creatinine_mg_dl": 2,
                "glucose_mg_dl": 250,
            },
            13,
        ),
    ],
)
def test_lrinec_counts_as_its_table(changes, points):
    assert lrinec(**{**WELL, **changes}) == points


@pytest.mark.parametrize(
    ("points", "risk"), [(5, "low"), (6, "intermediate"), (7, "intermediate"), (8, "high")]
)
def test_the_risk_of_lrinec(points, risk):
    assert lrinec.meaning(points).startswith(risk)


BEST = {
    "burden": Burden.NONE_OR_MILD,
    "has_hypotension": False,
    "has_copd": False,
    "has_solid_tumor_or_no_fungal_infection": True,
    "is_dehydrated": False,
    "is_outpatient": True,
    "age_years": 59,
}


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 26),
        ({"burden": Burden.MODERATE}, 24),
        ({"burden": Burden.SEVERE}, 21),
        ({"has_hypotension": True}, 21),
        ({"has_copd": True}, 22),
        ({"has_solid_tumor_or_no_fungal_infection": False}, 22),
        ({"is_dehydrated": True}, 23),
        ({"is_outpatient": False}, 23),
        ({"age_years": 60}, 24),
    ],
)
def test_mascc_counts_as_its_table(changes, points):
    assert mascc(**{**BEST, **changes}) == points


@pytest.mark.parametrize(("points", "words"), [(20, "not low risk"), (21, "low risk")])
def test_mascc_is_low_risk_from_21(points, words):
    assert mascc.meaning(points).startswith(words)
