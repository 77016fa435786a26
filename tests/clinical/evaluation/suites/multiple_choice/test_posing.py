"""How a question is put: the options' order, the letters, the words around."""

from collections import Counter

from clinical.evaluation.suites.multiple_choice.posing import pose
from clinical.evaluation.suites.multiple_choice.templates import find_template
from tests.clinical.evaluation.suites.multiple_choice.asked import OPTIONS, choice

PLAIN = find_template("plain")


def test_the_right_option_keeps_its_letter_in_the_drawn_order() -> None:
    for number in range(50):
        question = pose(choice(number, gold=number % 4))
        assert sorted(question.options) == sorted(OPTIONS)
        assert question.option(question.gold) == OPTIONS[number % 4]


def test_the_order_is_the_same_for_everyone_and_another_with_another_seed() -> None:
    first = [pose(choice(number)) for number in range(20)]
    assert first == [pose(choice(number)) for number in range(20)]
    assert first != [pose(choice(number), seed=1) for number in range(20)]


def test_no_letter_is_right_much_more_often_than_the_others() -> None:
    golds = Counter(pose(choice(number)).gold for number in range(1000))
    assert set(golds) == set("ABCD")
    assert min(golds.values()) > 200


def test_the_text_holds_question_options_and_abstract() -> None:
    text = pose(choice(context="RESULTS: It worked.")).text(PLAIN)
    assert text.startswith("RESULTS: It worked.\n\nQuestion: What is given first in case 1?\n\nA. ")
    assert all(f". {option}\n" in text for option in OPTIONS)


def test_braces_and_the_names_of_places_in_a_question_are_left_as_they_are() -> None:
    strange = choice(context="{question} {options} {0} {nobody}")
    assert pose(strange).text(PLAIN).startswith("{question} {options} {0} {nobody}\n\nQuestion: What")
