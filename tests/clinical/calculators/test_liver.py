"""Scores of the liver, worked by hand from their publications."""

import pytest

from clinical.calculators.charts.autofill import computed
from clinical.calculators.charts.conditions import condition
from clinical.calculators.domain import Sex
from clinical.calculators.errors import InputOutOfRange
from clinical.calculators.formulas.chemistry.liver import (
    Ascites,
    Encephalopathy,
    apri,
    child_pugh,
    fib_4,
    maddrey,
    meld_3,
    meld_na,
    nafld_fibrosis,
)
from tests.clinical.safety.charts import ON, chart

WELL = {
    "bilirubin_mg_dl": 1.0,
    "albumin_g_dl": 4.0,
    "inr": 1.0,
    "ascites": Ascites.ABSENT,
    "encephalopathy": Encephalopathy.NONE,
}


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 5),
        ({"bilirubin_mg_dl": 1.99}, 5),
        ({"bilirubin_mg_dl": 2}, 6),
        ({"bilirubin_mg_dl": 3}, 6),
        ({"bilirubin_mg_dl": 3.1}, 7),
        ({"albumin_g_dl": 3.6}, 5),
        ({"albumin_g_dl": 3.5}, 6),
        ({"albumin_g_dl": 2.8}, 6),
        ({"albumin_g_dl": 2.7}, 7),
        ({"inr": 1.69}, 5),
        ({"inr": 1.7}, 6),
        ({"inr": 2.3}, 6),
        ({"inr": 2.31}, 7),
        ({"ascites": Ascites.SLIGHT}, 6),
        ({"ascites": Ascites.MODERATE}, 7),
        ({"encephalopathy": Encephalopathy.GRADE_1_OR_2}, 6),
        ({"encephalopathy": Encephalopathy.GRADE_3_OR_4}, 7),
        ({"bilirubin_mg_dl": 3.9, "has_primary_biliary_cholangitis": True}, 5),
        ({"bilirubin_mg_dl": 10, "has_primary_biliary_cholangitis": True}, 6),
        ({"bilirubin_mg_dl": 10.1, "has_primary_biliary_cholangitis": True}, 7),
        (
            {
                "bilirubin_mg_dl": 9,
                "albumin_g_dl": 2,
                "inr": 3,
                "ascites": Ascites.MODERATE,
                "encephalopathy": Encephalopathy.GRADE_3_OR_4,
            },
            15,
        ),
    ],
)
def test_child_pugh_counts_as_its_table(changes, points):
    assert child_pugh(**{**WELL, **changes}) == points


@pytest.mark.parametrize(("points", "letter"), [(5, "A"), (6, "A"), (7, "B"), (9, "B"), (10, "C"), (15, "C")])
def test_child_pugh_has_three_classes(points, letter):
    assert child_pugh.meaning(points).startswith(f"class {letter}")


MELD = {"creatinine_mg_dl": 1.0, "bilirubin_mg_dl": 1.0, "inr": 1.0, "is_on_dialysis": False}


@pytest.mark.parametrize(
    ("changes", "sodium", "points"),
    [
        # 0.643 is 0.6, 6 points: sodium does not count up to 11.
        ({}, 125, 6),
        ({"creatinine_mg_dl": 0.2, "bilirubin_mg_dl": 0.2, "inr": 0.6}, 125, 6),
        # 0.957 ln 2 + 1.12 ln 1.59 + 0.643 = 1.826: 18 points.
        ({"creatinine_mg_dl": 2, "bilirubin_mg_dl": 0.7, "inr": 1.59}, 142, 18),
        # 1.3267 + 0.0495 + 0.1067 + 0.643 = 2.126: 21, + 3.96 - 2.079 = 22.9.
        ({"creatinine_mg_dl": 10.48, "bilirubin_mg_dl": 1.14, "inr": 1.1, "is_on_dialysis": True}, 134, 23),
        # Dialysis counts as 4 mg/dL: 1.97 is 20; + 15.84 - 7.92 with the lowest sodium.
        ({"is_on_dialysis": True}, 120, 28),
        ({"creatinine_mg_dl": 5, "bilirubin_mg_dl": 40, "inr": 6}, 120, 40),
    ],
)
def test_meld_na_by_hand(changes, sodium, points):
    assert meld_na(**{**MELD, **changes}, sodium_mmol_l=sodium) == points


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 6),
        # 6 + 1.33.
        ({"sex": Sex.FEMALE}, 7),
        # 6 + 9.84 with the lowest sodium.
        ({"sodium_mmol_l": 120}, 16),
        # 6 + 11.14 ln 3.
        ({"creatinine_mg_dl": 8}, 18),
        ({"is_on_dialysis": True}, 18),
        # 6 + 1.85 x 2.
        ({"albumin_g_dl": 1.2}, 10),
        # 1.33 + 3.161 + 5.74 - 1.164 + 4.272 + 4.517 + 0.925 - 0.371 + 6 = 24.41.
        (
            {
                "sex": Sex.FEMALE,
                "bilirubin_mg_dl": 2,
                "creatinine_mg_dl": 1.5,
                "inr": 1.6,
                "sodium_mmol_l": 130,
                "albumin_g_dl": 3,
            },
            24,
        ),
        ({"bilirubin_mg_dl": 40, "creatinine_mg_dl": 3, "inr": 6, "albumin_g_dl": 2}, 40),
    ],
)
def test_meld_3_by_hand(changes, points):
    well = {**MELD, "sex": Sex.MALE, "sodium_mmol_l": 140, "albumin_g_dl": 4}
    assert meld_3(**{**well, **changes}) == points


