"""Terms are found as whole words, in any number and spelling, the longest first."""

import pytest

from clinical.specialties.ages import stated_age_years
from clinical.specialties.lexicon import Lexicon, words_of


def found(terms: dict[str, float], text: str) -> list[str]:
    lexicon = Lexicon((term, "field", weight) for term, weight in terms.items())
    return [each.written for each in lexicon.find(words_of(text)) if each.weights["field"]]


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("seizure", "two seizures today"),
        ("haemodialysis", "on hemodialysis"),
        ("paediatric", "a pediatric ward"),
        ("tumour", "Tumors?"),
        ("oesophageal varices", "esophageal varices"),
        ("leukaemia", "LEUKEMIA"),
        ("pregnancy", "earlier pregnancies"),
        ("pre-eclampsia", "pre eclampsia"),
        ("Guillain-Barre", "Guillain-Barré syndrome"),
        ("ACS", "after an ACS"),
        ("CD4 count", "CD4 count of 90"),
        ("at # weeks", "hypertension at 34 weeks"),
        ("G#P#", "a G2P1 with pain"),
    ],
)
def test_a_term_is_found_in_any_number_and_spelling(term, text):
    assert len(found({term: 1}, text)) == 1


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("ED", "she was treated"),
        ("ACS", "dose-dense AC"),
        ("renal", "adrenal"),
        ("MI", "at 5 miles"),
        ("emergency", "emerging data"),
        ("lactation", "a lactate of 4"),
        ("at # weeks", "at some weeks"),
    ],
)
def test_a_part_of_a_word_or_another_word_is_no_term(term, text):
    assert found({term: 1}, text) == []


def test_the_longest_term_takes_its_words():
    terms = {"diabetes": 1.0, "gestational diabetes": 1.0}
    assert found(terms, "Gestational diabetes or diabetes?") == ["Gestational diabetes", "diabetes"]


def test_an_ignored_phrase_hides_the_words_in_it():
    assert found({"heart": 1, "heart rate": 0}, "resting heart rate") == []


def test_odd_text_has_words_or_none():
    assert words_of("") == []
    assert words_of("🙂 ???") == []
    assert [word.written for word in words_of("½ İstanbul \ufdfa")][1] == "İstanbul"


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("chest pain in a 6-year-old", 6),
        ("fever, 3 months old", 0.25),
        ("a 2-week-old", 2 / 52),
        ("6yo with wheeze", 6),
        ("a 64 y/o man", 64),
        ("woman of 31", 31),
        ("aged 5, rash", 5),
        ("hypertension at 34 weeks", None),
        ("follow up for 5 years", None),
        ("patients aged 65-80", None),
    ],
)
def test_the_age_that_a_question_states_is_read(question, years):
    assert stated_age_years(question) == (pytest.approx(years) if years else None)
