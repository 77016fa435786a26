"""`manage.py calculate`."""

import json

import pytest
from django.core.management import CommandError

from tests.config.running import run, run_json

GIVEN = json.dumps({"creatinine_mg_dl": 1.0, "age_years": 60, "sex": "male"})


def test_a_score_is_one_json_object():
    document = run_json("calculate", "egfr_ckd_epi_2021", "--inputs", GIVEN)
    assert document["name"] == "egfr-ckd-epi-2021"
    assert document["value"] == pytest.approx(85.7, abs=0.5)


def test_without_inputs_it_says_what_is_asked_for():
    assert "creatinine_mg_dl: serum creatinine, mg/dL" in run("calculate", "egfr-ckd-epi-2021")
    assert "egfr-ckd-epi-2021" in run("calculate", "--list")
    assert run_json("calculate", "--list")["calculators"]


@pytest.mark.parametrize("inputs", ["{", "[]", "1"])
def test_inputs_that_are_no_object_are_refused_with_the_fix(inputs):
    with pytest.raises(CommandError, match="not a JSON object"):
        run("calculate", "egfr-ckd-epi-2021", "--inputs", inputs)


def test_a_refusal_is_a_problem_document():
    problem = run_json("calculate", "egfr-ckd-epi-2021", "--inputs", '{"age_years": 60}', code=1)
    assert problem["type"] == "urn:tacit:problem:input-missing"
    assert problem["missing"] == ["creatinine_mg_dl", "sex"]


def test_a_note_gives_what_is_not_given_with_its_words(tmp_path):
    note = tmp_path / "note.txt"
    note.write_text("A 60-year-old woman. Creatinine 1.4 mg/dL.")
    document = run_json("calculate", "egfr-ckd-epi-2021", "--note", note, "--inputs", '{"age_years": 61}')
    origins = {each["name"]: (each["origin"], each["text"]) for each in document["inputs"]}
    assert origins == {
        "creatinine_mg_dl": ("note", "Creatinine 1.4 mg/dL"),
        "age_years": ("given", ""),
        "sex": ("note", "woman"),
    }


def test_what_a_note_does_not_speak_of_is_asked_for_not_assumed(tmp_path):
    note = tmp_path / "note.txt"
    note.write_text("A 60-year-old woman with hypertension.")
    problem = run_json("calculate", "cha2ds2-vasc", "--note", note, code=1)
    assert "has_diabetes" in problem["missing"]
    assert "has_hypertension" not in problem["missing"]


def test_a_note_that_cannot_be_read_is_one_line(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        run("calculate", "egfr-ckd-epi-2021", "--note", tmp_path / "nowhere")
