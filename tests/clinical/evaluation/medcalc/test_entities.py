"""Entities become inputs: units, words, doses, and what a silent row means."""

from datetime import date

import pytest

from clinical.calculators.errors import InputMissing, InputUnusable
from clinical.evaluation.medcalc.entities import inputs_of, unknown_entities
from clinical.evaluation.medcalc.mapping import Mapped, mapped


def known(name: str) -> Mapped:
    found = mapped(name)
    assert found is not None
    return found


def inputs(name: str, **entities: object) -> dict[str, object]:
    return dict(inputs_of(known(name), entities))


@pytest.mark.parametrize(
    ("calculator", "entity", "value", "name", "expected"),
    [
        ("Target weight", "height", [70, "in"], "height_cm", 177.8),
        ("Target weight", "height", [1.6, "m"], "height_cm", 160),
        ("Maintenance Fluids Calculations", "weight", [30, "lbs"], "weight_kg", 13.608),
        ("Maintenance Fluids Calculations", "weight", [2180, "g"], "weight_kg", 2.18),
        ("SIRS Criteria", "Temperature", [98.6, "degrees fahreinheit"], "temperature_celsius", 37),
        ("SIRS Criteria", "White blood cell count", [8500, "m^3"], "white_cells_thousand_per_ul", 8.5),
        ("SIRS Criteria", "White blood cell count", [8500, "µL"], "white_cells_thousand_per_ul", 8.5),
        ("SIRS Criteria", "White blood cell count", [8.5e9, "L"], "white_cells_thousand_per_ul", 8.5),
        ("LDL Calculated", "Total cholesterol", [4.75, "mmol/L"], "total_cholesterol_mg_dl", 183.66),
        ("Serum Osmolality", "Sodium", [140, "mEq/L"], "sodium_mmol_l", 140),
        ("MELD Na (UNOS/OPTN)", "creatinine", [177, "µmol/L"], "creatinine_mg_dl", 2.002),
    ],
)
def test_units_are_converted(calculator: str, entity: str, value: object, name: str, expected: float) -> None:
    others: dict[str, dict[str, object]] = {
        "Target weight": {"Body Mass Index (BMI)": [22, "kg/m^2"]},
        "SIRS Criteria": {
            "Heart Rate or Pulse": [80, "beats per minute"],
            "respiratory rate": [16, "breaths per minute"],
            "Temperature": [37, "degrees celsius"],
            "White blood cell count": [8000, "µL"],
        },
        "LDL Calculated": {
            "high-density lipoprotein cholesterol": [40, "mg/dL"],
            "Triglycerides": [100, "mg/dL"],
        },
        "Serum Osmolality": {"Glucose": [90, "mg/dL"], "Blood Urea Nitrogen (BUN)": [14, "mg/dL"]},
        "MELD Na (UNOS/OPTN)": {
            "Bilirubin": [1, "mg/dL"],
            "international normalized ratio": 1.0,
            "Sodium": [140, "mEq/L"],
        },
    }
    given = {**others.get(calculator, {}), entity: value}
    assert inputs(calculator, **given)[name] == pytest.approx(expected, abs=0.01)


def test_an_age_is_in_completed_years() -> None:
    entities = {"age": [30, "months"], "sex": "Male", "weight": [14, "kg"], "Sodium": [150, "mmol/L"]}
    assert inputs("Free Water Deficit", **entities)["age_years"] == 2


def test_dates_are_read_as_the_rows_write_them() -> None:
    found = inputs("Estimated Due Date", **{"Last menstrual date": "03/31/2006", "cycle length": 26})
    assert found == {"last_menstrual_period_on": date(2006, 3, 31), "cycle_length_days": 26}


def test_a_silent_row_says_no_and_one_of_several_entities_says_yes() -> None:
    entities = {
        "age": [60, "years"],
        "sex": "Female",
        "Transient Ischemic Attacks History": True,
        "Stroke": False,
    }
    found = inputs("CHA2DS2-VASc Score for Atrial Fibrillation Stroke Risk", **entities)
    assert found["had_stroke"] is True
    assert found["has_diabetes"] is False


