import numpy as np
import pytest

from clinical.evidence.hybrid.features import NAMES, Candidates, Question, features
from clinical.evidence.hybrid.fusion import fed_back, rank
from clinical.evidence.relevance.words import stem_line
from clinical.evidence.vectors.static import codes

QUESTION = "aspirin lowers mortality"
FILLER = " of patients in many wards of several hospitals were studied over the years" * 4


def asked(text=QUESTION, weights=None):
    coded = codes(stem_line(text))
    return Question(coded, np.array(weights or [1.0] * len(coded), np.float32))


def candidates(*texts, cosines=None):
    """Texts are (title, body); every cosine is the same unless given."""
    coded = [(codes(stem_line(title)), codes(stem_line(body))) for title, body in texts]
    lengths = [len(title) + len(body) for title, body in coded]
    return Candidates(
        codes=np.concatenate([part for both in coded for part in both]),
        starts=np.cumsum([0, *lengths[:-1]]),
        titles=np.array([len(title) for title, _ in coded]),
        cosines=np.array(cosines or [0.5] * len(texts), np.float32),
    )


def feature(name, *texts, **options):
    return features(asked(**options), candidates(*texts))[:, NAMES.index(name)].tolist()


def best_of(*texts, cosines=None):
    return int(rank(asked(), candidates(*texts, cosines=cosines)).argmax())


def test_feedback_draws_the_question_towards_the_best():
    vector, best = np.array([1, 0], np.float32), np.array([[0, 1], [0, 1]], np.float32)
    drawn = fed_back(vector, best)
    assert np.linalg.norm(drawn) == pytest.approx(1)
    assert drawn[0] > drawn[1] > 0
    assert fed_back(vector, best[:0]) is vector


def test_what_holds_more_of_the_question_comes_first():
    assert best_of(("A study", "Aspirin" + FILLER), ("A study", "Aspirin lowers mortality" + FILLER)) == 1


def test_of_texts_that_hold_as_much_the_one_that_means_more_of_the_rest_comes_first():
    assert (
        best_of(("A study", "Aspirin and malaria" + FILLER), ("A study", "Aspirin and death" + FILLER)) == 1
    )


def test_the_nearer_vector_comes_first_where_the_words_are_the_same():
    text = ("A study", "Aspirin" + FILLER)
    assert best_of(text, text, cosines=[0.3, 0.4]) == 1


def test_the_best_scores_one_and_equals_score_alike():
    text = ("A study", "Aspirin" + FILLER)
    scores = rank(asked(), candidates(text, text, ("Malaria", "Nets" + FILLER)))
    assert scores[:2].tolist() == [1.0, 1.0]
    assert 0 < scores[2] < 1


def test_nothing_to_rank_gives_no_scores():
    none = np.zeros(0, np.int64)
    nothing = Candidates(none.astype(np.uint16), none, none, none.astype(np.float32))
    assert rank(asked(), nothing).tolist() == []


def test_a_question_of_unknown_words_or_one_word_can_be_ranked():
    for text in ("zorblaxumab", "zorblaxumab quuxol"):
        assert rank(asked(text), candidates(("A study", "zorblaxumab"), ("x", "y")))[0] == 1.0


def test_texts_that_hold_nothing_of_the_question_can_be_ranked():
    scores = rank(asked("aspirin"), candidates(("A study", "zorblaxumab"), ("x", "y")))
    assert scores.max() == 1.0
    assert scores.min() > 0


def test_a_title_is_told_from_the_text():
    assert feature("title", ("Aspirin", "mortality"), ("A study", "aspirin lowers")) == pytest.approx(
        [1 / 3, 0]
    )


def test_rarer_stems_count_for_more():
    held = feature("held", ("Aspirin", "x"), ("Mortality", "x"), weights=[3.0, 1.0, 1.0])
    assert held == pytest.approx([0.6, 0.2])


def test_neighbours_of_the_question_count_where_they_stand_together_and_not_across_sources():
    beside = ("A", "aspirin lowers the mortality")
    apart = ("A", "mortality was high and we gave aspirin which, as they say, lowers")
    assert feature("together", beside, apart) == pytest.approx([1.0, 0.0])
    assert feature("together", ("A", "x aspirin"), ("lowers", "mortality x")) == pytest.approx([0.0, 0.5])


def test_a_window_holds_what_stands_close_by_and_never_reaches_into_the_next_source():
    far = " x" * 40
    close, scattered = ("A", "aspirin lowers mortality" + far), ("A", f"aspirin{far} lowers{far} mortality")
    first, second = feature("window", close, scattered)
    assert first == pytest.approx(1.0)
    assert second < 0.7
    assert feature("window", ("A", "x aspirin"), ("lowers", "mortality"))[0] < 0.7


def test_repetition_counts_and_length_counts_against():
    once, twice = ("A", "aspirin x x x"), ("A", "aspirin aspirin x x")
    assert feature("words", once, twice)[0] < feature("words", once, twice)[1]
    long = ("A", "aspirin" + " x" * 300)
    assert feature("words", once, long)[0] > feature("words", once, long)[1]
    assert feature("length", once, long)[0] < feature("length", once, long)[1]
