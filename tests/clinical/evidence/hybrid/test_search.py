"""Hybrid search finds by words and by meaning, never what may not be cited, and takes any question."""

import logging
import shutil

import pytest

from clinical.evidence.domain import Filters, Grade, Retraction
from clinical.evidence.errors import IndexMissing
from clinical.evidence.hybrid import HybridSearch
from clinical.evidence.hybrid.question import read_asked
from clinical.evidence.index import EvidenceWriter
from tests.clinical.evidence.corpus import fill, make_article

GOUT = make_article("Colchicine shortens an acute attack of gout.", id="pmid:1", title="Gout.")
ASTHMA = make_article("Inhaled steroids prevent asthma attacks in children.", id="pmid:2", title="Asthma.")
HEART = make_article(
    "Aspirin lowers mortality of patients.",
    id="pmid:3",
    title="A trial.",
    mesh=("Myocardial Infarction", "Diabetes Mellitus, Type 2"),
)
RETRACTED = make_article("Gout is cured.", id="pmid:4", title="Gout.", retraction=Retraction.RETRACTED)
CORPUS = (GOUT, ASTHMA, HEART, RETRACTED)


@pytest.fixture
def search(tmp_path):
    return HybridSearch(fill(tmp_path, *CORPUS))


def ids(hits):
    return [hit.source.id for hit in hits]


def test_the_source_that_answers_comes_first_and_comes_back_whole(search):
    [first, *_] = search.search("colchicine in acute gout")
    assert first.source == GOUT


def test_scores_fall_from_first_to_last(search):
    scores = [hit.score for hit in search.search("aspirin for asthma attacks of children")]
    assert scores == sorted(scores, reverse=True)


def test_a_retracted_source_is_never_a_hit(search):
    assert "pmid:4" not in ids(search.search("gout is cured", limit=100))


def test_a_limit_holds(search):
    assert len(search.search("gout asthma aspirin", limit=1)) == 1
    assert search.search("gout", limit=0) == ()
    assert len(search.search("gout asthma aspirin", limit=10**12)) == 3


def test_a_quoted_phrase_must_occur(search):
    assert ids(search.search('attacks in "acute attacks"')) == ["pmid:1"]
    assert search.search('gout "asthma of gout"') == ()


@pytest.mark.parametrize(
    "question", ["type 2 diabetes", "diabetes mellitus type 2", "heart attack mortality", "T2DM"]
)
def test_a_heading_of_the_corpus_is_found_by_its_name_or_a_synonym(search, question):
    assert ids(search.search(question))[0] == "pmid:3"


def test_a_class_of_drugs_is_not_taken_for_the_headings_of_its_members(tmp_path):
    drugs = ("Amoxicillin", "Penicillins", "Ceftriaxone", "Azithromycin", "Doxycycline", "Vancomycin")
    fill(tmp_path, make_article("Ears ache.", id="pmid:1", mesh=drugs))
    index = HybridSearch(tmp_path).index
    assert read_asked("antibiotics for the ear", index).headings == ()
    assert read_asked("amoxicillin for the ear", index).headings == ("amoxicillin",)


@pytest.mark.parametrize(
    "question", ["", " ", "🙂 ???", "\ud800", '"', '""', '"\ud800"', "_", "a" * 5_000, "ﬁ ß İ ǆ Ω"]
)
def test_a_question_without_words_of_the_corpus_is_no_error(search, question):
    assert isinstance(search.search(question), tuple)


def test_stop_words_alone_are_taken_for_words(search):
    assert isinstance(search.search("what should we do with it"), tuple)


def test_a_question_of_ten_thousand_words_is_answered(search):
    question = " ".join(f"word{number} gout" for number in range(5_000))
    assert "pmid:1" in ids(search.search(question))


def test_half_a_character_does_not_keep_the_rest_from_being_found(search):
    assert ids(search.search("colchicine \ud800 gout"))[0] == "pmid:1"


def test_of_two_that_say_the_same_the_stronger_and_then_the_newer_comes_first(tmp_path):
    text = "Bed rest cures measles."
    fill(
        tmp_path,
        make_article(text, id="pmid:1", year=1990),
        make_article(text, id="pmid:2", year=2020),
        make_article(text, id="pmid:3", year=1990, grade=Grade.RANDOMISED_TRIAL),
        make_article(text, id="pmid:4", year=1990, grade=Grade.GUIDELINE),
    )
    assert ids(HybridSearch(tmp_path).search("measles"))[:2] == ["pmid:4", "pmid:3"]
    assert ids(HybridSearch(tmp_path).search("measles"))[2:] == ["pmid:2", "pmid:1"]


def test_an_updated_source_is_found_as_it_is_now_and_once(tmp_path):
    fill(tmp_path, *CORPUS)
    newer = make_article("Febuxostat prevents gout.", id="pmid:1", title="Gout.")
    fill(tmp_path, newer)
    hits = HybridSearch(tmp_path).search("gout colchicine", limit=100)
    assert [hit.source for hit in hits if hit.source.id == "pmid:1"] == [newer]


def test_a_deleted_source_is_found_neither_by_words_nor_by_meaning(tmp_path):
    fill(tmp_path, *CORPUS)
    with EvidenceWriter(tmp_path) as writer:
        writer.delete("pmid:1")
        writer.commit()
    assert "pmid:1" not in ids(HybridSearch(tmp_path).search("colchicine in acute gout", limit=100))


def test_a_source_that_is_retracted_later_is_found_no_more(tmp_path):
    fill(tmp_path, *CORPUS)
    fill(tmp_path, make_article(GOUT.text, id="pmid:1", title="Gout.", retraction=Retraction.RETRACTED))
    assert "pmid:1" not in ids(HybridSearch(tmp_path).search("colchicine in acute gout", limit=100))


def test_without_vectors_words_are_searched_and_it_is_said(tmp_path, caplog):
    fill(tmp_path, *CORPUS)
    shutil.rmtree(tmp_path / "vectors")
    with caplog.at_level(logging.WARNING):
        search = HybridSearch(tmp_path)
    assert not search.has_vectors
    assert "words alone" in caplog.text
    assert ids(search.search("colchicine in acute gout")) == ["pmid:1"]


def test_results_are_the_same_after_reopening(tmp_path):
    fill(tmp_path, *(make_article(f"Measles of kind {n} in children.", id=f"pmid:{n}") for n in range(300)))
    first, second = (HybridSearch(tmp_path).search("measles of kind 7", limit=100) for _ in range(2))
    assert first == second
    assert len(first) == 100


def test_an_empty_index_brings_nothing(tmp_path):
    search = HybridSearch(fill(tmp_path))
    assert search.search("gout", filters=Filters(year_from=2000)) == ()


def test_no_index_is_a_typed_error(tmp_path):
    with pytest.raises(IndexMissing):
        HybridSearch(tmp_path)