def test_a_word_may_decide_several_inputs() -> None:
    entities = {
        "age": [60, "years"],
        "Liver disease severity": "Moderate to Severe",
        "Solid tumor": "metastatic",
    }
    found = inputs("Charlson Comorbidity Index (CCI)", **entities)
    assert (found["has_severe_liver_disease"], found["has_metastatic_tumor"]) == (True, True)
    assert (found["has_mild_liver_disease"], found["has_solid_tumor"]) == (False, False)


@pytest.mark.parametrize(("degrees", "has_fever"), [(38.0, False), (38.1, True)])
def test_a_number_may_decide_yes_or_no(degrees: float, has_fever: bool) -> None:
    entities = {"age": [20, "years"], "Temperature": [degrees, "degrees celsius"]}
    assert (
        inputs("Centor Score (Modified/McIsaac) for Strep Pharyngitis", **entities)["has_fever"] is has_fever
    )


def test_a_dose_counts_as_often_as_it_is_taken() -> None:
    entities = {
        "Morphine Dose": [10, "mg"],
        "Morphine Dose Per Day": [3, "per day"],
        "FentaNYL buccal Dose": [20, "µg"],
        "FentaNYL buccal Dose Per Day": [2, "per day"],
        "FentANYL patch Dose": [25, "mg"],
        "FentANYL patch Dose Per Day": [1, "per day"],
    }
    found = inputs("Morphine Milligram Equivalents (MME) Calculator", **entities)
    assert found == {"morphine_mg_day": 30, "fentanyl_buccal_ug_day": 40, "fentanyl_patch_ug_hour": 25}


def test_a_steroid_comes_with_its_name() -> None:
    entities = {"input steroid": ["PredniSONE PO", 40, "mg"], "target steroid": "Hydrocortisone IV"}
    assert inputs("Steroid Conversion Calculator", **entities) == {
        "steroid": "prednisone po",
        "dose_mg": 40,
        "target_steroid": "hydrocortisone iv",
    }


def test_the_mean_pressure_follows_from_the_two_others() -> None:
    entities = {
        "FiO₂": [50, "%"],
        "Partial pressure of oxygen (PaO₂) for Apache II": [80, "mm Hg"],
        "Platelet count": [150000, "µL"],
        "Bilirubin": [1, "mg/dL"],
        "creatinine": [1, "mg/dL"],
        "Systolic Blood Pressure": [90, "mm Hg"],
        "Diastolic Blood Pressure": [45, "mm Hg"],
        "Hypotension": False,
    }
    found = inputs("Sequential Organ Failure Assessment (SOFA) Score", **entities)
    assert found["mean_arterial_mmhg"] == pytest.approx(60)
    assert found["glasgow_coma_score"] == 15


def test_what_is_needed_and_not_given_is_missing() -> None:
    with pytest.raises(InputMissing):
        inputs("Anion Gap", Sodium=[140, "mEq/L"])


@pytest.mark.parametrize(
    "weight",
    [
        [],
        [80],
        ["80", "kg"],
        [80, "furlong"],
        [80, None],
        [True, "kg"],
        [float("nan"), "kg"],
        {"kg": 80},
        "80 kg",
        True,
    ],
)
def test_what_cannot_be_used_is_refused(weight: object) -> None:
    with pytest.raises(InputUnusable):
        inputs("Maintenance Fluids Calculations", weight=weight)


@pytest.mark.parametrize(
    ("calculator", "entities"),
    [
        ("Child-Pugh Score for Cirrhosis Mortality", {"Ascites": "torrential"}),
        ("Morphine Milligram Equivalents (MME) Calculator", {"Codeine Dose": [10, "mg"]}),
        ("Centor Score (Modified/McIsaac) for Strep Pharyngitis", {"Temperature": [38, "furlong"]}),
    ],
)
def test_words_and_doses_that_are_not_known_are_refused(calculator: str, entities: dict[str, object]) -> None:
    with pytest.raises(InputUnusable):
        inputs(calculator, **entities)


def test_entities_that_the_table_does_not_have_are_named() -> None:
    entities = {"weight": [80, "kg"], "shoe size": 43}
    assert unknown_entities(known("Maintenance Fluids Calculations"), entities) == ["shoe size"]
    doses = {"Codeine Dose": [10, "mg"], "Codeine Dose Per Day": [1, "per day"]}
    assert unknown_entities(known("Morphine Milligram Equivalents (MME) Calculator"), doses) == []
