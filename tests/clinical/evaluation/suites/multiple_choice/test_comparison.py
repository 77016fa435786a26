"""Which of two models is better, and when nothing of the kind is said."""

from clinical.evaluation.suites.multiple_choice.comparison import compare
from tests.clinical.evaluation.suites.multiple_choice.asked import posed, reply

QUESTIONS = posed(30)
RIGHT = [reply(question.gold) for question in QUESTIONS]
WRONG = [reply(next(each for each in question.letters if each != question.gold)) for question in QUESTIONS]
NOTHING = [reply(None, reason="unreachable")] * 30


def test_the_better_one_is_named() -> None:
    found = compare(QUESTIONS, RIGHT, WRONG)
    assert found["verdict"] == "A is better"
    assert (found["wins"], found["losses"], found["ties"]) == (30, 0, 0)
    assert (found["difference"], found["error_reduction"]) == (1.0, 1.0)
    assert compare(QUESTIONS, WRONG, RIGHT)["verdict"] == "B is better"


def test_a_small_lead_is_no_difference_shown() -> None:
    found = compare(QUESTIONS, RIGHT, [*RIGHT[:26], *WRONG[26:]])
    assert found["verdict"] == "no difference shown"
    assert (found["wins"], found["mcnemar_p"]) == (4, 0.125)
    low, high = found["difference_ci"]
    assert low <= found["difference"] <= high


def test_a_model_that_could_not_be_reached_has_not_lost() -> None:
    assert compare(QUESTIONS, RIGHT, NOTHING)["verdict"].startswith("no comparison")
    assert compare(QUESTIONS, NOTHING, WRONG)["verdict"].startswith("no comparison")


def test_the_disputed_ones_are_named_by_id_only() -> None:
    found = compare(QUESTIONS, RIGHT[:2] + WRONG[2:], WRONG[:1] + RIGHT[1:])
    assert found["only_a_right"] == ["q1"]
    assert found["only_b_right"] == [f"q{number}" for number in range(3, 31)]
    assert "What is given" not in str(found)
