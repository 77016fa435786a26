"""Figures of replies, worked out by hand."""

import pytest

from clinical.evaluation.data.choices import Choice
from clinical.evaluation.metrics.spending import Price
from clinical.evaluation.suites.multiple_choice.posing import Posed, pose
from clinical.evaluation.suites.multiple_choice.scoring import (
    baseline_figures,
    cost_figures,
    reply_figures,
)
from tests.clinical.evaluation.suites.multiple_choice.asked import choice, posed, reply


def wrong(question: Posed) -> str:
    return next(letter for letter in question.letters if letter != question.gold)


def test_unanswered_counts_as_wrong_and_is_told_by_its_reason() -> None:
    questions = posed(4)
    replies = [
        reply(questions[0].gold),
        reply(wrong(questions[1])),
        reply(None, reason="timeout"),
        reply(None, reason="refused"),
    ]
    figures = reply_figures(questions, replies)
    assert (figures["accuracy"], figures["accuracy_of_answered"]) == (0.25, 0.5)
    assert (figures["questions"], figures["unanswered"]) == (4, 2)
    assert figures["unanswered_by_reason"] == {"timeout": 1, "refused": 1}
    low, high = figures["accuracy_ci"]
    assert 0 <= low <= 0.25 <= high <= 1


def test_classes_are_told_apart_where_there_are_some() -> None:
    questions = [
        pose(choice(1, group="step1")),
        pose(choice(2, group="step2")),
        pose(choice(3, group="step2")),
    ]
    replies = [reply(questions[0].gold), reply(questions[1].gold), reply(wrong(questions[2]))]
    by_class = reply_figures(questions, replies)["by_class"]
    assert (by_class["step1"]["accuracy"], by_class["step2"]["accuracy"]) == (1.0, 0.5)
    assert by_class["step2"]["questions"] == 2
    assert reply_figures(posed(1), [reply("A")])["by_class"] == {}


def test_a_model_that_leans_to_one_letter_shows() -> None:
    questions = posed(40)
    letters = reply_figures(questions, [reply("A")] * 40)["letters"]
    assert letters["said"] == {"A": 40, "B": 0, "C": 0, "D": 0}
    assert sum(letters["right"].values()) == 40
    assert letters["right"]["A"] < 20


def test_the_baselines_are_what_no_knowledge_gives() -> None:
    figures = baseline_figures(posed(200))
    assert figures["uniform"] == 0.25
    assert 0.25 <= figures["majority_letter"] < 0.4
    classes = [
        pose(Choice(id=str(number), text="Is it?", options=("yes", "no"), gold=number % 4 == 0))
        for number in range(100)
    ]
    assert baseline_figures(classes)["majority_class"] == 0.75


def test_options_that_differ_are_no_classes() -> None:
    other = pose(Choice(id="x", text="Which?", options=("one", "two"), gold=0))
    assert baseline_figures([*posed(1), other])["majority_class"] is None


def test_tokens_time_and_the_price_that_a_person_names() -> None:
    replies = [reply("A", milliseconds=each) for each in (10.0, 20.0, 30.0)]
    figures = cost_figures(replies, seconds=2.0, price=Price(read=3.0, written=10.0))
    assert (figures["tokens_in"], figures["tokens_out"], figures["tokens_per_second"]) == (300, 30, 165)
    assert figures["p50_ms"] == 20.0
    assert figures["cost"] == pytest.approx((300 * 3 + 30 * 10) / 1e6)
    assert cost_figures(replies, seconds=2.0, price=None)["cost"] is None


def test_what_was_not_answered_has_no_wait() -> None:
    figures = cost_figures([reply(None, reason="timeout")], seconds=2.0, price=None)
    assert (figures["p50_ms"], figures["p95_ms"]) == (None, None)
