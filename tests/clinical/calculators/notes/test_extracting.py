"""What a note tells of inputs, with the words that say it."""

import pytest

from clinical.calculators import inputs
from clinical.calculators.declaring import calculator
from clinical.calculators.domain import Sex, Source
from clinical.calculators.notes.extracting import inputs_from_note
from clinical.calculators.notes.numbers import numbers_in
from clinical.calculators.registry import calculators

EGFR = calculators()["egfr-ckd-epi-2021"]
STROKE = calculators()["cha2ds2-vasc"]


@calculator("Everything", Source(text="none", url="https://example.org"))
def everything(
    *,
    age_years: inputs.AgeYears,
    sex: inputs.PatientSex,
    weight_kg: inputs.WeightKg,
    height_cm: inputs.HeightCm,
    systolic_mm_hg: inputs.SystolicMmHg,
    diastolic_mm_hg: inputs.DiastolicMmHg,
    heart_rate_per_min: inputs.HeartRatePerMin,
    temperature_celsius: inputs.TemperatureCelsius,
    creatinine_mg_dl: inputs.CreatinineMgDl,
    sodium_mmol_l: inputs.SodiumMmolL,
    platelets_thousand_per_ul: inputs.PlateletsThousandPerUl,
    white_cells_thousand_per_ul: inputs.WhiteCellsThousandPerUl,
    albumin_g_dl: inputs.AlbuminGDl,
) -> float:
    """Return nothing that counts."""
    return float(age_years)


def told(note):
    return {each.name: each.value for each in inputs_from_note(everything, note).found}


@pytest.mark.parametrize(
    ("note", "name", "value"),
    [
        ("A 67-year-old woman came.", "age_years", 67),
        ("A seventy-two-year-old man came.", "age_years", 72),
        ("A 5-month-old boy came.", "age_years", 0),
        ("Patient aged 34.", "age_years", 34),
        ("A 67-year-old woman; her husband is a man of 70.", "sex", Sex.FEMALE),
        ("He weighs 154 lbs.", "weight_kg", 69.85),
        ("a 58 kg, 156 cm woman", "weight_kg", 58),
        ("a 58 kg, 156 cm woman", "height_cm", 156),
        ("She is 1.63 m tall.", "height_cm", 163),
        ("He is 5'8\" tall and well.", "height_cm", 172.72),
        ("BP 136/74 mmHg", "systolic_mm_hg", 136),
        ("hypotension (80/40 mm Hg)", "diastolic_mm_hg", 40),
        ("tachycardic at 130 beats per minute", "heart_rate_per_min", 130),
        ("a temperature of 101.3°F (38.5°C)", "temperature_celsius", 38.5),
        ("creatinine, 1.4 mg/dL", "creatinine_mg_dl", 1.4),
        ("serum creatinine was 123.8 µmol/L", "creatinine_mg_dl", 1.4),
        ("creatinine (normal 0.6-1.2) 2.3 mg/dL", "creatinine_mg_dl", 2.3),
        ("Na+ 134 mEq/L, K+ 5.4 mEq/L", "sodium_mmol_l", 134),
        ("platelet count of 192,000/mm^3", "platelets_thousand_per_ul", 192),
        ("platelets 147 × 109/L", "platelets_thousand_per_ul", 147),
        ("WBC 5.7 K/mm3", "white_cells_thousand_per_ul", 5.7),
        ("low albumin level 28 g/L", "albumin_g_dl", 2.8),
    ],
)
def test_a_value_is_read_in_the_unit_of_the_formula(note, name, value):
    found = told(note)
    assert found[name] == (value if name == "sex" else pytest.approx(value, rel=0.01))


@pytest.mark.parametrize(
    ("note", "name"),
    [
        ("urine creatinine 80 mg/dL", "creatinine_mg_dl"),
        ("creatinine clearance was low. Sodium 140 mmol/L", "creatinine_mg_dl"),
        ("creatinine 300 g/L", "creatinine_mg_dl"),
        ("mean corpuscular volume 88", "platelets_thousand_per_ul"),
        ("birth weight", "weight_kg"),
        ("He was well.", "age_years"),
    ],
)
def test_what_is_something_else_or_impossible_is_not_read(note, name):
    assert name not in told(note)


def test_every_value_stands_in_the_note():
    note = "A 67-year-old woman, BP 136/74 mmHg, creatinine 1.4 mg/dL, Na 140 mEq/L, 62 kg."
    for mention in inputs_from_note(everything, note).found:
        assert note[mention.start : mention.end] == mention.quote


@pytest.mark.parametrize(
    ("note", "value", "is_assumed"),
    [
        ("She has hypertension.", True, False),
        ("She denies hypertension.", False, False),
        ("No history of diabetes mellitus, hypertension or stroke.", False, False),
        ("Her mother had hypertension.", False, True),
        ("Hypertension was ruled out.", False, False),
        ("She has no pain but known hypertension.", True, False),
        ("Well.", False, True),
    ],
)
def test_a_history_is_said_denied_or_not_spoken_of(note, value, is_assumed):
    found = {each.name: each for each in inputs_from_note(STROKE, note).found}["has_hypertension"]
    assert (found.value, found.is_assumed) == (value, is_assumed)


def test_what_is_required_and_not_told_is_named():
    assert inputs_from_note(EGFR, "A 60-year-old man.").missing == ("creatinine_mg_dl",)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("80 beats per minute", 80, "{beats}/min"),
        ("9,103 count/µL", 9103, "/uL"),
        ("106 × 109/L", 106, "10*9/L"),
        ("5.7 × 10³/µL", 5.7, "10*3/uL"),
        ("1.4 mg·dL−1", 1.4, "mg/dL"),
        ("75 mm Hg.", 75, "mm[Hg]"),
    ],
)
def test_a_number_is_read_with_its_unit(text, value, unit):
    number = next(numbers_in(text, 0, len(text)))
    assert (number.value, number.units[0]) == (value, unit)
