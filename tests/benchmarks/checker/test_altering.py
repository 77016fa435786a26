import random

from benchmarks.checker.altering import (
    direction_words,
    is_declarative,
    is_name,
    is_negated,
    negated,
    renumbered,
    resubjected,
    shared_subjects,
    turned,
)

CHOOSE = random.Random(1)


def test_a_direction_word_becomes_its_opposite():
    assert turned("Drug A increases survival", CHOOSE) == "Drug A decreases survival"


def test_the_opposite_of_a_word_that_opens_the_sentence_is_capitalised():
    assert turned("Higher intake was seen", CHOOSE) == "Lower intake was seen"


def test_a_text_without_a_direction_word_cannot_be_turned():
    assert turned("Drug A was given to adults", CHOOSE) is None


def test_turning_twice_gives_the_text_back():
    text = "Protein P inhibits growth of cells"

    assert turned(turned(text, CHOOSE) or "", CHOOSE) == text


def test_a_verb_is_negated_with_does_not():
    assert negated("Protein P inhibits growth") == "Protein P does not inhibit growth"


def test_a_copula_is_negated_after_itself():
    assert negated("Gene G is associated with asthma") == "Gene G is not associated with asthma"


def test_an_auxiliary_of_two_words_is_negated_after_the_first():
    assert negated("Gene G has been linked to asthma") == "Gene G has not been linked to asthma"


def test_a_negation_is_taken_out():
    assert negated("Gene G is not associated with asthma") == "Gene G is associated with asthma"
    assert negated("Protein P does not inhibit growth") == "Protein P inhibits growth"
    assert negated("There was no significant difference") == "There was a significant difference"


def test_a_text_without_a_known_verb_cannot_be_negated():
    assert negated("Asthma in adults") is None


def test_only_what_can_be_affirmed_counts_as_negated():
    assert is_negated("Gene G is not associated with asthma")
    assert not is_negated("Gene G is associated with asthma")


def test_a_number_becomes_another_number_of_the_same_form():
    changed = renumbered("It fell by 12.5 mmHg", CHOOSE)

    assert changed is not None
    assert changed != "It fell by 12.5 mmHg"
    assert changed.startswith("It fell by ")
    assert changed.removeprefix("It fell by ").removesuffix(" mmHg").partition(".")[2].isdigit()


def test_a_number_inside_a_name_is_not_a_number():
    assert renumbered("CD4 and IL-6 were measured", CHOOSE) is None


def test_names_are_told_by_capitals_and_digits_inside():
    assert is_name("KLF2")
    assert is_name("TNF-α")
    assert not is_name("Aspirin")
    assert not is_name("mice")


def test_the_subject_that_claim_and_sentence_share_is_replaced_by_its_like():
    claim, sentence = "KLF2 is expressed in mice", "In mice, KLF2 was expressed."
    assert shared_subjects(claim, sentence) == ["KLF2", "mice"]

    changed = resubjected(claim, "mice", [], CHOOSE)

    assert changed != claim
    assert changed.startswith("KLF2 is expressed in ")


def test_a_statement_has_a_known_verb_and_asks_nothing():
    assert is_declarative("Protein P inhibits growth of tumour cells")
    assert not is_declarative("Does protein P inhibit growth of cells?")
    assert not is_declarative("Protein P: a review of the evidence")
    assert not is_declarative("Is it")


def test_direction_words_are_counted():
    assert direction_words("higher with A, lower with B") == 2
    assert direction_words("the same with A and B") == 0


def test_no_word_has_two_opposites():
    for word in ("lower", "higher", "reduced", "less", "early", "positive"):
        assert turned(turned(word, CHOOSE) or "", CHOOSE) == word


def test_a_denied_verb_states_something_too():
    assert is_declarative("Drug A does not improve survival of adults")