@pytest.mark.parametrize(
    ("age", "ast", "alt", "platelets", "expected"),
    # 50 x 40 / (200 x 5); 65 x 90 / (100 x 9).
    [(50, 40, 25, 200, 2.0), (65, 90, 81, 100, 6.5)],
)
def test_fib_4_by_hand(age, ast, alt, platelets, expected):
    found = fib_4(age_years=age, ast_u_l=ast, alt_u_l=alt, platelets_thousand_per_ul=platelets)
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("value", "words"),
    [(1.29, "unlikely"), (1.30, "indeterminate"), (2.67, "indeterminate"), (2.671, "fibrosis likely")],
)
def test_fib_4_has_three_bands(value, words):
    assert words in fib_4.meaning(value)


@pytest.mark.parametrize(
    ("ast", "limit", "platelets", "expected", "words"),
    [
        (40, 40, 200, 0.5, "unlikely"),
        (41, 40, 200, 0.5125, "indeterminate"),
        (120, 40, 200, 1.5, "indeterminate"),
        (80, 40, 100, 2.0, "fibrosis likely"),
        (100, 40, 100, 2.5, "cirrhosis possible"),
    ],
)
def test_apri_by_hand(ast, limit, platelets, expected, words):
    found = apri(ast_u_l=ast, ast_upper_limit_u_l=limit, platelets_thousand_per_ul=platelets)
    assert found == pytest.approx(expected)
    assert words in apri.meaning(found)


@pytest.mark.parametrize(
    ("has_diabetes", "expected"),
    # -1.675 + 1.85 + 2.82 + 0.99 - 2.6 - 2.64; with 1.13 for diabetes.
    [(False, -1.255), (True, -0.125)],
)
def test_nafld_fibrosis_by_hand(has_diabetes, expected):
    found = nafld_fibrosis(
        age_years=50,
        body_mass_index_kg_m2=30,
        has_diabetes_or_impaired_glucose=has_diabetes,
        ast_u_l=40,
        alt_u_l=40,
        platelets_thousand_per_ul=200,
        albumin_g_dl=4,
    )
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("value", "words"),
    [(-1.456, "unlikely"), (-1.455, "indeterminate"), (0.676, "indeterminate"), (0.677, "fibrosis likely")],
)
def test_nafld_fibrosis_has_three_bands(value, words):
    assert words in nafld_fibrosis.meaning(value)


@pytest.mark.parametrize(
    ("seconds", "bilirubin", "expected", "words"),
    # 4.6 x 6 + 4.4 is 32; 4.6 x -1 + 1.
    [(18, 4.4, 32.0, "severe alcoholic"), (18, 4.3, 31.9, "not severe"), (11, 1, -3.6, "not severe")],
)
def test_maddrey_by_hand(seconds, bilirubin, expected, words):
    found = maddrey(prothrombin_seconds=seconds, control_prothrombin_seconds=12, bilirubin_mg_dl=bilirubin)
    assert found == pytest.approx(expected)
    assert words in maddrey.meaning(round(found, 6))


@pytest.mark.parametrize("changes", [{"platelets_thousand_per_ul": 0}, {"alt_u_l": 0}, {"age_years": 17}])
def test_what_cannot_be_divided_by_or_is_a_child_is_refused(changes):
    given = {"age_years": 50, "ast_u_l": 40, "alt_u_l": 40, "platelets_thousand_per_ul": 200}
    with pytest.raises(InputOutOfRange):
        fib_4(**{**given, **changes})


@pytest.mark.parametrize(
    ("words", "name", "is_there"),
    [
        ("Cirrhosis of liver", "cirrhosis", True),
        ("Suspected cirrhosis", "cirrhosis", False),
        ("Primary biliary cholangitis", "primary-biliary-cholangitis", True),
        ("Non-alcoholic fatty liver disease", "steatotic-liver-disease", True),
        ("Family history of fatty liver", "steatotic-liver-disease", False),
        ("Dependence on renal dialysis", "dialysis", True),
        ("History of hemodialysis", "dialysis", False),
        ("Chronic hepatitis B", "chronic-liver-disease", True),
        ("Chronic kidney disease stage 3", "chronic-kidney-disease", True),
        ("Heat stroke", "cerebrovascular-disease", False),
        ("Cerebral haemorrhage", "cerebrovascular-disease", True),
        ("COPD with acute exacerbation", "copd", True),
    ],
)
def test_a_condition_is_told_by_its_words(words, name, is_there):
    assert (condition(chart(has=[words]), name) is not None) is is_there


def test_a_chart_with_cirrhosis_or_a_fatty_liver_is_worth_its_score():
    for words, name in (("Cirrhosis of liver", "meld-3"), ("Steatohepatitis", "fib-4")):
        (score,) = (each for each in computed(chart(has=[words], creatinine=1.0), on=ON) if each.name == name)
        assert score.value is None
        assert score.missing
    assert {each.name for each in computed(chart(has=["Asthma"]), on=ON)}.isdisjoint({"meld-3", "fib-4"})
