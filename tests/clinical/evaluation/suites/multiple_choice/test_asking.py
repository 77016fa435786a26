"""What becomes of what a model says: a letter of the question, or no answer with its reason."""

import threading
from collections.abc import Sequence

import pytest

from clinical.errors import EngineBusy, EngineError, EngineRefused, EngineTimeout, EngineUnavailable
from clinical.evaluation.suites.multiple_choice.asking import ask_all
from clinical.inference.domain import LibraryDraft
from tests.clinical.evaluation.scripted import ScriptedModel, always
from tests.clinical.evaluation.suites.multiple_choice.asked import asked, posed


def test_replies_come_in_the_order_of_the_questions() -> None:
    questions = posed(20)
    replies = ask_all(asked(always("Adrenaline")), questions, together=4)
    assert [reply.letter for reply in replies] == [question.gold for question in questions]
    assert all(reply.usage.prompt_tokens == 100 and reply.milliseconds >= 0 for reply in replies)


def test_the_draft_is_public_at_temperature_0_and_allows_only_the_letters() -> None:
    model = asked(always("Heparin"))
    ask_all(model, posed(1), together=1)
    assert isinstance(model.engine, ScriptedModel)
    [draft] = model.engine.drafts
    assert isinstance(draft, LibraryDraft)
    assert draft.limits.temperature == 0
    assert draft.schema is not None
    assert draft.schema["properties"]["answer"]["enum"] == ["A", "B", "C", "D"]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (EngineRefused("too long"), "refused"),
        (EngineTimeout("late"), "timeout"),
        (EngineBusy("full"), "busy"),
        (EngineUnavailable("down"), "unreachable"),
    ],
)
def test_a_model_that_gives_nothing_is_unanswered_with_the_reason(error: EngineError, reason: str) -> None:
    [reply] = ask_all(asked(lambda _text: error), posed(1), together=1)
    assert (reply.letter, reply.reason) == (None, reason)


@pytest.mark.parametrize("said", ["E", "a", "", "nothing", '{"answer": ["A"]}', '["A"]', '{"answer": "A'])
def test_what_is_no_letter_of_the_question_is_never_guessed(said: str) -> None:
    [reply] = ask_all(asked(lambda _text: said), posed(1), together=1)
    assert (reply.letter, reply.reason) == (None, "no-letter")


@pytest.mark.parametrize(
    ("said", "letter"),
    [
        *(("B", "B"), (" B.", "B"), ("(B) Atropine", "B"), ('"B"', "B"), ("**B**", "B"), ("B\nbecause", "B")),
        *(("A patient is given", None), ("Atropine", None), ("I think B", None), ("E", None), ("", None)),
    ],
)
def test_without_a_schema_only_a_letter_that_stands_first_and_alone_counts(
    said: str, letter: str | None
) -> None:
    model = asked(lambda _text: said, follows_schema=False)
    [reply] = ask_all(model, posed(1), together=1)
    assert reply.letter == letter
    assert isinstance(model.engine, ScriptedModel)
    assert model.engine.drafts[0].schema is None


def test_as_many_wait_together_as_is_said() -> None:
    barrier = threading.Barrier(3, timeout=5)

    def say(_text: str) -> str:
        barrier.wait()
        return "A"

    assert len(ask_all(asked(say), posed(6), together=3)) == 6


def test_an_interruption_leaves_the_rest_unasked() -> None:
    model = asked(always("Adrenaline"))

    def interrupted(items: Sequence[object], title: str) -> Sequence[object]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask_all(model, posed(5000), together=1, track=interrupted)  # type: ignore[arg-type]
    assert isinstance(model.engine, ScriptedModel)
    assert len(model.engine.drafts) < 5000
