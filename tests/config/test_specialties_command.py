"""`manage.py specialties`, as a person tries it."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from tests.clinical.specialties.folders import WHOLE, write_specialty
from tests.config.running import run, run_json


@pytest.fixture
def own(settings: Any, tmp_path: Path) -> Path:
    """The hospital's own folder."""
    settings.TACIT_SPECIALTIES_FOLDER = tmp_path
    return tmp_path


def test_it_lists_the_ten_and_the_hospitals_own(own):
    assert len(run_json("specialties", "list")["specialties"]) == 10
    assert "Primary care, version 1" in run("specialties", "list")


def test_a_dropped_folder_is_listed_shown_and_routed_to(own):
    write_specialty(own, prompt="Keep the pressure of the mask.")
    assert "Sleep medicine, version 1" in run("specialties", "list")
    shown = run_json("specialties", "show", "Sleep medicine")
    assert shown["prompt"] == "Keep the pressure of the mask."
    assert shown["corpus"] == {"specialties": ["neurology"], "grades": ["guideline"], "corpora": []}
    routed = run_json("specialties", "route", "CPAP pressure in sleep apnea")
    assert routed["specialty"] == "sleep-medicine"


def test_a_calculator_that_there_is_not_is_said(own):
    write_specialty(own, text=WHOLE.replace("body-mass-index", "no-such-score"))
    assert run_json("specialties", "show", "sleep-medicine")["calculators_unknown"] == ["no-such-score"]
    assert "calculators that there are not: no-such-score" in run("specialties", "show", "sleep-medicine")


def test_a_question_is_routed_with_its_reason(own):
    told = run("specialties", "route", "hypertension at 34 weeks")
    assert "Obstetrics, because the question says 'at 34 weeks'." in told
    assert "Next: Cardiology, because the question says 'hypertension'." in told


def test_age_pregnancy_and_an_override_count(own):
    assert run_json("specialties", "route", "which inhaler", "--age", "6")["specialty"] == "paediatrics"
    assert run_json("specialties", "route", "which inhaler", "--pregnant")["specialty"] == "obstetrics"
    chosen = run_json("specialties", "route", "which inhaler", "--override", "oncology")
    assert (chosen["specialty"], chosen["is_override"]) == ("oncology", True)


def test_an_unknown_name_is_a_problem_that_lists_the_known(own):
    problem = run_json("specialties", "show", "astrology", code=1)
    assert problem["type"] == "urn:tacit:problem:specialty-unknown"
    assert "cardiology" in problem["detail"]
    assert "astrology" not in problem["detail"]


def test_a_folder_that_cannot_be_read_is_told_with_its_file(own):
    write_specialty(own, text="title = 7")
    with pytest.raises(CommandError, match=r"sleep-medicine/specialty.toml, key title"):
        run("specialties", "list")
    assert "key title" in run_json("specialties", "list", code=1)["detail"]
