"""What follows from what a note tells."""

import time

import pytest

from clinical.calculators.notes.extracting import LONGEST_NOTE, inputs_from_note
from clinical.calculators.registry import calculators


def found(calculator, note):
    return {each.name: each for each in inputs_from_note(calculators()[calculator], note).found}


@pytest.mark.parametrize(
    ("calculator", "note", "name", "value"),
    [
        ("sofa", "BP 120/60 mmHg", "mean_arterial_mmhg", 80),
        ("sofa", "a mean arterial pressure of 65 mmHg, BP 120/60 mmHg", "mean_arterial_mmhg", 65),
        ("sofa", "PaO2 of 70 mmHg on room air", "fio2_percent", 21),
        ("sofa", "norepinephrine at 0.2 mcg/kg/min", "noradrenaline_ug_kg_min", 0.2),
        ("curb-65", "urea 4.7 mmol/L", "urea_nitrogen_mg_dl", 13.17),
        ("curb-65", "blood urea 60 mg/dl", "urea_nitrogen_mg_dl", 27.99),
        ("curb-65", "blood urea nitrogen 18 mg/dL", "urea_nitrogen_mg_dl", 18),
        ("has-bled", "about four drinks per week", "drinks_per_week", 4),
        ("has-bled", "2 beers a day", "drinks_per_week", 14),
        ("has-bled", "He denies alcohol, reporting zero drinks per week.", "drinks_per_week", 0),
        (
            "target-weight",
            "height of 194 cm, target BMI is 20.7 kg/m^2",
            "target_body_mass_index_kg_m2",
            20.7,
        ),
        ("curb-65", "a pressure of 115 mmHg systolic", "systolic_mmhg", 115),
        ("qtc-bazett", "sodium within the normal range; heart rate of 62/min", "heart_rate_per_min", 62),
    ],
)
def test_a_number_follows(calculator, note, name, value):
    mention = found(calculator, note)[name]
    assert mention.value == pytest.approx(value, rel=0.001)
    assert note[mention.start : mention.end] == mention.quote


@pytest.mark.parametrize(
    ("note", "value"),
    [
        ("sore throat and a temperature of 38.5 °C", True),
        ("feverish, but a temperature of 37.2 °C", False),
        ("He has a fever.", True),
    ],
)
def test_a_measured_temperature_goes_before_a_word(note, value):
    assert found("centor-mcisaac", note)["has_fever"].value is value


@pytest.mark.parametrize(
    ("note", "value"),
    [("hypertension, today 172/100 mmHg", True), ("hypertension, well controlled, 128/70 mmHg", False)],
)
def test_uncontrolled_is_above_160(note, value):
    assert found("has-bled", note)["has_uncontrolled_hypertension"].value is value


def test_no_word_of_alcohol_is_assumed_to_be_none():
    assert found("has-bled", "A 70-year-old man.")["drinks_per_week"].is_assumed


@pytest.mark.parametrize("note", ["creatinine 10–15 mg/dL", "creatinine 1.1 to 1.9 mg/dL"])
def test_a_range_is_no_value(note):
    assert "creatinine_mg_dl" not in found("egfr-ckd-epi-2021", note)


def test_a_medicine_that_is_named_without_a_readable_dose_is_missing():
    calculator = calculators()["morphine-milligram-equivalents"]
    note = "She takes codeine 30 mg twice daily and wears a fentanyl patch."
    assert inputs_from_note(calculator, note).missing == ("fentanyl_patch_ug_hour",)
    assert inputs_from_note(calculator, "codeine 30 mg twice daily").missing == ()


@pytest.mark.parametrize(
    ("calculator", "name", "value"),
    [
        ("apache-ii", "sodium_mmol_l", 127),
        ("apache-ii", "potassium_mmol_l", 2.6),
        ("apache-ii", "creatinine_mg_dl", 0.44),
        ("curb-65", "urea_nitrogen_mg_dl", 35.9),
        ("fib-4", "ast_u_l", 471),
        ("fib-4", "alt_u_l", 374),
    ],
)
def test_numbers_of_a_list_belong_to_the_names_in_their_order(calculator, name, value):
    note = (
        "blood urea nitrogen/creatinine 35.9/0.44 mg/dL, aspartate aminotransferase/alanine aminotransferase "
        "471/374 IU/L, Na/K 127/2.6 mEq/L"
    )
    assert found(calculator, note)[name].value == value


@pytest.mark.parametrize(
    ("note", "value"),
    [
        ("She lost 12 kg and weighs 63 kg.", 63),
        ("a 10-kg decrease in weight; weight: 16 kg", 16),
        ("166 kg before; body weight 63 kg", 63),
        ("a 30 lb weight loss", None),
        ("lost over 100 kg", None),
    ],
)
def test_a_change_of_weight_is_no_weight(note, value):
    mention = found("maintenance-fluids", note).get("weight_kg")
    assert (mention.value if mention else None) == value


@pytest.mark.parametrize("words", ["no stroke, ", "Na/K/", "12 kg ", "weight loss of 12 ", "a/", "1/2/"])
def test_the_longest_note_is_read_in_time(words):
    note = words * (LONGEST_NOTE // len(words))
    started = time.perf_counter()
    inputs_from_note(calculators()["caprini-2005"], note)
    inputs_from_note(calculators()["apache-ii"], note)
    assert time.perf_counter() - started < 5
