import random

from benchmarks.checker.deciding import NO, YES, decision_pair, made_questions, question_of, trial_questions
from benchmarks.checker.reading import Abstract, Sentence

BEFORE = tuple(Sentence(f"Sentence {number} was read.", "RESULTS") for number in range(5))


def _abstract(conclusion):
    return Abstract("a", "A trial of drug A", (*BEFORE, Sentence(conclusion, "CONCLUSIONS")))


def test_an_auxiliary_is_put_before_the_subject():
    assert question_of("Drug A is associated with pain") == "Is drug A associated with pain?"


def test_a_verb_is_asked_with_does():
    assert question_of("IL-6 inhibits growth of cells") == "Does IL-6 inhibit growth of cells?"


def test_a_statement_without_a_known_verb_is_no_question():
    assert question_of("Pain and drug A in adults") is None


def test_a_question_does_not_see_the_conclusion_that_it_was_made_of():
    [example] = made_questions([_abstract("Drug A does not improve survival of adults.")], random.Random(1))

    assert example.pair.first == "Does drug A improve survival of adults?"
    assert example.label == NO
    assert "survival" not in example.pair.second


def test_conclusions_that_affirm_are_kept_only_beside_ones_that_deny():
    affirming = [_abstract("Drug A improves survival of most adults.")] * 20
    denying = [_abstract("Drug B does not improve survival of adults.")] * 5

    made = list(made_questions(affirming + denying, random.Random(1)))

    assert [each.label for each in made].count(NO) == 5
    assert [each.label for each in made].count(YES) == 8


def test_a_trial_without_a_difference_answers_no():
    row = {"intervention": "A", "comparator": "B", "outcome": "pain", "evidence": ["Pain did not differ."]}

    [same] = trial_questions([row | {"label": "no significant difference"}], random.Random(1))
    [other] = trial_questions([row | {"label": "significantly decreased"}], random.Random(1))

    assert (same.label, other.label) == (NO, YES)


def test_a_pubmedqa_row_shows_the_end_of_its_abstract():
    pair = decision_pair({"question": "Does it help?", "contexts": ["Aim.", "It helped. It did."]})

    assert pair.second.endswith("It helped. It did.")
