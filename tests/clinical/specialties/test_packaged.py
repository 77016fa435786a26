"""The specialties that come with the product are whole, and name only what there is."""

import re
from collections import Counter

import pytest

from clinical.calculators.registry import calculators
from clinical.specialties.lexicon import words_of
from clinical.specialties.loading import load_specialties
from ehr_integration.chart.check_digits import may_be_code
from ehr_integration.chart.reading.elements import LOINC, SNOMED_CT

PACKAGED = {each.name: each for each in load_specialties()}
AWAITED = {"qtc-fridericia", "wells-pe", "phq-9", "steroid-conversion", "nihss", "revised-cardiac-risk-index"}
NAMES = (
    "cardiology emergency endocrinology infectious-disease nephrology neurology obstetrics oncology "
    "paediatrics primary-care"
).split()


def test_there_are_the_ten():
    assert list(PACKAGED) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_says_what_changes_in_an_answer(name):
    specialty = PACKAGED[name]
    assert specialty.prompt
    assert specialty.calculators
    assert specialty.safety
    assert specialty.corpus.specialties == (name.replace("-", "_"),)
    assert re.fullmatch(rf"{name}-\w+-[0-9a-f]{{8}}", specialty.prompt_version)


@pytest.mark.parametrize("name", NAMES)
def test_no_term_of_a_specialty_is_written_twice_in_other_words(name):
    terms = [term for terms in vars(PACKAGED[name].terms).values() for term in terms if "#" not in term]
    keys = Counter(tuple(word.base for word in words_of(term)) for term in terms)
    assert [key for key, count in keys.items() if count > 1] == []


def test_no_term_is_decisive_for_two():
    terms = Counter(term.lower() for each in PACKAGED.values() for term in each.terms.decisive)
    assert [term for term, count in terms.items() if count > 1] == []


@pytest.mark.parametrize("name", NAMES)
def test_codes_have_the_check_digits_of_their_system(name):
    codes = PACKAGED[name].codes
    assert [code for code in codes.snomed if not may_be_code(SNOMED_CT, code)] == []
    assert [code for code in codes.loinc if not may_be_code(LOINC, code)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_calculator_that_is_named_exists(name):
    if not set(calculators()) >= AWAITED:
        pytest.skip("the calculators that specialties name are not all here yet")
    assert [each for each in PACKAGED[name].calculators if each not in calculators()] == []
