"""The scripted model beside the real engine: both answer with a letter of the question, or say why not."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.conf import settings

from clinical.evaluation.data.choices import Choice
from clinical.evaluation.suites.multiple_choice.asking import Asked, ask_all
from clinical.evaluation.suites.multiple_choice.posing import pose
from clinical.evaluation.suites.multiple_choice.templates import find_template
from clinical.inference.client import Engine, EngineClient
from tests.clinical.evaluation.scripted import ScriptedModel, always
from tests.clinical.evaluation.suites.multiple_choice.asked import posed

ENGINES: dict[str, Callable[[], Engine]] = {
    "scripted": lambda: ScriptedModel(always("Adrenaline")),
    "real": lambda: EngineClient(settings.TACIT_ENGINE_SOCKET),
}


@pytest.fixture(params=ENGINES)
def model(request: pytest.FixtureRequest) -> Asked:
    if request.param == "real":
        request.getfixturevalue("engine_process")
    return Asked(engine=ENGINES[request.param](), template=find_template("plain"))


def test_every_answer_is_a_letter_and_its_tokens_are_counted(model: Asked) -> None:
    replies = ask_all(model, posed(4), together=4)
    assert all(reply.letter in "ABCD" for reply in replies if reply.letter)
    assert [reply.reason for reply in replies] == [""] * 4
    assert all(reply.usage.prompt_tokens and reply.usage.written_tokens for reply in replies)


def test_two_options_allow_two_letters(model: Asked) -> None:
    yes_no = pose(Choice(id="x", text="Is aspirin a drug?", options=("Adrenaline", "no"), gold=0))
    [reply] = ask_all(model, [yes_no], together=1)
    assert reply.letter in ("A", "B")


def test_a_question_too_long_for_the_model_is_unanswered(engine_process: None) -> None:
    [question] = posed(1)
    long = replace(question, choice=replace(question.choice, context="dose " * 9000))
    model = Asked(engine=EngineClient(settings.TACIT_ENGINE_SOCKET), template=find_template("plain"))
    [reply] = ask_all(model, [long], together=1)
    assert (reply.letter, reply.reason) == (None, "refused")


def test_a_model_that_is_not_there_leaves_every_question_unanswered(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    nobody = EngineClient(tmp_path_factory.mktemp("empty") / "engine.sock")
    replies = ask_all(Asked(engine=nobody, template=find_template("plain")), posed(3), together=2)
    assert [(reply.letter, reply.reason) for reply in replies] == [(None, "unreachable")] * 3
