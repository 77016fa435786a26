"""What a note must tell for a row to be computed."""

import pytest

from clinical.evaluation.medcalc.mapping import mapped
from clinical.evaluation.medcalc.support import Doubt, doubt_of

FLUIDS = "Maintenance Fluids Calculations"
KIDNEY = "CKD-EPI Equations for Glomerular Filtration Rate"
GAP = "Anion Gap"
CENTOR = "Centor Score (Modified/McIsaac) for Strep Pharyngitis"
FAR = " He walked home and slept." * 60


def doubt(calculator: str, note: str, **entities: object) -> Doubt | None:
    known = mapped(calculator)
    assert known is not None
    return doubt_of(known, entities, note)


def creatinine(note: str, value: float = 1.7, unit: str = "mg/dL") -> Doubt | None:
    return doubt(KIDNEY, note, creatinine=[value, unit])


@pytest.mark.parametrize(
    "note",
    [
        "Creatinine was 1.7 mg/dL.",
        "creatinine 1,7 mg/dL",
        "BUN/Cr 36/1.7 mg/dL",
        "1.7 mg/dL",
        "Bilirubin 2.0 mg/dL; creatinine, 1.7 mg/dL.",
        "Serum creatinine rose to 150 umol/L.",
        "",
    ],
)
def test_a_number_that_stands_in_the_note_is_supported(note: str) -> None:
    assert creatinine(note) is None


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("Creatinine was high.", Doubt.NO_SUCH_NUMBER),
        ("Creatinine was 11.7 mg/dL.", Doubt.NO_SUCH_NUMBER),
        ("He weighed 150 kg.", Doubt.NO_SUCH_NUMBER),
        ("Total bilirubin was 1.7 mg/dL.", Doubt.OTHER_MEASUREMENT),
        ("C-reactive protein 1.7 mg/dL.", Doubt.OTHER_MEASUREMENT),
        ("Creatinine below 1.7 mg/dL.", Doubt.NO_VALUE),
        ("Creatinine <1.7 mg/dL.", Doubt.NO_VALUE),
        ("Creatinine 1.7-2.8 mg/dL.", Doubt.NO_VALUE),
        ("Creatinine 1.7–2.8 mg/dL.", Doubt.NO_VALUE),
    ],
)
def test_a_number_that_the_note_has_not_or_as_something_else_is_not(note: str, expected: Doubt) -> None:
    assert creatinine(note) is expected


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("She had lost 4 kg in weight.", Doubt.NO_VALUE),
        ("A 4 kg weight loss over three weeks.", Doubt.NO_VALUE),
        ("After a weight loss she weighed 4 kg.", None),
        ("Weight 4 kg.", None),
    ],
)
def test_weight_that_was_lost_is_not_the_weight(note: str, expected: Doubt | None) -> None:
    assert doubt(FLUIDS, note, weight=[4.0, "kg"]) is expected


def test_cell_counts_are_written_in_powers_of_ten() -> None:
    sirs = {"White blood cell count": [8500.0, "µL"]}
    assert doubt("SIRS Criteria", "White cells 8.5 x 10^9/L.", **sirs) is None
    assert doubt("SIRS Criteria", "White cells 8,500/mm3.", **sirs) is None
    assert doubt("SIRS Criteria", "White cells 9.5 x 10^9/L.", **sirs) is Doubt.NO_SUCH_NUMBER


def test_values_of_one_sample_stand_together() -> None:
    entities = {"Sodium": [139.0, "mmol/L"], "Chloride": [102.0, "mmol/L"], "Bicarbonate": [7.6, "mmol/L"]}
    together = "Na, 139 mmol/L; Cl, 102 mmol/L; HCO3, 7.6 mmol/L."
    apart = f"Na, 139 mmol/L; Cl, 102 mmol/L.{FAR} HCO3, 7.6 mmol/L."
    assert doubt(GAP, together, **entities) is None
    assert doubt(GAP, apart, **entities) is Doubt.OTHER_TIME
    assert doubt(GAP, f"{apart} {together}", **entities) is None


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("Sore throat for two days; the tonsils are red.", None),
        ("Sore throat for two days.", Doubt.NOT_MENTIONED),
        ("A painful neck mass.", Doubt.OTHER_COMPLAINT),
    ],
)
def test_a_score_is_for_a_complaint_and_a_finding_is_not_assumed(note: str, expected: Doubt | None) -> None:
    assert doubt(CENTOR, note, **{"Cough Absent": True}) is expected


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("A scheduled operation; an earlier cerebrovascular accident.", Doubt.NOT_MENTIONED),
        ("An elective hernia repair.", None),
        ("A high-risk thoracic surgery.", None),
    ],
)
def test_an_operation_without_a_name_has_no_risk(note: str, expected: Doubt | None) -> None:
    assert doubt("Revised Cardiac Risk Index for Pre-Operative Risk", note) is expected
