"""What a question is about, in whatever words, decides; the chart only leans."""

import pytest

from clinical.evidence.relevance.concepts import (
    Concept,
    read_chart_term,
    read_manner,
    read_question,
    share_of,
)
from clinical.evidence.relevance.words import fold_spelling, stem_line, stem_lines, stems

KNOWN = {"gout": 100, "pregnanc": 900, "pregnant": 900, "2": 20_000, "diabet": 1_000}


def frequency(stem: str) -> int:
    return KNOWN.get(stem, 0)


def concepts(question: str) -> list[str]:
    return [concept.words for concept in read_question(question, frequency, 50_000)]


def test_generic_words_are_no_part_of_what_is_asked():
    assert concepts("What is the best treatment for this patient with gout?") == ["gout"]


def test_generic_words_count_when_there_are_no_others():
    assert concepts("Which treatment?") == ["treatment"]


def test_a_question_of_nothing_but_stop_words_asks_nothing():
    assert concepts("What should I do, and with whom?") == []


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("aspirin in type 2 diabetes", ["aspirin", "type 2 diabetes"]),
        ("vitamin D or vitamin K", ["vitamin D", "vitamin K"]),
        ("stage III melanoma at 65 years", ["stage III", "melanoma"]),
        ("first-line drugs for gout", ["gout"]),
        ("central line infection", ["central", "line", "infection"]),
        ("HFrEF with AF", ["HFrEF", "AF"]),
    ],
)
def test_names_of_several_words_are_one_thing(question, names):
    assert concepts(question) == names


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("AF", "Atrial fibrillation was permanent."),
        ("atrial fibrillation", "Treatment of AF in adults."),
        ("anticoagulated", "Anticoagulants were withheld."),
        ("anticoagulation", "Apixaban was given."),
        ("anaemia", "Anemic adults."),
        ("hospitalised", "Hospitalization was rare."),
        ("pregnant", "Pregnancies were normal."),
        ("nephrologist", "Refer to nephrology."),
    ],
)
def test_one_thing_is_recognised_under_its_other_names(asked, written):
    [concept] = read_question(asked, frequency, 50_000)
    assert concept.is_in(stem_line(written))


def test_a_member_of_a_drug_class_does_not_stand_for_the_class():
    [concept] = read_question("apixaban", frequency, 50_000)
    assert not concept.is_in(stem_line("Anticoagulation with heparin."))


def test_a_word_that_the_corpus_does_not_know_weighs_most():
    unknown, gout, pregnancy = read_question("zorblaxumab gout pregnancy", frequency, 50_000)
    assert unknown.weight > gout.weight > pregnancy.weight


def test_the_share_is_of_the_weight():
    both = (Concept("a", ("a",), 3.0), Concept("b", ("b", "b c"), 1.0))
    assert share_of(both, " x a ") == 0.75
    assert share_of(both, " b ", " a ") == 1.0
    assert share_of(both, " ab ") == 0.0
    assert share_of((), " a ") == 0.0


@pytest.mark.parametrize(
    ("term", "names"),
    [
        ("Chronic kidney disease stage 3b", ["Chronic kidney disease"]),
        ("Warfarin sodium 5 MG Oral Tablet", ["Warfarin"]),
        ("Permanent atrial fibrillation", ["atrial fibrillation"]),
        ("Type 2 diabetes mellitus", ["Type 2 diabetes"]),
        ("Disorder, unspecified", []),
    ],
)
def test_a_chart_term_is_read_without_stages_strengths_and_forms(term, names):
    assert [concept.words for concept in read_chart_term(term, frequency, 50_000)] == names


def test_what_is_asked_of_the_topic_is_read_apart():
    assert [each.words for each in read_manner("first dose for gout", frequency, 50_000)] == ["first", "dose"]


def test_spelling_is_folded_the_same_way_for_both_sides():
    for british, american in [("oesophageal tumour", "esophageal tumor"), ("diarrhoea", "diarrhea"),
                              ("randomised", "randomized"), ("ischaemic", "ischemia"), ("litre", "liter")]:  # fmt: skip
        assert fold_spelling(british) == fold_spelling(american)


def test_many_texts_are_stemmed_as_each_alone():
    texts = ["Gout flares, in adults.", "", "§§", "Anticoagulated patients"]
    assert [line.split() for line in stem_lines(texts)] == [stems(text) for text in texts]
    assert all(line.startswith(" ") and line.endswith(" ") for line in stem_lines(texts))
