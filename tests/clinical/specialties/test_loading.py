"""A specialty is read from its folder, or a message names file, key and fix."""

from pathlib import Path

import pytest

from clinical.evidence.domain import Grade
from clinical.safety.domain import Kind
from clinical.specialties.errors import SpecialtyInvalid
from clinical.specialties.loading import LONGEST_PROMPT, load_specialties, read_specialty
from tests.clinical.specialties.folders import WHOLE, write_specialty


def fault(place: Path, text: str, **more: str) -> str:
    with pytest.raises(SpecialtyInvalid) as caught:
        read_specialty(write_specialty(place, text=text, **more))
    return str(caught.value)


def test_everything_that_the_folder_says_is_read(tmp_path):
    specialty = read_specialty(write_specialty(tmp_path, prompt="Keep every setting of the mask.\n"))
    assert (specialty.name, specialty.title, specialty.model) == ("sleep-medicine", "Sleep medicine", None)
    assert specialty.corpus.specialties == ("neurology",)
    assert specialty.corpus.grades == (Grade.GUIDELINE,)
    assert specialty.safety == (Kind.INTERACTION,)
    assert specialty.terms.strong == ("sleep apnoea", "CPAP", "narcolepsy")
    assert specialty.prompt == "Keep every setting of the mask."


def test_the_prompts_version_changes_with_its_words(tmp_path):
    one = read_specialty(write_specialty(tmp_path / "a", prompt="Keep doses."))
    other = read_specialty(write_specialty(tmp_path / "b", prompt="Keep all doses."))
    assert one.prompt_version.startswith("sleep-medicine-1-")
    assert one.prompt_version != other.prompt_version


def test_a_folder_of_the_hospitals_own_adds_one_and_replaces_one(tmp_path):
    packaged, own = tmp_path / "packaged", tmp_path / "own"
    write_specialty(packaged, "cardiology")
    write_specialty(packaged, "primary-care")
    write_specialty(own, "cardiology", WHOLE.replace('version = "1"', 'version = "2"'))
    write_specialty(own, "sleep-medicine")
    (own / ".git").mkdir()
    found = {each.name: each.version for each in load_specialties(own, packaged=packaged)}
    assert found == {"cardiology": "2", "primary-care": "1", "sleep-medicine": "1"}


def test_a_place_that_is_not_there_holds_no_specialties(tmp_path):
    assert load_specialties(tmp_path / "nowhere", packaged=tmp_path) == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('title = "Sleep medicine"\n', "", "key title: is missing: add it"),
        ('"Sleep medicine"', "7", "key title: write a title on one line, in quotes"),
        ('version = "1"', "version = 1", 'key version: write a version such as "1", in quotes'),
        ('["body-mass-index"]', '["Body Mass"]', "key calculators: entry 1 must be names with small letters"),
        ('["body-mass-index"]', '["bmi", "bmi"]', "key calculators: 'bmi' is there twice"),
        ('["interaction"]', '["interactions"]', "key safety: 'interactions' is unknown; known are allergy"),
        ('["guideline"]', '["best"]', "key corpus.grades: 'best' is unknown; known are guideline"),
        ('["neurology"]', '["sleep"]', "key corpus.specialties: 'sleep' is unknown"),
        ('["G47"]', '["G47.x"]', "key codes.icd10: entry 1 must be an ICD-10 code"),
        ('["snoring"]', '["#"]', "key terms.weak: entry 1 must be a word or phrase"),
        ('["snoring"]', '"snoring"', "key terms.weak: write a list of a word or phrase"),
        ("weak =", "week =", "key terms.week: is unknown; did you mean weak?"),
        ("[codes]", "[coding]", "key coding: is unknown; known are title"),
        (
            "[terms]",
            "[people]\nyounger_than_years = 0\n[terms]",
            "younger_than_years: write a number above 0",
        ),
        ("[terms]", "[people]\nare_pregnant = 1\n[terms]", "are_pregnant: write true or false"),
        ("title =", "title", "is no TOML"),
        ('title = "Sleep medicine"', 'title = "x"\nterms = 1', "is no TOML"),
    ],
)
def test_a_fault_is_told_with_file_key_and_fix(tmp_path, old, new, message):
    assert old in WHOLE
    said = fault(tmp_path, WHOLE.replace(old, new))
    assert message in said
    assert str(tmp_path / "sleep-medicine" / "specialty.toml") in said


def test_a_folder_without_its_table_and_one_with_a_bad_name_are_told(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(SpecialtyInvalid, match=r"empty/specialty.toml: is missing or may not be read"):
        read_specialty(tmp_path / "empty")
    with pytest.raises(SpecialtyInvalid, match="small letters and hyphens"):
        read_specialty(write_specialty(tmp_path, "Sleep Medicine"))


def test_a_prompt_that_a_small_model_could_not_bear_is_refused(tmp_path):
    assert f"at most {LONGEST_PROMPT}" in fault(tmp_path, WHOLE, prompt="x" * (LONGEST_PROMPT + 1))
